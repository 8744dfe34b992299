import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { PROJECT } from '../support/paths.ts';

const RESTRICT = path.join(PROJECT, 'electron/worker/restrict.ts');

/** What an expression comes to in a process that was restricted; `fs`, `net` and the like are as any module gets them. */
async function tried(expression: string): Promise<string> {
  const source = `
    const { restrictProcess } = await import(${JSON.stringify(RESTRICT)});
    restrictProcess();
    const fs = await import('node:fs'), net = await import('node:net'), dgram = await import('node:dgram');
    const { execSync, spawn, ChildProcess } = await import('node:child_process'), http = await import('node:http');
    try { await (${expression}); console.log('done'); } catch (error) { console.log(error.message); }
    process.exit(0);`;
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', source];
  return (await promisify(execFile)(process.execPath, args)).stdout.trim();
}

test.each([
  [`execSync('true')`],
  [`spawn('true')`],
  [`process.getBuiltinModule('node:child_process').execFileSync('true')`],
  [`net.connect(1)`],
  [`new net.Socket().connect(1)`],
  [`net.createServer()`],
  [`new net.Server().listen(0)`],
  [`dgram.createSocket('udp4')`],
  [`fs.writeFileSync('/tmp/x', '')`],
  [`fs.promises.writeFile('/tmp/x', '')`],
  [`fs.openSync('/tmp/x', 'w')`],
  [`fs.openSync('/tmp/x', fs.constants.O_RDWR)`],
  [`fs.promises.open('/tmp/x', 'a')`],
  [`fs.rmSync('/tmp/x')`],
  [`fs.createWriteStream('/tmp/x')`],
  [`fs.symlinkSync('/tmp/x', '/tmp/y')`],
])('%s is not to be had', async (expression) => {
  expect(await tried(expression)).toMatch(/is not for this process$/);
});

test('a request over HTTP does not leave', async () => {
  const request = `new Promise((resolve, reject) => http.get('http://127.0.0.1:1/').on('error', reject).on('response', resolve))`;
  expect(await tried(request)).toMatch(/is not for this process$/);
});

test.each([
  [`fs.readFileSync(${JSON.stringify(RESTRICT)})`],
  [`fs.promises.readFile(${JSON.stringify(RESTRICT)})`],
])('%s works still', async (expression) => {
  expect(await tried(expression)).toBe('done');
});
