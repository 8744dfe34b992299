/**
 * How nodes share work, in simulated time, over the product's own allocation code.
 *
 *     node test/bench/allocation.ts                        # 30 and 100 nodes, and the time of one choice
 *     node test/bench/allocation.ts NODES STATEMENTS HOURS [ROW…]   # one size, e.g. 1000 2000 0.5; rows from 0
 */
import { Allocator, Credibility } from '../../core/network/claims/index.ts';
import { candidate, claimOf, strength } from '../network/claims/support.ts';
import type { Figures } from '../network/claims/simulation/measures.ts';
import { Random } from '../network/claims/simulation/random.ts';
import { simulate, type SimulationSettings } from '../network/claims/simulation/simulate.ts';
import { machine, print, quantile, round } from './table.ts';

const HEADINGS = [
  'allocation',
  'delay s',
  'hostile',
  'solved ¼ ½ 1',
  'twice %',
  'avoidable %',
  'repeated %',
  'free again s, p50 p95',
  'retaken s, p50 p95',
  'never',
  'fairness',
  'untried %',
  'targets',
  'run s',
];

const percent = (share: number): number => round(100 * share);
const both = (values: readonly number[]): string =>
  values.length === 0 ? '–' : [0.5, 0.95].map((share) => round(quantile(values, share), 0)).join(' ');

function row(settings: SimulationSettings): (string | number)[] {
  const started = performance.now();
  const figures: Figures = simulate(settings);
  const deaf = settings.way !== 'swarm';
  return [
    settings.way,
    settings.delayMs / 1000,
    percent(settings.hostile),
    figures.solved.join(' '),
    percent(figures.duplicated),
    percent(figures.avoidable),
    percent(figures.repeated),
    deaf ? '–' : both(figures.freeAgain),
    both(figures.retaken),
    figures.neverRetaken,
    round(figures.fairness, 2),
    percent(figures.untried),
    round(figures.targets, 2),
    round((performance.now() - started) / 1000),
  ];
}

function swarmOf(nodes: number, statements: number, hours: number, rows: readonly number[] = []): void {
  const base = {
    seed: 1,
    nodes,
    statements,
    horizonMs: hours * 3_600_000,
    delayMs: 2000,
    dying: 0.1,
    hostile: 0,
  };
  const runs: SimulationSettings[] = [
    ...(['oracle', 'central', 'swarm', 'deaf', 'random'] as const).map((way) => ({ ...base, way })),
    ...[500, 10_000, 30_000].map((delayMs) => ({ ...base, way: 'swarm' as const, delayMs })),
    ...[0.1, 0.2, 0.3].map((hostile) => ({ ...base, way: 'swarm' as const, hostile })),
  ];
  print(
    `${nodes} nodes, ${statements} statements, ${hours} h, a tenth of the nodes dying`,
    HEADINGS,
    runs.filter((_, i) => rows.length === 0 || rows.includes(i)).map(row),
  );
}

/** One choice among many open statements, with five claims heard and one try recorded between choices. */
function choices(statements: number): void {
  const random = new Random(1);
  const allocator = new Allocator(
    { credibility: new Credibility(), random: random.next },
    { strength: strength() },
  );
  let started = performance.now();
  for (let i = 0; i < statements; i++) allocator.put(candidate(`s${i}`, { priority: i % 10 }));
  const build = performance.now() - started;
  const times: number[] = [];
  const heard: number[] = [];
  for (let i = 0; i < 5000; i++) {
    const now = i * 1000;
    started = performance.now();
    for (let j = 0; j < 5; j++) {
      allocator.heard(claimOf(`p${random.below(500)}`, `s${random.below(statements)}`, now), now);
    }
    heard.push((performance.now() - started) / 5);
    started = performance.now();
    const id = allocator.choose(1, now)[0]?.statement ?? '';
    times.push(performance.now() - started);
    allocator.worked(id, { policy: 'llama', model: 'a' }, 100, { wholeTry: true });
    allocator.release(id);
  }
  const microseconds = (values: readonly number[], share: number): number =>
    round(1000 * quantile(values, share));
  started = performance.now();
  allocator.setStrength(strength({ speed: 2 }));
  print(
    `Choosing among ${statements} open statements`,
    ['build ms', 'choose µs, p50 p99', 'a claim heard µs, p50 p99', 'new strength ms'],
    [
      [
        round(build),
        `${microseconds(times, 0.5)} ${microseconds(times, 0.99)}`,
        `${microseconds(heard, 0.5)} ${microseconds(heard, 0.99)}`,
        round(performance.now() - started),
      ],
    ],
  );
}

console.log(machine());
const [nodes, statements, hours, ...rows] = process.argv.slice(2).map(Number);
if (nodes !== undefined && statements !== undefined) {
  swarmOf(nodes, statements, hours ?? 1, rows);
} else {
  swarmOf(30, 300, 2);
  swarmOf(30, 40, 2);
  swarmOf(100, 1000, 2);
  choices(100_000);
}
