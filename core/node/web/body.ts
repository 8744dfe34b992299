import type { IncomingMessage } from 'node:http';

/** The request's body is longer than its command can need. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** The sender stopped in the middle, or took too long. */
export class BodyBrokenError extends Error {
  override readonly name = 'BodyBrokenError';
}

/** @throws BodyTooLargeError, BodyBrokenError */
export async function readBody(request: IncomingMessage, limit: number): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new BodyTooLargeError();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw new BodyTooLargeError();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof BodyTooLargeError) throw error;
    throw new BodyBrokenError((error as Error).message);
  }
  return Buffer.concat(chunks).toString('utf8');
}
