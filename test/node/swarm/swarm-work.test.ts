import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Credibility } from '../../../core/network/claims/index.ts';
import type { Announcement, Network } from '../../../core/network/index.ts';
import { negationOf } from '../../../core/node/swarm/disproofs.ts';
import { MeasuredSpeed } from '../../../core/node/swarm/measured-speed.ts';
import { Refutations } from '../../../core/node/swarm/refutations.ts';
import { SwarmWork, type WorkNetwork } from '../../../core/node/swarm/swarm-work.ts';
import { settingsSchema } from '../../../core/api/index.ts';
import {
  createIdentity,
  decodeWorkClaim,
  type Identity,
  type Statement,
} from '../../../core/record/index.ts';
import { numbered } from '../../memory/proofs.ts';

const identityOf = (n: number): Identity => createIdentity(new Uint8Array(32).fill(n + 1));
const live = new AbortController().signal;

/** Carries what one says to all others, a moment later. */
class Bus {
  readonly #listeners: { readonly of: number; readonly hear: (body: { claim: Uint8Array }) => void }[] = [];
  readonly said: { readonly state: string; readonly statement: string; readonly speed: number }[] = [];
  readonly #nodes: number;

  constructor(nodes: number) {
    this.#nodes = nodes;
  }

  network(of: number): WorkNetwork {
    const on: Network['on'] = (_, listener) => {
      const hear = (body: { claim: Uint8Array }): void => listener({ body } as Announcement<never>);
      this.#listeners.push({ of, hear });
      return () => undefined;
    };
    const announce: Network['announce'] = (_, body) => {
      const { claim } = body as { claim: Uint8Array };
      const { state, statement, effort } = decodeWorkClaim(claim).record;
      this.said.push({ state, statement, speed: effort.speed });
      setImmediate(() => {
        for (const listener of this.#listeners) if (listener.of !== of) listener.hear({ claim });
      });
      return Promise.resolve(1);
    };
    return { on, announce, stats: () => ({ records: 0, waiting: 0, listeners: this.#nodes - 1 }) };
  }
}

function workOf(
  n: number,
  bus: Bus,
  statements: readonly Statement[],
  onClaims: (ids: ReadonlySet<string>) => void = () => undefined,
): SwarmWork {
  // The word of those alone counts who have shown something.
  const credibility = new Credibility();
  for (let other = 0; other < 6; other++) {
    for (let proofs = 0; proofs < 20; proofs++) credibility.proved(identityOf(other).peer);
  }
  const work = new SwarmWork(
    {
      identity: identityOf(n),
      credibility,
      statement: (id) => statements.find((one) => one.id === id),
      isOpen: () => true,
      fallback: { next: () => Promise.resolve(undefined), ended: () => undefined },
      onClaims,
    },
    { settings: () => settingsSchema.parse({}), supports: () => true },
  );
  work.join(bus.network(n));
  for (const { id, environment } of statements) work.allocator.put({ id, environment, priority: 4 });
  onTestFinished(() => work.leave());
  return work;
}

describe('choosing', () => {
  test('of those who choose one statement at one moment all but one leave it, and choose again', async () => {
    const bus = new Bus(6);
    const all = Array.from({ length: 6 }, (_, n) => workOf(n, bus, [numbered(1)]));
    const chosen = await Promise.all(all.map((work) => work.next(live)));
    // There is no other to choose: it is better tried twice than left.
    expect(chosen).toEqual(Array.from({ length: 6 }, () => numbered(1)));
    expect(bus.said.filter(({ state }) => state === 'ended').length).toBeGreaterThanOrEqual(5);
  });

  test('alone, nobody is waited for', async () => {
    const work = workOf(0, new Bus(1), [numbered(1)]);
    const begun = performance.now();
    expect(await work.next(live)).toEqual(numbered(1));
    expect(performance.now() - begun).toBeLessThan(400);
  });

  test('what was chosen is given back where nobody wants it any more', async () => {
    const bus = new Bus(2);
    const work = workOf(0, bus, [numbered(1)]);
    const stop = new AbortController();
    const next = work.next(stop.signal);
    stop.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    await vi.waitFor(() => expect(bus.said.map(({ state }) => state)).toEqual(['working', 'ended']));
    expect(await work.next(live)).toEqual(numbered(1));
  });
});

test('who works on a statement is told as they come and go, and in one word for all', async () => {
  const bus = new Bus(3);
  const told: string[][] = [];
  const watching = workOf(0, bus, [numbered(1), numbered(2)], (ids) => told.push([...ids]));
  const others = [1, 2].map((n) => workOf(n, bus, [numbered(n)]));
  await Promise.all(others.map((work) => work.next(live)));
  await vi.waitFor(() => expect(told).toHaveLength(1), { timeout: 3000 });
  expect(new Set(told[0])).toEqual(new Set([numbered(1).id, numbered(2).id]));
  const [worker, ...more] = watching.workers(numbered(1).id);
  expect(more).toEqual([]);
  expect(worker).toMatchObject({ peer: identityOf(1).peer, policy: 'portfolio' });
  expect(Math.abs((worker?.since ?? 0) - Date.now())).toBeLessThan(60_000);
  await others[0]?.leave();
  await vi.waitFor(() => expect(told).toHaveLength(2), { timeout: 3000 });
  expect([told[1], watching.workers(numbered(1).id)]).toEqual([[numbered(1).id], []]);
});

describe('refutations', () => {
  const wrong = numbered(7);

  test('come once for each statement that a whole try did not prove, and not too often', () => {
    const refutations = new Refutations(() => true);
    refutations.later(wrong);
    refutations.later(wrong);
    const chosen = Array.from({ length: 20 }, () => refutations.next());
    expect(chosen.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    const [negation, ...others] = chosen.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(negation).toEqual(negationOf(wrong));
    // Not the negation of the negation.
    if (negation !== undefined) refutations.later(negation);
    expect(Array.from({ length: 20 }, () => refutations.next()).some((one) => one !== undefined)).toBe(false);
  });

  test('do not come of what is settled meanwhile', () => {
    const refutations = new Refutations((id) => id !== wrong.id);
    refutations.later(wrong);
    expect(Array.from({ length: 20 }, () => refutations.next()).some((one) => one !== undefined)).toBe(false);
  });
});

describe('speed', () => {
  test('is 1 until something is known, then what the last tries have shown', () => {
    const speed = new MeasuredSpeed();
    expect(speed.value).toBe(1);
    speed.tried({ seconds: 0.2, checks: 100, tokens: 0 });
    expect(speed.value).toBe(1);
    speed.tried({ seconds: 10, checks: 400, tokens: 0 });
    expect(speed.value).toBeCloseTo(4.72, 1);
    for (let i = 0; i < 30; i++) speed.tried({ seconds: 10, checks: 3, tokens: 150 });
    expect(speed.value).toBeCloseTo(0.5, 1);
    speed.forget();
    expect(speed.value).toBe(1);
  });

  test('has bounds, whatever a clock says', () => {
    const speed = new MeasuredSpeed();
    speed.tried({ seconds: -5, checks: 10, tokens: 0 });
    speed.tried({ seconds: NaN, checks: 10, tokens: 0 });
    speed.tried({ seconds: 10, checks: 0, tokens: 0 });
    expect(speed.value).toBe(1);
    speed.tried({ seconds: 1, checks: 1e9, tokens: 0 });
    expect(speed.value).toBe(1000);
  });
});
