import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createIdentity,
  peerIdSchema,
  peerOfPublicKey,
  publicKeyOfPeer,
  sign,
  verifySignature,
} from '../../core/record/index.ts';
import { identity } from './generators.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('a peer id', () => {
  it('gives back the public key it was made of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        const peer = peerOfPublicKey(key);
        expect(peer).toMatch(/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/);
        expect(publicKeyOfPeer(peer)).toEqual(key);
        expect(peerIdSchema.parse(peer)).toBe(peer);
      }),
    );
  });

  it("reads and rewrites libp2p's published example", () => {
    const example = '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA';
    const key = publicKeyOfPeer(example);
    expect(key).toHaveLength(32);
    expect(peerOfPublicKey(key ?? new Uint8Array())).toBe(example);
  });

  it("belongs to the key pair of libp2p's published Ed25519 test vector", () => {
    const seed = hex('7e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d');
    const key = publicKeyOfPeer(createIdentity(seed).peer);
    expect(key).toEqual(hex('1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e'));
  });

  it.each([
    ['nothing', ''],
    ['an RSA peer id', 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N'],
    ['a CID', 'bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe'],
    ['one character less', '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S'],
    ['one character more', '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SAA'],
    ['a character that base58 lacks', '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S0'],
    ['another key type', '16Uiu2HAmNsxJgLnZLhVCAV3UDkm4tFjjDNzHVjFTUVTDkPjF2T4x'],
    ['a leading blank', ' 12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S'],
  ])('is not %s', (_, text) => {
    expect(publicKeyOfPeer(text)).toBeUndefined();
    expect(peerIdSchema.safeParse(text).success).toBe(false);
  });

  it('is refused without decoding where it is far too long', () => {
    const start = performance.now();
    expect(peerIdSchema.safeParse('z'.repeat(1_000_000)).success).toBe(false);
    // Base58 takes quadratic time: minutes for this text.
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('a signature', () => {
  const message = fc.uint8Array({ maxLength: 200 });

  it('holds for its message, domain and peer, and for nothing else', () => {
    fc.assert(
      fc.property(identity, identity, message, message, (signer, stranger, bytes, other) => {
        const signature = sign('a', bytes, signer);
        expect(verifySignature('a', bytes, signature, signer.peer)).toBe(true);
        expect(verifySignature('b', bytes, signature, signer.peer)).toBe(false);
        expect(verifySignature('a', bytes, signature, stranger.peer)).toBe(stranger.peer === signer.peer);
        expect(verifySignature('a', other, signature, signer.peer)).toBe(Buffer.compare(bytes, other) === 0);
      }),
      { numRuns: 30 },
    );
  });

  it('does not let the end of a domain pass for the start of a message', () => {
    const signer = createIdentity(new Uint8Array(32));
    const signature = sign('ab', Uint8Array.of(0x63), signer);
    expect(verifySignature('a', Uint8Array.of(0x62, 0x63), signature, signer.peer)).toBe(false);
    expect(verifySignature('abc', Uint8Array.of(), signature, signer.peer)).toBe(false);
  });

  it('is refused, not thrown at, where it has no form at all', () => {
    const signer = createIdentity(new Uint8Array(32));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (signature) => {
        expect(verifySignature('a', Uint8Array.of(1), signature, signer.peer)).toBe(false);
      }),
      { numRuns: 50 },
    );
    expect(verifySignature('a', Uint8Array.of(1), new Uint8Array(64), 'nobody')).toBe(false);
  });

  it('is refused in its malleable form, S + L', () => {
    const signer = createIdentity(new Uint8Array(32).fill(7));
    const signature = sign('a', Uint8Array.of(1), signer);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = 0n;
    for (const [i, byte] of signature.subarray(32).entries()) s |= BigInt(byte) << BigInt(8 * i);
    const forged = Uint8Array.from(signature);
    for (let i = 0; i < 32; i++) forged[32 + i] = Number(((s + order) >> BigInt(8 * i)) & 0xffn);
    expect(forged).not.toEqual(signature);
    expect(verifySignature('a', Uint8Array.of(1), forged, signer.peer)).toBe(false);
  });
});
