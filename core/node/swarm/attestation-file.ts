import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  decodeAttestation,
  encodeAttestation,
  type ContentId,
  type SignedAttestation,
} from '../../record/index.ts';

const MAX_PER_RECORD = 100;
/** A checked one takes some 300 bytes of memory. */
const MAX_ATTESTATIONS = 200_000;

/** Who re-checked which record: a file that only grows, a line an attestation in base64. */
export class AttestationFile {
  readonly #file: string;
  readonly #byRecord = new Map<ContentId, Map<string, SignedAttestation>>();
  readonly #byId = new Map<ContentId, SignedAttestation>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(file: string) {
    this.#file = file;
  }

  static async open(directory: string): Promise<AttestationFile> {
    await mkdir(directory, { recursive: true });
    const attestations = new AttestationFile(path.join(directory, 'attestations.b64'));
    const text = await readFile(attestations.#file, 'latin1').catch(() => '');
    for (const line of text.split('\n')) {
      if (line === '') continue;
      try {
        attestations.#note(decodeAttestation(new Uint8Array(Buffer.from(line, 'base64'))));
      } catch {
        // Cut short by a crash, or damaged: others will say it again.
      }
    }
    return attestations;
  }

  has(id: ContentId): boolean {
    return this.#byId.has(id);
  }

  get(id: ContentId): SignedAttestation | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<SignedAttestation> {
    return this.#byId.values();
  }

  of(record: ContentId): SignedAttestation[] {
    return [...(this.#byRecord.get(record)?.values() ?? [])];
  }

  /** @returns whether it is one more than before */
  async add(attestation: SignedAttestation): Promise<boolean> {
    if (!this.#note(attestation)) return false;
    const line = Buffer.from(encodeAttestation(attestation)).toString('base64');
    const write = this.#last.then(() => appendFile(this.#file, `\n${line}\n`));
    this.#last = write.catch(() => undefined);
    await write;
    return true;
  }

  #note(attestation: SignedAttestation): boolean {
    const { record, peer } = attestation.record;
    const known = this.#byRecord.get(record) ?? new Map<string, SignedAttestation>();
    if (known.has(peer) || known.size >= MAX_PER_RECORD) return false;
    if (this.#byId.size >= MAX_ATTESTATIONS) return false;
    this.#byRecord.set(record, known.set(peer, attestation));
    this.#byId.set(attestation.id, attestation);
    return true;
  }
}
