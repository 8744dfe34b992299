import { describe, expect, test } from 'vitest';
import type { DonationStatus } from '../../../core/api/index.ts';
import { DonationScheduler, known, unknown } from '../../../core/node/donation/index.ts';
import { calm, FakeClock, FakeSensors, FakeWorker, rules, settle } from './support.ts';

const NOON = new Date('2026-01-02T12:00:00').getTime();

function scene(input?: unknown) {
  const clock = new FakeClock(NOON);
  const sensors = new FakeSensors();
  const worker = new FakeWorker();
  const told: DonationStatus[] = [];
  const awake: boolean[] = [];
  const scheduler = new DonationScheduler(
    { clock, sensors, worker, keepAwake: (on) => awake.push(on), onChange: (status) => told.push(status) },
    rules(input),
  );
  return { clock, sensors, worker, told, awake, scheduler };
}

describe('DonationScheduler', () => {
  test('does nothing before it is started, and tells so', () => {
    const { scheduler, worker } = scene();
    expect(scheduler.status).toMatchObject({ state: 'stopped', reasons: [{ kind: 'stopped' }] });
    expect(worker.orders).toEqual([]);
  });

  test('pauses within a look of the plug being pulled, and goes on once it is back', async () => {
    const { scheduler, clock, sensors, worker } = scene();
    await scheduler.start();
    expect(scheduler.status.state).toBe('running');
    sensors.readings = calm({ battery: known({ onBattery: true, percent: 50 }) });
    await clock.advance(10_000);
    expect(scheduler.status).toMatchObject({ state: 'paused', reasons: [{ kind: 'battery', percent: 50 }] });
    sensors.readings = calm();
    await clock.advance(10_000);
    expect(scheduler.status).toMatchObject({ state: 'running', reasons: [] });
    expect(worker.orders).toEqual(['work', 'stop', 'work']);
  });

  test('a power event is heard at once', async () => {
    const { scheduler, sensors, worker } = scene();
    await scheduler.start();
    sensors.readings = calm({ battery: known({ onBattery: true }) });
    await scheduler.look();
    expect(worker.orders).toEqual(['work', 'stop']);
  });

  test('a pause for some minutes ends to the second', async () => {
    const { scheduler, clock, worker } = scene();
    await scheduler.start();
    await scheduler.pause(30);
    await clock.advance(30 * 60_000 - 1000);
    expect(scheduler.status).toMatchObject({ state: 'paused', nextAt: NOON + 30 * 60_000 });
    await clock.advance(1000);
    expect(scheduler.status.state).toBe('running');
    expect(worker.orders).toEqual(['work', 'stop', 'work']);
  });

  test('a pause does not start what was stopped', async () => {
    const { scheduler, clock } = scene();
    await scheduler.pause(1);
    await clock.advance(120_000);
    expect(scheduler.status.state).toBe('stopped');
  });

  test('keeps to the schedule to the second', async () => {
    const spans = [{ days: [5], from: '12:30', to: '13:00' }];
    const { scheduler, clock } = scene({ when: { kind: 'schedule', spans } });
    await scheduler.start();
    expect(scheduler.status).toMatchObject({ state: 'paused', reasons: [{ kind: 'schedule' }] });
    await clock.advance(30 * 60_000);
    expect(scheduler.status.state).toBe('running');
    await clock.advance(30 * 60_000);
    expect(scheduler.status.state).toBe('paused');
  });

  test('finishes what is under way, then stops', async () => {
    const { scheduler, worker } = scene();
    await scheduler.start();
    worker.busy = 2;
    await scheduler.finish();
    expect(scheduler.status.state).toBe('finishing');
    expect(worker.orders).toEqual(['work', 'finish']);
    worker.busy = 0;
    await scheduler.look();
    expect(scheduler.status).toMatchObject({ state: 'stopped', reasons: [{ kind: 'stopped' }] });
  });

  test('what is being finished is stopped all the same where a rule says so', async () => {
    const { scheduler, sensors, worker } = scene();
    await scheduler.start();
    worker.busy = 1;
    await scheduler.finish();
    sensors.readings = calm({ battery: known({ onBattery: true }) });
    await scheduler.look();
    expect(worker.orders.at(-1)).toBe('stop');
  });

  test('keeps the machine awake while it works, and only then', async () => {
    const { scheduler, sensors, awake } = scene({ when: { kind: 'always' }, keepAwake: true });
    await scheduler.start();
    expect(scheduler.status.awake).toBe(true);
    sensors.readings = calm({ metered: known(true) });
    await scheduler.look();
    expect(scheduler.status.awake).toBe(false);
    await scheduler.setRules(
      rules({ when: { kind: 'always' }, keepAwake: true, pauseOn: { metered: false } }),
    );
    scheduler.dispose();
    expect(awake).toEqual([true, false, true, false]);
  });

  test('says that there is nothing to do', async () => {
    const { scheduler, worker } = scene();
    worker.idleReason = { kind: 'no-work' };
    await scheduler.start();
    expect(scheduler.status).toMatchObject({ state: 'paused', reasons: [{ kind: 'no-work' }] });
    expect(worker.orders).toEqual(['work']);
  });

  test('sensors that fail are told of, and are no reason to stop what no rule forbids', async () => {
    const { scheduler, sensors } = scene();
    sensors.read = () => Promise.reject(new Error('no /sys here'));
    await scheduler.start();
    expect(scheduler.status.state).toBe('running');
    expect(scheduler.status.gaps).toContainEqual({ sensor: 'battery', detail: 'no /sys here' });
  });

  test('tells of changes only', async () => {
    const { scheduler, clock, sensors, told } = scene();
    await scheduler.start();
    await clock.advance(100_000);
    expect(told).toHaveLength(1);
    sensors.readings = calm({ metered: unknown('nobody says') });
    await clock.advance(100_000);
    expect(told).toHaveLength(2);
  });

  test('looks no more once disposed of', async () => {
    const { scheduler, clock, worker } = scene();
    await scheduler.start();
    scheduler.dispose();
    await clock.advance(60_000);
    await settle();
    expect(worker.orders).toEqual(['work', 'stop']);
  });
});
