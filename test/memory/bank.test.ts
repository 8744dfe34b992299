import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeStatement, signProof, createIdentity, type ContentId } from '../../core/record/index.ts';
import { BankClosedError, openBank, openBankApart, RecordMismatchError } from '../../core/memory/index.ts';
import { idsIn, insertAll, openTestBank, temporaryDirectory } from './helpers.ts';
import { attemptFor, numbered, prove } from './proofs.ts';

const assumeId = (text: string): ContentId => text;

const WAYS = [
  ['in this process', openBank],
  ['in a process apart', openBankApart],
] as const;

describe.each(WAYS)('a bank %s', (_, open) => {
  it('gives back what was inserted, also after it was opened again', async () => {
    const { bank, directory } = await openTestBank({ open });
    const statement = numbered(1, { topic: 'number theory', informal: 'addition commutes' });
    const { proof, signed } = prove(statement);
    expect(await bank.insert(proof, signed)).toBe('inserted');
    expect(await bank.insert(proof, signed)).toBe('known');
    await bank.close();
    const { bank: again, events } = await openTestBank({ open, directory });
    expect(events).toEqual([]);
    expect(await again.has(signed.id)).toBe(true);
    expect(await again.proof(signed.id)).toEqual(signed);
    expect(await again.statement(statement.id)).toEqual(statement);
    expect(await again.solved(statement.id)).toBe(true);
    expect(await again.solved(numbered(2).id)).toBe(false);
    expect(await again.proof(numbered(2).id)).toBeUndefined();
  });

  it('keeps all proofs of a statement, oldest first', async () => {
    const { bank } = await openTestBank({ open });
    const statement = numbered(1);
    const proofs = [3, 1, 2].map((n) => prove(statement, { by: `by omega -- ${n}`, createdAt: n }));
    await insertAll(bank, proofs);
    const times = (await bank.proofsOf(statement.id)).map(({ record }) => record.createdAt);
    expect(times).toEqual([1, 2, 3]);
    expect((await bank.keys()).map((key) => key.createdAt)).toEqual([1, 2, 3]);
    expect((await bank.stats()).statements).toBe(1);
  });

  it('reads a page of proofs with their statements, in the order asked for, without what is not there', async () => {
    const { bank } = await openTestBank({ open });
    const twice = [1, 2].map((n) => prove(numbered(1), { by: `by omega -- ${n}`, createdAt: n }));
    const all = [...twice, prove(numbered(2)), prove(numbered(3))];
    await insertAll(bank, all);
    const ids = [3, 0, 2, 1].flatMap((n) => all[n]?.signed.id ?? []);
    const page = await bank.proven([ids[0] ?? '', numbered(9).id, ...ids.slice(1)]);
    expect(page.map(({ signed }) => signed.id)).toEqual(ids);
    expect(page.map(({ signed, statement }) => signed.record.statement === statement.id)).toEqual(
      ids.map(() => true),
    );
    expect(page[0]?.signed).toEqual(all[3]?.signed);
    expect(await bank.proven([])).toEqual([]);
  });

  it('refuses a record of another statement, of another submission or with a false signature', async () => {
    const { bank } = await openTestBank({ open });
    const one = prove(numbered(1));
    const other = prove(numbered(2));
    const sameStatement = prove(numbered(1), { by: 'by decide' });
    const forged = { ...one.signed, signature: new Uint8Array(64) };
    await expect(bank.insert(one.proof, other.signed)).rejects.toMatchObject({ field: 'statement' });
    await expect(bank.insert(one.proof, sameStatement.signed)).rejects.toMatchObject({ field: 'submission' });
    await expect(bank.insert(one.proof, forged)).rejects.toThrow(RecordMismatchError);
    expect(await idsIn(bank)).toEqual([]);
  });

  it('counts one record handed in many times at once as inserted once', async () => {
    const { bank } = await openTestBank({ open });
    const { proof, signed } = prove(numbered(1));
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => bank.insert(proof, signed)));
    expect(outcomes.filter((outcome) => outcome === 'inserted')).toHaveLength(1);
    expect(await idsIn(bank)).toEqual([signed.id]);
  });

  it('is the union of what was inserted, whatever the order, repetition and re-opening', async () => {
    const pool = Array.from({ length: 8 }, (_, n) => prove(numbered(n)));
    const steps = fc.array(
      fc.oneof({ arbitrary: fc.integer({ min: 0, max: 7 }), weight: 6 }, fc.constant('reopen' as const)),
      { maxLength: 14 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const directory = await temporaryDirectory();
        let bank = await open({ directory: `${directory}/bank` });
        const expected = new Set<string>();
        for (const step of script) {
          if (step === 'reopen') {
            await bank.close();
            bank = await open({ directory: `${directory}/bank` });
            continue;
          }
          const one = pool[step];
          if (one === undefined) continue;
          await bank.insert(one.proof, one.signed);
          expected.add(one.signed.id);
        }
        expect(await idsIn(bank)).toEqual([...expected].sort());
        await bank.close();
      }),
      { numRuns: open === openBank ? 12 : 4 },
    );
  });

  it('keeps trajectories in the order they were recorded', async () => {
    const { bank, directory } = await openTestBank({ open });
    const statement = numbered(1);
    const attempts = [0, 1, 2, 3].map((round) => attemptFor(statement, round));
    await Promise.all([bank.recordAttempts(attempts.slice(0, 2)), bank.recordAttempts(attempts.slice(2))]);
    await bank.recordAttempts([]);
    await bank.close();
    const { bank: again } = await openTestBank({ open, directory });
    expect(await again.trajectory(statement.id)).toEqual(attempts);
    expect(await again.trajectory(numbered(2).id)).toEqual([]);
    expect((await again.stats()).verdicts).toEqual({ failed: 4 });
  });

  it('counts by topic, difficulty, policy and environment', async () => {
    const { bank } = await openTestBank({ open });
    const mathlib = { lean: '4.15.0', library: 'mathlib', revision: "v'4" } as const;
    await insertAll(bank, [
      prove(numbered(1, { topic: 'algebra' })),
      prove(numbered(2, { topic: 'algebra' }), { policy: 'llama' }),
      prove(numbered(3, { environment: mathlib })),
    ]);
    const stats = await bank.stats();
    expect(stats).toMatchObject({
      statements: 3,
      proofs: 3,
      attempts: 0,
      topics: { algebra: 2, unknown: 1 },
      difficulties: { unknown: 3 },
      policies: { portfolio: 2, llama: 1 },
      environments: { '4.28.0-pre core': 2, "4.15.0 mathlib v'4": 1 },
    });
    expect(stats.bytes).toBeGreaterThan(1000);
  });

  it('finds ids by their beginning, and tells an ambiguous one', async () => {
    const { bank } = await openTestBank({ open });
    const { proof, signed } = prove(numbered(1));
    await bank.insert(proof, signed);
    expect(await bank.find(signed.id.slice(0, 20))).toEqual({ kind: 'proof', id: signed.id });
    expect(await bank.find(signed.id)).toEqual({ kind: 'proof', id: signed.id });
    expect(await bank.find(proof.statement.id)).toEqual({ kind: 'statement', id: proof.statement.id });
    expect(await bank.find('bafyrei')).toMatchObject({ kind: 'ambiguous' });
    expect(await bank.find('bafyreiaaaaaaaaaaaa')).toEqual({ kind: 'none' });
    expect(await bank.find('')).toEqual({ kind: 'none' });
  });

  it.each(["' OR '1'='1", "x' OR true --", "'; DROP TABLE proofs; --", "''", '\\', '"', '%', '_', 'é\n`$'])(
    'takes %j for a value, never for SQL',
    async (hostile) => {
      const { bank } = await openTestBank({ open });
      const here = makeStatement({
        environment: { lean: hostile, library: 'core' },
        header: '',
        formal: 'theorem t (p : Prop) : p → p',
        name: 't',
      });
      await insertAll(bank, [prove(here), prove(numbered(1))]);
      const id = assumeId(hostile);
      expect(await bank.has(id)).toBe(false);
      expect(await bank.solved(id)).toBe(false);
      expect(await bank.proofsOf(id)).toEqual([]);
      expect(await bank.trajectory(id)).toEqual([]);
      expect(await bank.find(hostile)).toEqual({ kind: 'none' });
      await expect(bank.search(hostile, { environment: here.environment })).resolves.toBeInstanceOf(Array);
      const found = await bank.retrieve(here, { k: 5, excludeSelf: false, exclude: new Set([id]) });
      expect(found.map((premise) => premise.statement.id)).toEqual([here.id]);
      expect((await idsIn(bank)).length).toBe(2);
    },
  );

  it('refuses use after close, and closes twice without harm', async () => {
    const { bank } = await openTestBank({ open });
    await bank.close();
    await bank.close();
    const { proof, signed } = prove(numbered(1));
    await expect(bank.insert(proof, signed)).rejects.toThrow(BankClosedError);
    await expect(bank.has(signed.id)).rejects.toThrow(BankClosedError);
  });

  it('waits at close for the inserts under way', async () => {
    const { bank, directory } = await openTestBank({ open });
    const proven = Array.from({ length: 5 }, (_, n) => prove(numbered(n)));
    const inserting = proven.map(({ proof, signed }) => bank.insert(proof, signed));
    await bank.close();
    expect(await Promise.all(inserting)).toHaveLength(5);
    const { bank: again } = await openTestBank({ open, directory });
    expect(await idsIn(again)).toHaveLength(5);
  });

  it('refuses a signature by another than the finder', () => {
    const { signed } = prove(numbered(1));
    expect(() => signProof(signed.record, createIdentity())).toThrow('not the peer');
  });
});
