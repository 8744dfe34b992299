import type { Ledger } from './ledger.ts';
import { beta, seeded, type Random } from './random.ts';
import { ARMS, type Arm, type ArmShare } from './types.ts';

/** Every arm that can be used gets at least so much of the rounds, whatever it has brought. */
export const LEAST_SHARE = 0.05;
/** Draws that shares are counted over. */
const DRAWS = 2000;

/**
 * Thompson sampling: a chance is drawn for each arm from what is believed of it, and the arm that promises most proofs a
 * second is taken. With the least share, an arm is taken whatever it promises.
 */
export function choose(
  ledger: Ledger,
  kinds: readonly string[],
  available: readonly Arm[],
  random: Random,
): Arm | undefined {
  const [first, ...others] = available;
  if (first === undefined || others.length === 0) return first;
  const anyway = Math.floor(random() / LEAST_SHARE);
  return available[anyway] ?? draw(ledger, kinds, available, random);
}

function draw(
  ledger: Ledger,
  kinds: readonly string[],
  arms: readonly Arm[],
  random: Random,
): Arm | undefined {
  let best: { readonly arm: Arm; readonly rate: number } | undefined;
  for (const arm of arms) {
    const { proofs, rounds, milliseconds } = ledger.believe(kinds, arm);
    const rate = beta(proofs, rounds - proofs, random) / milliseconds;
    if (best === undefined || rate > best.rate) best = { arm, rate };
  }
  return best?.arm;
}

/** How the rounds after the opening would be spent on a statement of these kinds, and why. */
export function shares(ledger: Ledger, kinds: readonly string[]): ArmShare[] {
  const random = seeded('shares', ...kinds);
  const drawn = new Map<Arm, number>();
  for (let i = 0; i < DRAWS; i++) {
    const arm = draw(ledger, kinds, ARMS, random);
    if (arm !== undefined) drawn.set(arm, (drawn.get(arm) ?? 0) + 1);
  }
  const rows = ARMS.map((arm) => {
    const { proofs, rounds, milliseconds } = ledger.believe(kinds, arm);
    const share = LEAST_SHARE + (1 - LEAST_SHARE * ARMS.length) * ((drawn.get(arm) ?? 0) / DRAWS);
    return { arm, share, chance: proofs / rounds, seconds: milliseconds / 1000 };
  });
  const time = rows.reduce((sum, { share, seconds }) => sum + share * seconds, 0);
  return rows.map((row) => {
    const { rounds, proofs, kind } = ledger.seen(kinds, row.arm);
    const timeShare = time > 0 ? (row.share * row.seconds) / time : row.share;
    return { ...row, timeShare, rounds, proofs, why: explain(row, { rounds, proofs, kind }) };
  });
}

const NAMES: Readonly<Record<Arm, string>> = {
  search: 'the portfolio’s search',
  model: 'the language model',
  leftovers: 'the portfolio on what the model left open',
};

function explain(
  { arm, share, seconds }: { readonly arm: Arm; readonly share: number; readonly seconds: number },
  { rounds, proofs, kind }: { readonly rounds: number; readonly proofs: number; readonly kind: string },
): string {
  const part = `${NAMES[arm]} gets ${Math.round(share * 100)}% of the rounds: `;
  if (rounds === 0) return `${part}it has not been tried yet, so this is a guess`;
  const of = kind === 'all' ? 'statements of all kinds' : `statements that are ${kind}`;
  const brought = `${round(proofs)} ${round(proofs) === 1 ? 'proof' : 'proofs'} in ${round(rounds)} ${round(rounds) === 1 ? 'round' : 'rounds'}`;
  const least = share < LEAST_SHARE * 1.2 ? '; this is the least that every way gets' : '';
  return `${part}${brought} of some ${seconds.toFixed(1)} s on ${of}${least}`;
}

const round = (n: number): number => Math.round(n);
