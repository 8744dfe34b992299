import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hasModules } from '../../lean-bundle/wasm/module-list.ts';
import { PREPARED, statement, testChecker } from '../support/lean.ts';
import { TEST_CACHE } from '../support/paths.ts';

const scratch = mkdtempSync(path.join(TEST_CACHE, 'purged-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The prepared files once more, which takes no room. */
function linkAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkAll(source, copy);
    else linkSync(source, copy);
  }
}

test('the modules of the library are known by their names', () => {
  expect(hasModules(PREPARED, ['Init', 'Std.Data.HashSet', 'Lean.Elab.Command'])).toBe(true);
  expect(hasModules(PREPARED, ['Init', 'Std.Data.Nothing'])).toBe(false);
  expect(hasModules(PREPARED, ['Lake'])).toBe(false);
});

test('a module that is gone from this machine is nobody else’s fault; one that never was is', async () => {
  linkAll(PREPARED, scratch);
  rmSync(path.join(scratch, 'lib/Std/Data/HashSet.olean'), { force: true });
  await using checker = testChecker({ preparedDirectory: scratch });
  const target = statement('theorem target : 1 + 1 = 2');
  const submit = async (module: string): Promise<unknown> =>
    (await checker.check(target, `import ${module}\ntheorem target : 1 + 1 = 2 := rfl`)).verdict;
  expect(await submit('Std.Data.HashSet')).toMatchObject({
    kind: 'crashed',
    detail: expect.stringContaining('HashSet') as string,
  });
  expect(await submit('Std.Data.Nothing')).toMatchObject({
    kind: 'rejected',
    reason: 'environment-mismatch',
  });
  expect(await submit('Std.Data.TreeMap')).toMatchObject({ kind: 'proved' });
});
