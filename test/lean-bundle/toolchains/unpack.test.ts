import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { Header } from 'tar';
import { describe, expect, test } from 'vitest';
import { unpackArchive } from '../../../lean-bundle/toolchains/unpack.ts';
import { archiveOf, temporaryDirectory, toolchainArchive } from '../../support/release-server.ts';

const LIMITS = { bytes: 50e6, entries: 1000 };

interface Entry {
  readonly path: string;
  readonly type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO';
  readonly linkpath?: string;
  readonly body?: Buffer;
  readonly mode?: number;
}

/** An archive of entries that no honest program writes. */
function crafted(...entries: readonly Entry[]): Buffer {
  const blocks: Buffer[] = [];
  for (const { path: name, type = 'File', linkpath, body = Buffer.alloc(0), mode = 0o644 } of entries) {
    const header = new Header({
      path: name,
      type,
      mode,
      size: body.length,
      ...(linkpath ? { linkpath } : {}),
    });
    header.encode();
    if (header.block === undefined) throw new Error('no header');
    blocks.push(header.block, body, Buffer.alloc((512 - (body.length % 512)) % 512));
  }
  return zstdCompressSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

async function unpack(archive: Buffer, more = {}): Promise<string> {
  const directory = await temporaryDirectory();
  const file = path.join(directory, 'archive.tar.zst');
  await writeFile(file, archive);
  const into = path.join(directory, 'into');
  await mkdir(into);
  await unpackArchive(file, into, { limits: LIMITS, ...more });
  return into;
}

describe('an archive', () => {
  test('is unpacked without its top directory, links inside and modes kept', async () => {
    const source = await temporaryDirectory();
    await mkdir(path.join(source, 'lean', 'bin'), { recursive: true });
    await mkdir(path.join(source, 'lean', 'lib'));
    await writeFile(path.join(source, 'lean', 'bin', 'lean'), 'program', { mode: 0o755 });
    const big = randomBytes(3_000_000);
    await writeFile(path.join(source, 'lean', 'lib', 'big'), big);
    await symlink('../bin/lean', path.join(source, 'lean', 'lib', 'link'));
    const into = await unpack(await archiveOf(source, ['lean']));
    expect((await readdir(into)).toSorted()).toEqual(['bin', 'lib']);
    expect(await readFile(path.join(into, 'lib', 'link'), 'utf8')).toBe('program');
    expect(await readFile(path.join(into, 'lib', 'big'))).toEqual(big);
    expect((await stat(path.join(into, 'bin', 'lean'))).mode & 0o777).toBe(0o755);
  });

  test('gives nobody else rights, and no program another user’s', async () => {
    const into = await unpack(crafted({ path: 'lean/tool', mode: 0o6777, body: Buffer.from('x') }));
    expect((await stat(path.join(into, 'tool'))).mode & 0o7777).toBe(0o755);
  });

  test.each<[string, Entry[], RegExp]>([
    ['a path upwards', [{ path: 'lean/../../evil' }], /leads outside/],
    ['an absolute path', [{ path: '/tmp/evil' }], /leads outside/],
    ['a path of Windows', [{ path: 'lean\\..\\..\\evil' }], /leads outside/],
    ['a drive', [{ path: 'C:/evil' }], /leads outside/],
    ['two top directories', [{ path: 'lean/a' }, { path: 'other/b' }], /more than one top directory/],
    ['an absolute link', [{ path: 'lean/a', type: 'SymbolicLink', linkpath: '/etc/passwd' }], /link that leads outside/],
    ['a link upwards', [{ path: 'lean/a', type: 'SymbolicLink', linkpath: '../../x' }], /link that leads outside/],
    ['a hard link to elsewhere', [{ path: 'lean/a', type: 'Link', linkpath: '/etc/passwd' }], /link that leads outside/],
    ['a hard link upwards', [{ path: 'lean/a', type: 'Link', linkpath: 'lean/../../x' }], /link that leads outside/],
    ['links that lead outside together', [
      { path: 'lean/d/e', type: 'Directory' },
      { path: 'lean/d/e/up', type: 'SymbolicLink', linkpath: '..' },
      { path: 'lean/l', type: 'SymbolicLink', linkpath: 'd/e/up/../../../..' },
    ], /link that leads outside/],
    ['a link to nowhere', [{ path: 'lean/a', type: 'SymbolicLink', linkpath: 'nothing' }], /outside or nowhere/],
    ['a file through a link', [
      { path: 'lean/d', type: 'Directory' },
      { path: 'lean/l', type: 'SymbolicLink', linkpath: 'd' },
      { path: 'lean/l/x', body: Buffer.from('x') },
    ], /./],
    ['a device', [{ path: 'lean/a', type: 'CharacterDevice' }], /of type CharacterDevice/],
    ['a pipe', [{ path: 'lean/a', type: 'FIFO' }], /of type FIFO/],
  ])('with %s is refused', async (_, entries, message) => {
    const failed = unpack(crafted(...entries));
    await expect(failed).rejects.toMatchObject({ name: 'ToolchainError', stage: 'unpack' });
    await expect(failed).rejects.toThrow(message);
  }); // prettier-ignore

  test('that is a bomb, in bytes or in files, is refused before it is unpacked as a whole', async () => {
    const zeros = crafted({ path: 'lean/zeros', body: Buffer.alloc(60e6) });
    expect(zeros.length).toBeLessThan(100_000);
    await expect(unpack(zeros)).rejects.toThrow(/too large/);
    const many = crafted(...Array.from({ length: 1001 }, (_, i) => ({ path: `lean/${i}` })));
    await expect(unpack(many)).rejects.toThrow(/more than 1000 entries/);
  });

  test.each<[string, (archive: Buffer) => Buffer]>([
    ['cut off', (archive) => archive.subarray(0, archive.length >> 1)],
    ['damaged', (archive) => Buffer.concat([archive.subarray(0, 20), randomBytes(archive.length - 20)])],
    ['no archive', () => randomBytes(1000)],
    ['no tar', () => zstdCompressSync(randomBytes(10_000))],
  ])('that is %s is refused', async (_, change) => {
    await expect(unpack(change(await toolchainArchive('4.0.0')))).rejects.toMatchObject({ stage: 'unpack' });
  });

  test('stops when the signal is aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(unpack(await toolchainArchive('4.0.0'), { signal })).rejects.toThrow('enough');
  });
});
