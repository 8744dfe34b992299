import type { ApiEvent, AttemptRow, ClientUpdate, ReplyView, SessionView } from '../../core/api/index.ts';
import { grownReply, MAX_REPLIES, MAX_TIMELINE } from '../../core/api/index.ts';
import { errorText } from './error-text.ts';
import type { Loaded } from './query.ts';

type Place = Pick<AttemptRow, 'rollout' | 'round' | 'candidate'>;

const samePlace = (a: Place, b: Place): boolean =>
  a.rollout === b.rollout && a.round === b.round && a.candidate === b.candidate;

/** A session's view after an event; the same object where the event says nothing of it. */
export function applyToSession(view: SessionView, event: ApiEvent): SessionView {
  if (event.type === 'prove:session-changed') {
    if (event.session.id !== view.session.id) return view;
    if (event.session.state === 'ended')
      return { ...view, session: event.session, checking: [], replies: [] };
    return { ...view, session: event.session };
  }
  if (!('session' in event) || event.session !== view.session.id) return view;
  switch (event.type) {
    case 'prove:retrieved':
      return { ...view, premises: event.premises };
    case 'prove:check-started':
      return { ...view, checking: [...view.checking, event.place] };
    case 'prove:attempt-finished': {
      const { attempt } = event;
      const all = [...view.attempts, attempt];
      const dropped = Math.max(0, all.length - MAX_TIMELINE);
      return {
        ...view,
        session: { ...view.session, attempts: view.session.attempts + 1 },
        attempts: dropped === 0 ? all : all.slice(dropped),
        omitted: view.omitted + dropped,
        checking: view.checking.filter((place) => !samePlace(place, attempt)),
      };
    }
    case 'prove:reply-started':
      return { ...view, replies: withReply(view.replies, event.reply) };
    case 'prove:replies-grew': {
      const added = new Map(event.added.map((one) => [one.rollout, one]));
      const replies = view.replies.map((reply) => {
        const grown = added.get(reply.rollout);
        return grown === undefined ? reply : grownReply(reply, grown);
      });
      return { ...view, replies };
    }
    case 'prove:reply-ended':
      return { ...view, replies: view.replies.filter(({ rollout }) => rollout !== event.rollout) };
    case 'prove:rollout-started':
    case 'prove:round-started':
    case 'prove:session-removed':
      return view;
  }
}

/** By rollout, each having one. */
const withReply = (replies: readonly ReplyView[], reply: ReplyView): ReplyView[] =>
  [...replies.filter(({ rollout }) => rollout !== reply.rollout), reply]
    .toSorted((a, b) => a.rollout - b.rollout)
    .slice(0, MAX_REPLIES);

interface Source {
  get(): Promise<{ seq: number; view: SessionView }>;
  onUpdate(listener: (update: ClientUpdate) => void): () => void;
}

/** One session, kept current: read once, then changed by what happens later than what was read. */
export class SessionLog {
  readonly #source: Source;
  readonly #listeners = new Set<() => void>();
  #value: Loaded<SessionView> = { kind: 'loading' };
  #undo: (() => void) | undefined;
  /** Events that came while it is being read; undefined once it has been. */
  #early: { seq: number; event: ApiEvent }[] | undefined;
  #generation = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  readonly current = (): Loaded<SessionView> => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#undo = this.#source.onUpdate((update) => this.#hear(update));
      void this.#read();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#undo?.();
      this.#generation++;
    };
  };

  async #read(): Promise<void> {
    const generation = ++this.#generation;
    this.#early = [];
    try {
      const { seq, view } = await this.#source.get();
      if (generation !== this.#generation) return;
      const later = this.#early.filter((early) => early.seq > seq);
      this.#early = undefined;
      this.#set({ kind: 'ready', value: later.reduce((now, { event }) => applyToSession(now, event), view) });
    } catch (error) {
      if (generation === this.#generation) this.#set({ kind: 'failed', message: errorText(error) });
    }
  }

  #hear(update: ClientUpdate): void {
    if (update.kind === 'synced') void this.#read();
    if (update.kind !== 'event') return;
    if (this.#early !== undefined) {
      this.#early.push(update);
      return;
    }
    if (this.#value.kind !== 'ready') return;
    const value = applyToSession(this.#value.value, update.event);
    if (value !== this.#value.value) this.#set({ kind: 'ready', value });
  }

  #set(value: Loaded<SessionView>): void {
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }
}
