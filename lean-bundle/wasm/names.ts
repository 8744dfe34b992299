import type { LeanObjects, Ref } from './objects.ts';

/** The components of a `Name`, borrowed. */
export function nameParts(objects: LeanObjects, name: Ref): string[] {
  const parts: string[] = [];
  for (let at = name; !objects.isScalar(at); at = objects.field(at, 0)) {
    const part = objects.field(at, 1);
    parts.push(objects.isScalar(part) ? String(objects.unbox(part)) : objects.text(part));
  }
  return parts.toReversed();
}

/** A `Name`, borrowed, as it is shown. */
export function nameText(objects: LeanObjects, name: Ref): string {
  return nameParts(objects, name).join('.');
}
