import path from 'node:path';
import { allowedAddress, type Expected } from './download/index.ts';
import { UnknownModelError } from './errors.ts';
import { findListed, type Manifest } from './manifest.ts';
import { idFromFile, parseId } from './record.ts';

/** A file to be fetched, and what is known of it. */
export interface WantedFile {
  readonly id: string;
  readonly url: string;
  readonly expected: Expected;
  readonly promptFamily?: string | undefined;
  readonly licence?: string;
}

/**
 * The file that a reference means: of the list, or at an https address.
 * @throws UnknownModelError, ForbiddenAddressError
 */
export function wantedFile(
  manifest: Manifest,
  reference: string,
  given: { readonly id?: string; readonly promptFamily?: string; readonly sha256?: string },
): WantedFile {
  const listed = findListed(manifest, reference);
  if (listed !== undefined) {
    const { file, model } = listed;
    const sha256 = given.sha256 ?? file.sha256;
    return {
      id: parseId(given.id ?? listed.id),
      url: listed.url,
      expected: {
        ...(sha256 === undefined ? {} : { sha256 }),
        ...(file.bytes === undefined ? {} : { bytes: file.bytes }),
      },
      promptFamily: given.promptFamily ?? model.promptFamily,
      licence: model.licence,
    };
  }
  if (!reference.includes('://')) {
    throw new UnknownModelError(reference, 'no such model in the list; give an id of it or an https address');
  }
  const url = allowedAddress(reference);
  return {
    id: parseId(given.id ?? idFromFile(path.posix.basename(url.pathname))),
    url: url.href,
    expected: given.sha256 === undefined ? {} : { sha256: given.sha256 },
    promptFamily: given.promptFamily,
  };
}
