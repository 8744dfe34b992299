import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ComputeLog, MAX_COMPUTE_DAYS } from '../../../core/node/contributors/index.ts';

async function directory(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'proofswarm-compute-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}
const never = (detail: string): void => expect.unreachable(detail);
const dayAfter = (n: number): string => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10);

test('hours are kept by day and by kind, and come back', async () => {
  const data = await directory();
  const log = await ComputeLog.open(data, never);
  expect(await log.save()).toBe(false);
  log.add('gpu', '2026-02-01', 1500);
  log.add('lean', '2026-02-01', 500);
  log.add('cpu', '2026-01-31', 4000);
  log.add('gpu', '2026-02-01', -20);
  log.add('gpu', '2026-02-01', Number.NaN);
  expect(await log.save()).toBe(true);
  expect(await log.save()).toBe(false);
  const again = await ComputeLog.open(data, never);
  expect(again.total).toEqual({ gpu: 1.5, cpu: 4, lean: 0.5 });
  expect(again.days).toEqual([
    { day: '2026-01-31', gpu: 0, cpu: 4, lean: 0 },
    { day: '2026-02-01', gpu: 1.5, cpu: 0, lean: 0.5 },
  ]);
});

test('a year is kept, and the sum of all', async () => {
  const data = await directory();
  const log = await ComputeLog.open(data, never);
  for (let n = 0; n < MAX_COMPUTE_DAYS + 10; n++) log.add('gpu', dayAfter(n), 1000);
  await log.save();
  const again = await ComputeLog.open(data, never);
  expect(again.days.length).toBe(MAX_COMPUTE_DAYS);
  expect(again.days[0]?.day).toBe(dayAfter(10));
  expect(again.total.gpu).toBe(MAX_COMPUTE_DAYS + 10);
});

test('saves that overlap leave one whole file and nothing beside it', async () => {
  const data = await directory();
  const log = await ComputeLog.open(data, never);
  const saves: Promise<boolean>[] = [];
  for (let n = 0; n < 20; n++) {
    log.add('cpu', '2026-02-01', 1000);
    saves.push(log.save());
  }
  await Promise.all(saves);
  expect(await readdir(data)).toEqual(['compute.json']);
  expect((await ComputeLog.open(data, never)).total.cpu).toBe(20);
});

test.each([
  ['cut short', '{"version":1,"total":{"gpu":1'],
  ['not ours', '[]'],
  ['of a later version', '{"version":2,"total":{"gpu":1,"cpu":1,"lean":1},"days":[]}'],
  ['with hours below none', '{"version":1,"total":{"gpu":-1,"cpu":1,"lean":1},"days":[]}'],
  ['far too long', `{"version":1,"pad":"${'x'.repeat(1_000_001)}"}`],
])('a file that is %s is kept aside and told of, and counting goes on', async (_, text) => {
  const data = await directory();
  const file = path.join(data, 'compute.json');
  await writeFile(file, text);
  const told: string[] = [];
  const log = await ComputeLog.open(data, (detail) => told.push(detail));
  expect(told).toEqual([expect.stringContaining(`${file}.damaged`)]);
  expect(await readFile(`${file}.damaged`, 'utf8')).toBe(text);
  log.add('lean', '2026-02-01', 1000);
  await log.save();
  expect((await ComputeLog.open(data, never)).total).toEqual({ gpu: 0, cpu: 0, lean: 1 });
});

test('what a full disk refused is saved later', async () => {
  const data = await directory();
  const log = await ComputeLog.open(data, never);
  log.add('gpu', '2026-02-01', 1000);
  await rm(data, { recursive: true });
  await writeFile(data, 'in the way');
  await expect(log.save()).rejects.toThrow();
  await rm(data);
  expect(await log.save()).toBe(true);
  expect((await ComputeLog.open(data, never)).total.gpu).toBe(1);
});
