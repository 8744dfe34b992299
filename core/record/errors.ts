/** A record that does not have the form its schema asks for, or whose identity or signature does not hold. */
export class InvalidRecordError extends Error {
  override readonly name = 'InvalidRecordError';
  readonly record: string;
  readonly reason: 'malformed' | 'not-canonical' | 'wrong-id' | 'bad-signature' | 'too-large';

  constructor(record: string, reason: InvalidRecordError['reason'], detail: string) {
    super(`${record}: ${detail}`);
    this.record = record;
    this.reason = reason;
  }
}
