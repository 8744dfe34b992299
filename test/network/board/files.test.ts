import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  DamagedBoardFileError,
  loadBoard,
  saveBoard,
  TrustStore,
} from '../../../core/network/board/index.ts';
import { signDisproof, signNotice } from '../../../core/record/index.ts';
import {
  CURATOR,
  OTHER_CURATOR,
  pack,
  person,
  proofId,
  START,
  STRANGER,
  submission,
  testBoard,
  theorem,
} from './support.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-trust-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  return path.join(directory, 'made when needed');
}

const SHIPPED = [{ key: CURATOR.peer, label: 'shipped' }];
const keys = (store: TrustStore): string[] => store.list().map(({ key }) => key);

describe('the trust store', () => {
  test('starts with the shipped keys, takes others and keeps them', async () => {
    const directory = await temporaryDirectory();
    const store = await TrustStore.open(directory, SHIPPED);
    expect(store.list()).toEqual([{ key: CURATOR.peer, label: 'shipped', shipped: true }]);
    expect(await store.add(OTHER_CURATOR.peer, 'a friend', START)).toBe(true);
    expect(await store.add(OTHER_CURATOR.peer, 'again', START)).toBe(false);
    const reopened = await TrustStore.open(directory, SHIPPED);
    expect(reopened.list()).toEqual([
      { key: CURATOR.peer, label: 'shipped', shipped: true },
      { key: OTHER_CURATOR.peer, label: 'a friend', shipped: false },
    ]);
    expect(reopened.trusts(STRANGER.peer)).toBe(false);
    expect(await reopened.remove(OTHER_CURATOR.peer)).toBe(true);
    expect(await reopened.remove(OTHER_CURATOR.peer)).toBe(false);
    expect(keys(await TrustStore.open(directory, SHIPPED))).toEqual([CURATOR.peer]);
  });

  test('remembers that a shipped key was taken away, until the user wants it back', async () => {
    const directory = await temporaryDirectory();
    await (await TrustStore.open(directory, SHIPPED)).remove(CURATOR.peer);
    const reopened = await TrustStore.open(directory, SHIPPED);
    expect(reopened.trusts(CURATOR.peer)).toBe(false);
    await reopened.add(CURATOR.peer, '', START);
    expect((await TrustStore.open(directory, SHIPPED)).list()).toEqual([
      { key: CURATOR.peer, label: 'shipped', shipped: true },
    ]);
    // A key that the user added and the program comes to ship is listed once.
    const both = [...SHIPPED, { key: OTHER_CURATOR.peer, label: 'new' }];
    await reopened.add(OTHER_CURATOR.peer, 'mine', START);
    expect(keys(await TrustStore.open(directory, both))).toEqual([CURATOR.peer, OTHER_CURATOR.peer]);
  });

  test('keeps all that is added at once, and leaves no other file', async () => {
    const directory = await temporaryDirectory();
    const store = await TrustStore.open(directory, []);
    const peers = Array.from({ length: 20 }, (_, i) => person(100 + i).peer);
    await Promise.all(peers.map((peer) => store.add(peer, '', START)));
    expect(keys(await TrustStore.open(directory, []))).toEqual(peers);
    expect(await readdir(directory)).toEqual(['curators.json']);
  });

  test('does not hold what could not be written, nor what is no key', async () => {
    const directory = await temporaryDirectory();
    const store = await TrustStore.open(directory, []);
    await expect(store.add('nobody', '', START)).rejects.toThrow(/peer id/);
    // A file where the directory should be.
    await writeFile(directory, '');
    await expect(store.add(CURATOR.peer, '', START)).rejects.toThrow();
    expect(keys(store)).toEqual([]);
  });

  test.each([
    '',
    'null',
    '{"version":2}',
    '{"version":1,"added":[{"key":"x","label":"","addedAt":1}],"removed":[]}',
  ])('says so where its file is damaged, and does not touch it: %j', async (content) => {
    const directory = await temporaryDirectory();
    await (await TrustStore.open(directory, [])).add(CURATOR.peer, '', START);
    const file = path.join(directory, 'curators.json');
    await writeFile(file, content);
    await expect(TrustStore.open(directory, [])).rejects.toThrow(DamagedBoardFileError);
    expect(await readFile(file, 'utf8')).toBe(content);
  });
});

describe("the board's file", () => {
  const a = theorem('a');

  function full() {
    const bench = testBoard();
    bench.board.acceptPack(pack([a], 3));
    bench.board.acceptSubmission(submission(theorem('b')), 'x');
    bench.board.putBody(a);
    bench.elaborateAll();
    const record = {
      issuer: OTHER_CURATOR.peer,
      statement: a.id,
      status: 'misstated',
      detail: '',
      createdAt: 1,
    } as const;
    bench.board.acceptNotice(signNotice(record, OTHER_CURATOR));
    return bench.board.snapshot();
  }

  test('gives back what was saved, and an empty board at first', async () => {
    const directory = await temporaryDirectory();
    expect(await loadBoard(directory)).toEqual(testBoard().board.snapshot());
    const disproof = signDisproof(
      { statement: a.id, negation: a.id, proof: proofId('x'), peer: STRANGER.peer, createdAt: 1 },
      STRANGER,
    );
    const snapshot = { ...full(), disproofs: [disproof] };
    expect(snapshot.packs.length * snapshot.submissions.length * snapshot.notices.length).toBe(1);
    await saveBoard(directory, testBoard().board.snapshot());
    await saveBoard(directory, snapshot);
    expect(await loadBoard(directory)).toEqual(snapshot);
    expect(await readdir(directory)).toEqual(['board.cbor']);
  });

  test('is damaged where a byte is missing or changed, and says so', async () => {
    const directory = await temporaryDirectory();
    const file = path.join(directory, 'board.cbor');
    await saveBoard(directory, full());
    const whole = await readFile(file);
    for (let at = 0; at < whole.length; at += 97) {
      await writeFile(file, whole);
      await truncate(file, at);
      await expect(loadBoard(directory)).rejects.toThrow(DamagedBoardFileError);
    }
    const changed = Buffer.from(whole);
    const inSignature = whole.indexOf(Buffer.from(full().packs[0]?.signature ?? []));
    changed[inSignature] = (changed[inSignature] ?? 0) ^ 1;
    await writeFile(file, changed);
    await expect(loadBoard(directory)).rejects.toThrow(/not signed by/);
  });
});
