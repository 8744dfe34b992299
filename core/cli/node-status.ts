import type { ApiState } from '../api/index.ts';
import { count, donationTitle, pauseText, plural } from '../api/words/index.ts';

/**
 * How a node stands, in one line: `Proving 2 · 5 proofs (3 own) · 12 statements · 4 peers · 0 to check`. Why nothing is
 * worked on comes last, as a terminal may have no room for it.
 * @param now milliseconds since 1970
 */
export function statusLine({ donation, sessions, bank, network, statements }: ApiState, now: number): string {
  const running = sessions.filter(({ state }) => state === 'running').length;
  const { queued, running: checking } = network.verification;
  // Who has stopped it knows why.
  const reasons = donation.state === 'stopped' ? [] : donation.reasons;
  return [
    donation.state === 'running' ? `Proving ${running}` : donationTitle(donation),
    `${plural(bank.proofs, 'proof')} (${count(bank.own)} own)`,
    plural(statements.total, 'statement'),
    network.state === 'on' ? plural(network.peers, 'peer') : `network ${network.state}`,
    `${count(queued + checking)} to check`,
    ...reasons.map((reason) => pauseText(reason, now)),
  ].join(' · ');
}
