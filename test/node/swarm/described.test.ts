import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { openBank } from '../../../core/memory/index.ts';
import { ClaimedShelf } from '../../../core/node/claimed/index.ts';
import { makeStatement, type Statement } from '../../../core/record/index.ts';
import { numbered, prove, type Proven } from '../../memory/proofs.ts';
import { becomes, openQuietNode, settings } from './quiet-node.ts';

const ABOUT = { informal: 'Addition does not ask for the order: it is commutative.', topic: 'arithmetic' };
const WAIT = { timeout: 90_000, interval: 50 };

/** As a peer sends it: what identifies it, and no more. */
const bare = (
  { environment, header, formal, name }: Statement,
  more: Partial<Omit<Statement, 'id'>> = {},
): Statement => makeStatement({ environment, header, formal, name, ...more });

const onBoard = async (data: string, statement: Statement): Promise<void> => {
  await mkdir(path.join(data, 'statements'), { recursive: true });
  const line = JSON.stringify({ statement: { ...statement, id: undefined }, importedAt: 1 });
  await writeFile(path.join(data, 'statements/statements.jsonl'), `${line}\n`);
};

const inBank = async (data: string, { proof, signed }: Proven): Promise<void> => {
  await using bank = await openBank({ directory: path.join(data, 'bank') });
  await bank.insert(proof, signed);
};

test('a record that came without words shows those of the board, and its own where it has some', async () => {
  const [silent, speaking] = [prove(bare(numbered(1))), prove(numbered(2, { informal: 'Its own.' }))];
  const far = bare(numbered(3), { environment: { lean: '4.9.0', library: 'core' } });
  const claimed = prove(far);
  const { client, node } = await openQuietNode(async (data) => {
    await onBoard(data, numbered(1, ABOUT));
    await inBank(data, silent);
    await inBank(data, speaking);
    const shelf = await ClaimedShelf.open(path.join(data, 'swarm'));
    await shelf.add({ signed: claimed.signed, statement: far });
    await shelf.close();
  });
  const view = async ({ signed }: Proven) =>
    (await client.call('bank.proof', { proof: signed.id })).proof.statement;
  expect(await view(silent)).toMatchObject(ABOUT);
  expect((await view(claimed)).informal).toBeUndefined();

  await node.service.statements.add([bare(far, ABOUT), bare(numbered(2), ABOUT)]);
  expect(await view(claimed)).toMatchObject(ABOUT);
  expect(await view(speaking)).toMatchObject({ informal: 'Its own.', topic: ABOUT.topic });
  const { items } = await client.call('bank.list', {});
  expect(items.map(({ topic }) => topic)).toEqual([ABOUT.topic, ABOUT.topic]);
});

test('a peer’s proof is found by the words of this node’s board', { timeout: 120_000 }, async () => {
  const theirs = prove(bare(numbered(1)), { by: 'by omega' });
  const peer = await openQuietNode((data) => inBank(data, theirs));
  const own = await openQuietNode((data) => onBoard(data, numbered(1, ABOUT)));
  for (const { network, client } of [peer, own]) {
    network.follow();
    await client.call('settings.update', settings(true));
    await becomes(client, 'on');
  }
  const hits = async (): Promise<string[]> => {
    const { items } = await own.client.call('bank.search', { text: 'commutative' });
    return items.map(({ id }) => id);
  };
  expect(await hits()).toEqual([]);
  await own.client.call('network.dial', { address: peer.network.swarm?.addresses[0] ?? '' });
  await vi.waitFor(async () => expect(await hits()).toEqual([theirs.signed.id]), WAIT);
});
