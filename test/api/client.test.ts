import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ApiClient,
  ApiError,
  applyEvent,
  type ApiEvent,
  type ApiTransport,
  type Snapshot,
  type TransportListener,
} from '../../core/api/index.ts';
import { emptyState, session } from './support.ts';

/** A node reduced to its numbering, over a wire that loses, repeats and reorders, and answers late. */
class LossyNode implements ApiTransport {
  snapshot: Snapshot = { epoch: 'one', seq: 0, state: emptyState() };
  listener: TransportListener = () => undefined;
  readonly waiting: (() => void)[] = [];

  call(command: string): Promise<unknown> {
    expect(command).toBe('api.snapshot');
    const answer = this.snapshot;
    return new Promise((resolve) => this.waiting.push(() => resolve(answer)));
  }

  subscribe(listener: TransportListener): () => void {
    this.listener = listener;
    listener({ kind: 'snapshot', snapshot: this.snapshot });
    return () => (this.listener = () => undefined);
  }

  emit(event: ApiEvent, times: number): void {
    const seq = this.snapshot.seq + 1;
    this.snapshot = { ...this.snapshot, seq, state: applyEvent(this.snapshot.state, event) };
    const { epoch } = this.snapshot;
    for (let i = 0; i < times; i++) this.listener({ kind: 'event', event: { epoch, seq, event } });
  }

  restart(epoch: string): void {
    this.snapshot = { epoch, seq: 0, state: emptyState() };
  }

  async answerAll(): Promise<void> {
    // An answer may show a further gap, which is asked about at once.
    for (let i = 0; i < 100; i++) {
      this.waiting.splice(0).forEach((answer) => answer());
      await new Promise((resolve) => setImmediate(resolve));
      if (this.waiting.length === 0) return;
    }
    throw new Error('the client asks without end');
  }
}

const ids = fc.constantFrom('s1', 's2', 's3');
const events: fc.Arbitrary<ApiEvent> = fc.oneof(
  ids.map((id) => ({ type: 'prove:session-changed' as const, session: session(id) })),
  ids.map((id) => ({ type: 'prove:session-removed' as const, session: id })),
  fc.nat(1000).map((total) => ({ type: 'statements:changed' as const, total })),
  ids.map((id) => ({ type: 'notice:dismissed' as const, notice: id })),
);
type Step = { kind: 'emit'; event: ApiEvent; times: number } | { kind: 'answer' } | { kind: 'restart' };
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('emit' as const), event: events, times: fc.nat(2) }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'answer' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);

describe('ApiClient', () => {
  test('comes to the state of the node, whatever was lost or repeated on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 40 }), events, async (script, last) => {
        const node = new LossyNode();
        const client = new ApiClient(node);
        let epochs = 1;
        for (const step of script) {
          if (step.kind === 'emit') node.emit(step.event, step.times);
          else if (step.kind === 'answer') await node.answerAll();
          else node.restart(`epoch-${(epochs += 1)}`);
        }
        node.emit(last, 1);
        await node.answerAll();
        expect(client.state).toEqual(node.snapshot.state);
        expect(client.seq).toBe(node.snapshot.seq);
      }),
      { numRuns: 300 },
    );
  });

  test('an event is told once, with the state that it led to', () => {
    const node = new LossyNode();
    const client = new ApiClient(node);
    const seen: number[] = [];
    client.subscribe((update) => {
      if (update.kind === 'event') seen.push(update.state.statements.total);
    });
    node.emit({ type: 'statements:changed', total: 1 }, 2);
    node.emit({ type: 'statements:changed', total: 2 }, 1);
    expect(seen).toEqual([1, 2]);
  });

  test('a node of another version is not believed', async () => {
    const transport: ApiTransport = {
      call: () => Promise.resolve({ total: 'many' }),
      subscribe: () => () => undefined,
    };
    const asked = new ApiClient(transport).call('statements.list', {});
    await expect(asked).rejects.toThrow(ApiError);
    await expect(asked).rejects.toMatchObject({ code: 'internal' });
  });

  test('says nothing more once closed', () => {
    const node = new LossyNode();
    const client = new ApiClient(node);
    let told = 0;
    client.subscribe(() => (told += 1));
    client.close();
    node.emit({ type: 'statements:changed', total: 1 }, 1);
    expect(told).toBe(0);
  });
});
