import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UnjudgeableError } from '../../core/lean/index.ts';
import type { Bank, InsertOutcome } from '../../core/memory/index.ts';
import { proveAll, type ProverComponents, type StatementResult } from '../../core/node/index.ts';
import {
  createIdentity,
  decodeProof,
  encodeProof,
  type Attempt,
  type SignedProof,
  type Statement,
} from '../../core/record/index.ts';
import { failed, premise, provedOutcome, scriptedPolicy } from '../repair/scripted.ts';
import { statement } from '../support/lean.ts';

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => statement(`theorem ${name} : True`)) as [
  Statement,
  Statement,
  Statement,
  Statement,
];
const SETTINGS = { jobs: 1, rounds: 1 };
const identity = createIdentity(new Uint8Array(32).fill(1));

/** What happened, in order, over checker and bank. */
let log: string[] = [];
const unhandled = vi.fn();
beforeEach(() => {
  log = [];
  unhandled.mockReset();
  process.on('unhandledRejection', unhandled);
});
afterEach(async () => {
  // Rejections count as unheard once the promises' turn is over.
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

interface Script {
  /** Waits, fails or does nothing before a statement's check answers. */
  readonly before?: (name: string, signal: AbortSignal | undefined) => Promise<void> | undefined;
  readonly elaborate?: (name: string, signal: AbortSignal | undefined) => Promise<void> | undefined;
  readonly accepts?: (name: string) => boolean;
  readonly insert?: (name: string) => Promise<void>;
}

interface Scripted extends ProverComponents {
  readonly inserted: SignedProof[];
  readonly recorded: Attempt[];
  readonly retrievedFor: string[];
}

function components({ before, elaborate, accepts = () => true, insert }: Script = {}): Scripted {
  const inserted: SignedProof[] = [];
  const recorded: Attempt[] = [];
  const retrievedFor: string[] = [];
  const bank: Pick<Bank, 'insert' | 'recordAttempts' | 'retrieve'> = {
    async insert(proof, signed): Promise<InsertOutcome> {
      log.push(`insert ${proof.statement.name}`);
      await insert?.(proof.statement.name);
      inserted.push(signed);
      return 'inserted';
    },
    recordAttempts(attempts) {
      recorded.push(...attempts);
      return Promise.resolve();
    },
    retrieve(of, { k }) {
      retrievedFor.push(`${of.name} ${k}`);
      return Promise.resolve([premise]);
    },
  };
  return {
    inserted,
    recorded,
    retrievedFor,
    bank: bank,
    identity,
    policy: scriptedPolicy(({ statement: of }) => [`${of.formal} := trivial`]),
    checker: {
      identity: { name: 'scripted', version: '1' },
      async checkStatement({ name }, { signal }) {
        await elaborate?.(name, signal);
      },
      async check(of, submission, { signal }) {
        log.push(`check ${of.name}`);
        await before?.(of.name, signal);
        return accepts(of.name) ? provedOutcome(of, submission) : { verdict: failed };
      },
    },
  };
}

async function collect(run: AsyncIterable<StatementResult>): Promise<StatementResult[]> {
  const results: StatementResult[] = [];
  for await (const result of run) {
    log.push(`result ${result.statement.name}`);
    results.push(result);
  }
  return results;
}

const solvedNames = (results: readonly StatementResult[]): string[] =>
  results.map(
    (result) => `${result.statement.name} ${result.kind === 'tried' ? result.outcome.reason : result.kind}`,
  );

/** Ends with the signal, as Lean's workers do. */
const untilAborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

describe('a run', () => {
  test('tries one after another, and has each proof in the bank before it tells of it', async () => {
    const parts = components({ accepts: (name) => name !== 'b' });
    const results = await collect(proveAll([a, b, c], parts, SETTINGS));
    expect(solvedNames(results)).toEqual(['a proved', 'b rounds', 'c proved']);
    for (const name of ['a', 'c']) {
      expect(log.indexOf(`insert ${name}`)).toBeGreaterThan(log.indexOf(`check ${name}`));
      expect(log.indexOf(`result ${name}`)).toBeGreaterThan(log.indexOf(`insert ${name}`));
    }
    expect(log).not.toContain('insert b');
    expect(log.indexOf('check b')).toBeGreaterThan(log.indexOf('insert a'));
    expect(parts.recorded.map((attempt) => attempt.statement)).toEqual([a.id, b.id, c.id]);
  });

  test('signs what it found, as found by its policy and checked by its checker', async () => {
    const parts = components();
    await collect(proveAll([a], parts, SETTINGS));
    const [signed, ...others] = parts.inserted;
    expect(others).toEqual([]);
    if (signed === undefined) throw new Error('nothing inserted');
    expect(decodeProof(encodeProof(signed), signed.id).record).toMatchObject({
      statement: a.id,
      submission: 'theorem a : True := trivial',
      checker: { name: 'scripted', version: '1' },
      finder: { peer: identity.peer, policy: 'scripted', rounds: 1 },
      licence: 'Apache-2.0',
    });
  });

  test('keeps `jobs` statements under way, and yields results as they come', async () => {
    const gates = new Map([a, b, c, d].map(({ name }) => [name, Promise.withResolvers<undefined>()]));
    const parts = components({ before: (name) => gates.get(name)?.promise });
    const started: string[] = [];
    const run = proveAll(
      [a, b, c, d],
      parts,
      { ...SETTINGS, jobs: 2 },
      { onStart: ({ name }) => started.push(name) },
    );
    const first = run.next();
    await vi.waitFor(() => expect(log).toEqual(['check a', 'check b']));
    expect(started).toEqual(['a', 'b']);
    gates.get('b')?.resolve(undefined);
    expect((await first).value).toMatchObject({ statement: { name: 'b' } });
    await vi.waitFor(() => expect(log).toContain('check c'));
    expect(log).not.toContain('check d');
    for (const gate of gates.values()) gate.resolve(undefined);
    expect((await collect(run)).map((result) => result.statement.name).toSorted()).toEqual(['a', 'c', 'd']);
    expect(started).toEqual(['a', 'b', 'c', 'd']);
  });

  test('passes on its settings, and retrieves as many premises as these say', async () => {
    const parts = components();
    await collect(proveAll([a], parts, { ...SETTINGS, retrieve: 3 }));
    await collect(proveAll([b], parts, { ...SETTINGS, retrieve: 0 }));
    expect(parts.retrievedFor).toEqual(['a 3']);
  });

  test('tells of statements that cannot be judged, and goes on', async () => {
    const elaborate = (name: string): Promise<void> | undefined =>
      name === 'a' ? Promise.reject(new UnjudgeableError('statement', 'a does not elaborate')) : undefined;
    const results = await collect(proveAll([a, b], components({ elaborate }), SETTINGS));
    expect(results).toMatchObject([
      { kind: 'unjudgeable', statement: { name: 'a' }, detail: 'a does not elaborate' },
      { kind: 'tried', statement: { name: 'b' } },
    ]);
    expect(log).not.toContain('check a');
  });

  test('reads a source as it goes, and no further than it has slots', async () => {
    let read = 0;
    async function* source(): AsyncGenerator<Statement> {
      for (const one of [a, b, c]) {
        read++;
        yield await Promise.resolve(one);
      }
    }
    const run = proveAll(source(), components(), SETTINGS);
    await run.next();
    expect(read).toBeLessThanOrEqual(2);
    expect(await collect(run)).toHaveLength(2);
  });

  test('over nothing ends at once', async () => {
    expect(await collect(proveAll([], components(), { ...SETTINGS, jobs: 3 }))).toEqual([]);
  });
});

describe('a run that is cancelled', () => {
  test('ends without what was under way, whose attempts are recorded, and begins nothing more', async () => {
    const controller = new AbortController();
    const parts = components({
      before: (name, signal) => (name === 'a' ? undefined : untilAborted(signal)),
    });
    const run = proveAll([a, b, c], parts, SETTINGS, { signal: controller.signal });
    expect((await run.next()).value).toMatchObject({ statement: { name: 'a' } });
    await vi.waitFor(() => expect(log).toContain('check b'));
    controller.abort(new Error('interrupted'));
    expect(await collect(run)).toEqual([]);
    expect(log).not.toContain('check c');
    expect(parts.inserted).toHaveLength(1);
  });

  test('does not wait for a statement that is still being elaborated', async () => {
    const controller = new AbortController();
    const parts = components({
      elaborate: (name, signal) => {
        log.push(`elaborate ${name}`);
        return untilAborted(signal);
      },
    });
    const results = collect(proveAll([a, b], parts, SETTINGS, { signal: controller.signal }));
    await vi.waitFor(() => expect(log).toContain('elaborate a'));
    controller.abort(new Error('interrupted'));
    expect(await results).toEqual([]);
    expect(log).toEqual(['elaborate a']);
  });

  test('before it began does nothing', async () => {
    const signal = AbortSignal.abort(new Error('interrupted'));
    expect(await collect(proveAll([a], components(), SETTINGS, { signal }))).toEqual([]);
    expect(log).toEqual([]);
  });

  test('by its consumer ends what is under way, and its source', async () => {
    let closed = false;
    function* source(): Generator<Statement> {
      try {
        yield* [a, b, c];
      } finally {
        closed = true;
      }
    }
    let aborted = false;
    const before = async (name: string, signal: AbortSignal | undefined): Promise<void> => {
      if (name === 'a') return;
      await untilAborted(signal).catch(() => (aborted = true));
    };
    for await (const result of proveAll(source(), components({ before }), { ...SETTINGS, jobs: 2 })) {
      expect(result.statement.name).toBe('a');
      break;
    }
    expect({ closed, aborted }).toEqual({ closed: true, aborted: true });
  });
});

describe('a fault', () => {
  test('in one slot ends the run with it, after the others have been stopped and awaited', async () => {
    let ended = false;
    const elaborate = async (name: string, signal: AbortSignal | undefined): Promise<void> => {
      if (name === 'a') throw new Error('Lean cannot be started');
      await untilAborted(signal).catch(() => (ended = true));
    };
    const run = collect(proveAll([a, b], components({ elaborate }), { ...SETTINGS, jobs: 2 }));
    await expect(run).rejects.toThrow('Lean cannot be started');
    expect(ended).toBe(true);
  });

  test('in every slot is thrown once, and none is left unheard', async () => {
    const elaborate = (name: string): Promise<void> => Promise.reject(new Error(`fault in ${name}`));
    const run = collect(proveAll([a, b, c], components({ elaborate }), { ...SETTINGS, jobs: 3 }));
    await expect(run).rejects.toThrow('fault in a');
  });

  test('while the consumer is busy is thrown when it comes back', async () => {
    const gate = Promise.withResolvers<undefined>();
    const elaborate = (name: string): Promise<void> | undefined =>
      name === 'b' ? gate.promise.then(() => Promise.reject(new Error('late fault'))) : undefined;
    const run = proveAll([a, b], components({ elaborate }), { ...SETTINGS, jobs: 2 });
    expect((await run.next()).value).toMatchObject({ statement: { name: 'a' } });
    gate.resolve(undefined);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(run.next()).rejects.toThrow('late fault');
  });

  test('of the bank ends the run: what is not kept is not told', async () => {
    const insert = (name: string): Promise<void> =>
      name === 'b' ? Promise.reject(new Error('disk full')) : Promise.resolve();
    const run = collect(proveAll([a, b, c], components({ insert }), SETTINGS));
    await expect(run).rejects.toThrow('disk full');
    expect(log).toContain('result a');
    expect(log).not.toContain('result b');
    expect(log).not.toContain('check c');
  });

  test('of the source ends the run, with what is under way', async () => {
    async function* source(): AsyncGenerator<Statement> {
      yield await Promise.resolve(a);
      throw new Error('torn file');
    }
    let ended = false;
    const elaborate = (_: string, signal: AbortSignal | undefined): Promise<void> =>
      untilAborted(signal).catch(() => void (ended = true));
    const run = collect(proveAll(source(), components({ elaborate }), { ...SETTINGS, jobs: 2 }));
    await expect(run).rejects.toThrow('torn file');
    expect(ended).toBe(true);
  });
});
