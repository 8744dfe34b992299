import type { ContentId, PeerId, SignedNotice } from '../../record/index.ts';

const MAX_STATEMENTS = 10_000;
const MAX_PER_STATEMENT = 8;

/** Notices that had standing when they came. */
export class NoticeFile {
  readonly #notices = new Map<ContentId, SignedNotice[]>();

  get all(): readonly SignedNotice[] {
    return [...this.#notices.values()].flat();
  }

  /** Returns whether it was new. */
  add(notice: SignedNotice): boolean {
    const { statement } = notice.record;
    const known = this.#notices.get(statement) ?? [];
    if (known.some(({ id }) => id === notice.id)) return false;
    if (known.length === 0 && this.#notices.size >= MAX_STATEMENTS) {
      const [oldest] = this.#notices.keys();
      if (oldest !== undefined) this.#notices.delete(oldest);
    }
    this.#notices.set(statement, [...known, notice].slice(-MAX_PER_STATEMENT));
    return true;
  }

  /** Whether an issuer took back what it had put up at that time. */
  withdrawn(statement: ContentId, issuer: PeerId, createdAt: number): boolean {
    return (this.#notices.get(statement) ?? []).some(
      ({ record }) => record.issuer === issuer && record.createdAt >= createdAt,
    );
  }

  /** The first notice by someone trusted that it does not say what it should. */
  misstated(statement: ContentId, trusts: (issuer: PeerId) => boolean): SignedNotice | undefined {
    return this.#notices
      .get(statement)
      ?.find(({ record }) => record.status === 'misstated' && trusts(record.issuer));
  }
}
