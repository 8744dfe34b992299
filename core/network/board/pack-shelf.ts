import type { ContentId, PeerId, SignedPack } from '../../record/index.ts';
import type { PackOutcome, SeenVersion } from './types.ts';

/** Packs on the board at one time. */
const MAX_PACKS = 1000;
/** Statements in all of them together. */
const MAX_ENTRIES = 200_000;
const MAX_SEEN = 10_000;

/** A pack's place: one curator may have several packs, each under its name. */
const placeOf = (curator: PeerId, name: string): string => `${curator}/${name}`;

export interface Adoption {
  readonly outcome: PackOutcome;
  /** The pack whose place it took. */
  readonly replaced?: SignedPack;
}

/**
 * The packs that count: of each curator and name the highest version. The highest version ever seen is remembered also
 * when the pack itself is gone, so that nobody can bring an older one back.
 */
export class PackShelf {
  readonly #packs = new Map<string, SignedPack>();
  readonly #byId = new Map<ContentId, SignedPack>();
  readonly #seen = new Map<string, SeenVersion>();
  #entries = 0;

  get packs(): readonly SignedPack[] {
    return [...this.#packs.values()];
  }

  get(id: ContentId): SignedPack | undefined {
    return this.#byId.get(id);
  }

  get seen(): readonly SeenVersion[] {
    return [...this.#seen.values()];
  }

  /** Takes up what was seen in an earlier life of this node. */
  restore(seen: readonly SeenVersion[]): void {
    for (const version of seen) {
      const place = placeOf(version.curator, version.pack);
      const known = this.#seen.get(place);
      if (known === undefined || known.version < version.version) this.#note(place, version);
    }
  }

  /** Takes a pack whose signature was checked and whose curator is trusted. */
  adopt(pack: SignedPack): Adoption {
    const { curator, name, version, entries } = pack.record;
    const place = placeOf(curator, name);
    const seen = this.#seen.get(place);
    const current = this.#packs.get(place);
    if (seen !== undefined) {
      if (version < seen.version) return { outcome: { kind: 'rollback', seen: seen.version } };
      if (version === seen.version && pack.id !== seen.id) {
        return { outcome: { kind: 'equivocation', kept: seen.id } };
      }
    }
    if (current?.id === pack.id) return { outcome: { kind: 'known' } };
    const size = this.#entries - (current?.record.entries.length ?? 0) + entries.length;
    if (size > MAX_ENTRIES || (current === undefined && this.#packs.size >= MAX_PACKS)) {
      return { outcome: { kind: 'full' } };
    }
    this.#entries = size;
    this.#packs.set(place, pack);
    if (current !== undefined) this.#byId.delete(current.id);
    this.#byId.set(pack.id, pack);
    this.#note(place, { curator, pack: name, version, id: pack.id });
    return current === undefined
      ? { outcome: { kind: 'adopted' } }
      : { outcome: { kind: 'adopted', replaced: current.record.version }, replaced: current };
  }

  /** Takes a curator's packs away; their versions stay remembered. */
  drop(curator: PeerId): SignedPack[] {
    const dropped = this.packs.filter(({ record }) => record.curator === curator);
    for (const { id, record } of dropped) {
      this.#byId.delete(id);
      this.#packs.delete(placeOf(curator, record.name));
      this.#entries -= record.entries.length;
    }
    return dropped;
  }

  #note(place: string, version: SeenVersion): void {
    this.#seen.delete(place);
    this.#seen.set(place, version);
    if (this.#seen.size <= MAX_SEEN) return;
    // Only trusted curators are remembered; the longest unheard of goes, save those whose pack is here.
    for (const other of this.#seen.keys()) {
      if (this.#packs.has(other)) continue;
      this.#seen.delete(other);
      return;
    }
  }

  /** The id of the highest version seen of a pack. */
  latest(curator: PeerId, name: string): ContentId | undefined {
    return this.#seen.get(placeOf(curator, name))?.id;
  }
}
