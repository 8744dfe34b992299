import { describe, expect, test } from 'vitest';
import { Estimate } from '../../core/cli/estimate.ts';

const easy = { difficulty: 'easy' } as const;
const hard = { difficulty: 'hard' } as const;
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('the estimate of what is left', () => {
  test('is not given before a few have been done', () => {
    const estimate = new Estimate({ statements: times(10, easy), budget: 10, jobs: 1 });
    estimate.advance(easy, 1);
    estimate.advance(easy, 1);
    expect(estimate.remaining()).toBeUndefined();
    expect(estimate.text()).toBe('estimating');
    estimate.advance(easy, 1);
    expect(estimate.remaining()).toBeGreaterThan(7);
  });

  test('comes half way through a run of few statements', () => {
    const estimate = new Estimate({ statements: times(3, easy), budget: 10, jobs: 1 });
    estimate.advance(easy, 1);
    expect(estimate.remaining()).toBeUndefined();
    estimate.advance(easy, 1);
    expect(estimate.remaining()).toBeDefined();
  });

  test('does not take hard statements for as quick as the easy ones before them', () => {
    const statements = [...times(50, easy), ...times(50, hard)];
    const estimate = new Estimate({ statements, budget: 60, jobs: 1 });
    for (let i = 0; i < 50; i++) estimate.advance(easy, 0.5);
    expect(estimate.remaining()).toBeGreaterThan(50 * 45);
  });

  test('comes to what each difficulty has really taken', () => {
    const statements = [...times(1000, easy), ...times(1000, hard)];
    const estimate = new Estimate({ statements, budget: 60, jobs: 2 });
    for (let i = 0; i < 500; i++) estimate.advance(easy, 1);
    for (let i = 0; i < 500; i++) estimate.advance(hard, 10);
    // 500 × 1 s and 500 × 10 s, two at a time.
    const remaining = estimate.remaining() ?? 0;
    expect(remaining).toBeGreaterThan(2750);
    expect(remaining).toBeLessThan(2750 * 1.05);
  });

  test('ends when all is done', () => {
    const estimate = new Estimate({ statements: [easy], budget: 10, jobs: 1 });
    estimate.advance(easy, 1);
    expect(estimate.remaining()).toBe(0);
    expect(estimate.text()).toBe('all done');
  });
});
