import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AttestationView } from '../../api/index.ts';
import {
  decodeAttestation,
  encodeAttestation,
  type ContentId,
  type SignedAttestation,
} from '../../record/index.ts';

const MAX_PER_RECORD = 100;
const MAX_RECORDS = 200_000;

/** Who re-checked which record: a file that only grows, a line an attestation in base64. */
export class AttestationFile {
  readonly #file: string;
  readonly #byRecord = new Map<ContentId, Map<string, SignedAttestation>>();
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

  of(record: ContentId): AttestationView[] {
    return [...(this.#byRecord.get(record)?.values() ?? [])].map(
      ({ record: { peer, checker, createdAt } }) => ({
        peer,
        checker,
        createdAt,
      }),
    );
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
    if (known.size === 0 && this.#byRecord.size >= MAX_RECORDS) return false;
    this.#byRecord.set(record, known.set(peer, attestation));
    return true;
  }
}
