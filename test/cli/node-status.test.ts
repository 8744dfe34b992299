import { describe, expect, test } from 'vitest';
import type { ApiState, PauseReason } from '../../core/api/index.ts';
import { statusLine } from '../../core/cli/node-status.ts';
import { emptyState, session } from '../api/support.ts';

const NOON = new Date(2026, 0, 31, 12).getTime();
const state = emptyState();

const donating = (
  donation: Pick<ApiState['donation'], 'state' | 'reasons'>,
  over: Partial<ApiState> = {},
): string => statusLine({ ...state, ...over, donation: { ...state.donation, ...donation } }, NOON);

describe('the line of a node', () => {
  test('counts what is there', () => {
    const over: Partial<ApiState> = {
      sessions: [session('a'), session('b'), session('c', { state: 'ended' })],
      bank: { ...state.bank, proofs: 1205, own: 3 },
      statements: { total: 1 },
      network: {
        ...state.network,
        state: 'on',
        peers: 4,
        verification: { ...state.network.verification, queued: 11, running: 1 },
      },
    };
    expect(donating({ state: 'running', reasons: [] }, over)).toBe(
      'Proving 2 · 1,205 proofs (3 own) · 1 statement · 4 peers · 12 to check',
    );
  });

  test('says in words, and last, why nothing is worked on', () => {
    const reasons: PauseReason[] = [
      { kind: 'not-idle', minutes: 5 },
      { kind: 'no-work' },
      { kind: 'disk-full', freeBytes: 1.2e9 },
      { kind: 'user', until: NOON + 3_600_000 },
    ];
    expect(donating({ state: 'paused', reasons })).toBe(
      'Paused · 0 proofs (0 own) · 0 statements · network off · 0 to check · ' +
        'The machine is in use; it waits for 5 minutes without input · ' +
        'There is no open statement to work on · ' +
        'The disk is nearly full: 1.2 GB are free · You paused it until 13:00',
    );
  });

  test('leaves the reason out where the user has stopped it', () => {
    expect(statusLine(state, NOON)).toBe(
      'Not donating · 0 proofs (0 own) · 0 statements · network off · 0 to check',
    );
  });
});
