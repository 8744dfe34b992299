import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiClient, type ApiEvent, type StreamMessage } from '../../../core/api/index.ts';
import { ApiHub } from '../../../core/node/service/hub.ts';
import { emptyState, session } from '../../api/support.ts';

const total = (value: number): ApiEvent => ({ type: 'statements:changed', total: value });

describe('ApiHub', () => {
  test('whenever somebody comes back, what they missed or a snapshot brings them to the same state', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.nat(3000), (before, away) => {
        const hub = new ApiHub(emptyState());
        for (let i = 0; i < before; i++) hub.emit(total(i));
        const seen = { epoch: hub.epoch, seq: hub.seq };
        for (let i = 0; i < away; i++) hub.emit(total(i));
        const messages: StreamMessage[] = [];
        hub.subscribe((message) => messages.push(message), seen);
        const last = messages.at(-1);
        if (away === 0) expect(messages).toEqual([]);
        else if (last?.kind === 'snapshot') expect(last.snapshot).toEqual(hub.snapshot());
        else {
          const seqs = messages.map((message) => (message.kind === 'event' ? message.event.seq : 0));
          expect(seqs).toEqual(Array.from({ length: away }, (_, i) => before + i + 1));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a client in the same process keeps step', () => {
    const hub = new ApiHub(emptyState());
    const client = new ApiClient({
      call: () => Promise.reject(new Error('not asked')),
      subscribe: (listener) => hub.subscribe(listener),
    });
    hub.emit({ type: 'prove:session-changed', session: session('a') });
    hub.emit(total(7));
    expect(client.state).toEqual(hub.state);
    expect(client.seq).toBe(2);
  });
});
