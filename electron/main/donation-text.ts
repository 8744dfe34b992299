import type { DonationStatus } from '../../core/api/index.ts';
import { donationTitle, pauseText } from '../../core/api/words/index.ts';

/**
 * What donating does now and, where it does nothing, why: one line for the tray.
 * @param now in milliseconds since 1970
 */
export function describeDonation(status: DonationStatus, now: number): string {
  const title = donationTitle(status);
  const [first, ...others] = status.reasons;
  if (status.state !== 'paused' || first === undefined) return title;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return `${title}: ${pauseText(first, now)}${more}`;
}
