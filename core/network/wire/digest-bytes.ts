/** Of a sha2-256 digest, which is what a content id is made of. Apart, as the thread that reconciles needs no more of ids. */
export const DIGEST_BYTES = 32;
