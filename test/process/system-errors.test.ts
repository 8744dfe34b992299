import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  describeSystemError,
  errorInWords,
  whyNotListening,
  whyUnreadable,
  whyUnwritable,
} from '../../core/process/index.ts';

const errorOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => {
      throw new Error('nothing went wrong');
    },
    (error: unknown) => error,
  );

async function temporary(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-errors-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** An error as the system gives it to a user who has fewer rights than the one who runs this. */
const refused = (code: string): Error => Object.assign(new Error(`${code}: raw`), { code, syscall: 'open' });

describe('why a file', () => {
  test('cannot be read', async () => {
    const directory = await temporary();
    expect(whyUnreadable(await errorOf(readFile(path.join(directory, 'none'))))).toBe(
      'there is no such file',
    );
    expect(whyUnreadable(await errorOf(readFile(directory)))).toBe('it is a directory');
    expect(whyUnreadable(refused('EACCES'))).toBe('you may not read it');
  });

  test('cannot be written', async () => {
    const directory = await temporary();
    const file = path.join(directory, 'file');
    await writeFile(file, '');
    expect(whyUnwritable(await errorOf(writeFile(directory, '')))).toBe('it is a directory');
    expect(whyUnwritable(await errorOf(writeFile(path.join(directory, 'a/b'), '')))).toBe(
      'there is no such directory',
    );
    for (const below of [file, path.join(file, 'a/b')]) {
      expect(whyUnwritable(await errorOf(mkdir(below, { recursive: true })))).toBe(
        'a part of the path is no directory',
      );
    }
    expect(whyUnwritable(refused('EACCES'))).toBe('you may not write there');
    expect(whyUnwritable(refused('EROFS'))).toBe('the disk is read-only');
  });

  // Only Linux has a disk that is full without filling one.
  test.skipIf(!existsSync('/dev/full'))('does not fit on the disk', async () => {
    expect(whyUnwritable(await errorOf(appendFile('/dev/full', 'x')))).toBe('the disk is full');
  });

  test('is said as the system says it where there are no words', () => {
    expect(whyUnreadable(refused('EODD'))).toBe('EODD: raw');
    expect(whyUnwritable('odd')).toBe('odd');
  });
});

test('why a port cannot be listened on, also where a library has kept the text alone', async () => {
  const first = net.createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void first.close());
  await once(first, 'listening');
  const { port } = first.address() as net.AddressInfo;
  const second = net.createServer().listen(port, '127.0.0.1');
  const [error] = (await once(second, 'error')) as [Error];
  expect(whyNotListening(error)).toBe('the port is taken');
  expect(whyNotListening(`Error: ${error.message}`)).toBe('the port is taken');
  expect(whyNotListening('listen EACCES: permission denied 127.0.0.1:80')).toBe(
    'ports below 1024 need rights that you do not have',
  );
  expect(describeSystemError(error)).toBe(`127.0.0.1:${port}: the port is taken`);
});

test('a system error names what it is about, and others are none', async () => {
  const missing = path.join(await temporary(), 'none');
  expect(describeSystemError(await errorOf(readFile(missing)))).toBe(
    `${missing}: there is no such file or directory`,
  );
  const file = path.join(await temporary(), 'file');
  await writeFile(file, '');
  expect(describeSystemError(await errorOf(mkdir(file, { recursive: true })))).toBe(
    `${file}: a part of the path is no directory`,
  );
  expect(describeSystemError(refused('ENOSPC'))).toBe('the disk is full');
  expect(describeSystemError(refused('EODD'))).toBe('EODD: raw');
  expect(describeSystemError(Object.assign(new Error('ours'), { code: 'ENOENT' }))).toBeUndefined();
});

test('what people are told is in words where the system said it, and else as it was said', () => {
  expect(errorInWords(refused('ENOSPC'))).toBe('the disk is full');
  expect(errorInWords(new Error('the bank is broken'))).toBe('the bank is broken');
  expect(errorInWords('thrown as a text')).toBe('thrown as a text');
});
