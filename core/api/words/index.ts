/**
 * What every face says in the same words. Apart from the schemas: who needs no more than a date, such as the window that draws
 * cards, should not load them.
 */
export { bytes, clock, count, date, dateTime, plural } from './format.ts';
export { donationTitle, GAP_TEXT, pauseText } from './pause-text.ts';
