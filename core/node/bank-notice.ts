import type { NoticeView } from '../api/index.ts';
import type { BankEvent } from '../memory/index.ts';

/** A notice that is yet to be given. */
export type Notice = Omit<NoticeView, 'id' | 'at'>;

/** What a user is to know of an event of the bank; undefined of what mends itself without a loss. */
export function bankNotice(event: BankEvent): Notice | undefined {
  switch (event.type) {
    case 'journal-corrupt':
      return {
        severity: 'warning',
        title: 'A line of the bank is damaged',
        detail: `${event.file} at ${event.offset}: ${event.detail}. All others were loaded.`,
      };
    case 'row-corrupt':
      return {
        severity: 'warning',
        title: 'A record of the bank is damaged',
        detail: `${event.id}: ${event.cause}. All others are there.`,
      };
    case 'table-rebuilt':
      return {
        severity: 'warning',
        title: `The table of ${event.table} was rebuilt`,
        detail: `It could not be read (${event.cause}) and is kept as ${event.movedTo}.`,
      };
    case 'upkeep-failed':
      return {
        severity: 'information',
        title: 'Upkeep of the bank will be tried again',
        detail: event.cause,
      };
    case 'journal-torn':
    case 'journal-healed':
    case 'rows-restored':
    case 'reembedded':
    case 'optimized':
      return undefined;
  }
}
