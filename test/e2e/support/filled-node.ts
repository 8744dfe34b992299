import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ProofView, Session } from '../../../core/api/index.ts';
import { callNode } from './api-call.ts';
import { QUIET_NETWORK, startNode } from './headless-node.ts';

const LISTEN = ['--no-prove', '--listen', '/ip4/127.0.0.1/tcp/0'];
const SETTINGS = {
  network: QUIET_NETWORK,
  // Where tests run, nobody tells whether the connection is metered.
  donation: { when: { kind: 'always' as const }, pauseOn: { metered: false } },
  // A notice over a screen would hide what is under it.
  notifications: { ownProofs: false },
};
const PROVE_MS = 120_000;
const TRY_SECONDS = 12;
const ENOUGH_ATTEMPTS = 40;

/** What each of the nodes tries, of the starter pack; each later one may learn from those before. Most of it is proved. */
const TRIED = {
  first: [
    'fib_three_step',
    'sum_odd_is_square',
    'sophie_germain_identity',
    'peirce_law',
    'mirror_involution',
  ],
  second: ['brahmagupta_identity', 'reverse_accumulator', 'kaprekar_6174', 'full_adder_correct'],
  here: [
    'knights_and_knaves',
    'euler_four_squares',
    'sum_powers_of_two',
    'fib_sum_shift',
    'sum_of_squares_formula',
    'mirror_inorder_reverse',
    'tree_inorder_length',
    'fib_sum_of_squares',
    'hanoi_moves',
  ],
} as const;

/** Open for the portfolio: it goes on for as long as it is let. */
const OPEN = ['four_squares_theorem', 'fib_greatest_common_divisor', 'two_squares_theorem'] as const;

/** A node that has been at work among others: nothing on it is made up. */
export interface FilledNode extends AsyncDisposable {
  readonly page: Page;
  /** Of the newest proofs of its memory the one of which there is most to tell. */
  readonly proof: string;
  /** A session with rollouts under way, begun anew where the last has ended. */
  readonly running: () => Promise<Session>;
}

export async function filledNode(browser: Browser): Promise<FilledNode> {
  await using starting = new AsyncDisposableStack();
  const addresses: string[] = [];
  const join = async (bootstrap: readonly string[]): Promise<Page> => {
    const node = starting.use(await startNode({ args: [...LISTEN, ...bootstrap], settings: SETTINGS }));
    addresses.push(...node.addresses);
    const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
    await page.goto(node.invitation);
    await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    await callNode(page, 'statements.import', { source: { kind: 'starter' } });
    return page;
  };
  const page = await join([]);
  const bootstrap = ['--bootstrap', addresses[0] ?? ''];
  const others = [await join(bootstrap), await join(bootstrap)] as const;
  const found = await Promise.all([prove(others[0], TRIED.first), prove(others[1], TRIED.second)]);
  const theirs = found[0] + found[1];
  await holds(page, theirs);
  const all = theirs + (await prove(page, TRIED.here));
  // Whoever has checked a proof again says so.
  await Promise.all([page, ...others].map((each) => holds(each, all)));

  const proof = await mostTold(page);
  const nodes = starting.move();
  let turn = 0;
  let session: string | undefined;
  return {
    page,
    proof,
    running: async () => {
      const known = session === undefined ? undefined : await sessionOf(page, session);
      if (known?.state === 'running') return known;
      const name = OPEN[turn++ % OPEN.length] ?? OPEN[0];
      const source = { kind: 'statement' as const, statement: await idOf(page, name) };
      const settings = { seconds: 600, rollouts: 4, rounds: 128 };
      const started = await callNode(page, 'prove.start', { source, settings });
      session = started.session.id;
      await expect
        .poll(async () => (await sessionOf(page, started.session.id))?.attempts ?? 0, { timeout: PROVE_MS })
        .toBeGreaterThan(ENOUGH_ATTEMPTS);
      return started.session;
    },
    [Symbol.asyncDispose]: () => nodes.disposeAsync(),
  };
}

async function idOf(page: Page, name: string): Promise<string> {
  let id: string | undefined;
  const find = async (): Promise<string | undefined> => {
    const { items } = await callNode(page, 'statements.list', { query: name });
    return (id = items.find((row) => row.name === name)?.id);
  };
  await expect.poll(find, { timeout: 20_000, message: name }).toBeDefined();
  return id ?? '';
}

async function sessionOf(page: Page, id: string): Promise<Session | undefined> {
  const { items } = await callNode(page, 'prove.list', { limit: 100 });
  return items.find((session) => session.id === id);
}

/** How many of them were proved; the others stay open, as they do. */
async function prove(page: Page, names: readonly string[]): Promise<number> {
  const ids: string[] = [];
  for (const name of names) {
    const source = { kind: 'statement' as const, statement: await idOf(page, name) };
    const { session } = await callNode(page, 'prove.start', { source, settings: { seconds: TRY_SECONDS } });
    ids.push(session.id);
  }
  const ends = async (): Promise<Session['end'][]> =>
    (await Promise.all(ids.map((id) => sessionOf(page, id)))).map((session) => session?.end);
  await expect.poll(ends, { timeout: PROVE_MS, interval: 500 }).not.toContain(undefined);
  const proved = (await ends()).filter((end) => end === 'proved').length;
  expect(proved).toBeGreaterThan(names.length / 2);
  return proved;
}

async function holds(page: Page, proofs: number): Promise<void> {
  await expect
    .poll(async () => (await callNode(page, 'bank.list', {})).total, { timeout: PROVE_MS, interval: 500 })
    .toBeGreaterThanOrEqual(proofs);
}

async function mostTold(page: Page): Promise<string> {
  const { items } = await callNode(page, 'bank.list', { limit: 5 });
  const views = await Promise.all(items.map(({ id }) => callNode(page, 'bank.proof', { proof: id })));
  const told = ({ usedBy, attestations, submission, statement }: ProofView): number =>
    Math.min(usedBy.length, 3) +
    attestations.length +
    (statement.informal === undefined ? 0 : 3) -
    Math.abs(submission.split('\n').length - 8) / 2;
  const [best] = views.map(({ proof }) => proof).sort((a, b) => told(b) - told(a));
  return best?.row.id ?? '';
}
