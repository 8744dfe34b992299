import { UnknownFamilyError } from './errors.ts';
import { FAMILIES } from './families.ts';
import type { PromptFamily } from './family.ts';
import type { ModelDescription } from './types.ts';

const FALLBACK = 'generic';

/**
 * The family that a model was trained with: the one the user names, or else the first of which a fragment is in the
 * model's own names, or else in those of the models it was made from, or else `generic`.
 * @throws UnknownFamilyError for a name that is none of `families`
 */
export function chooseFamily(
  model: ModelDescription,
  wanted?: string,
  families: readonly PromptFamily[] = FAMILIES,
): PromptFamily {
  const named = (name: string): PromptFamily => {
    const family = families.find((candidate) => candidate.name === name);
    if (family === undefined)
      throw new UnknownFamilyError(
        name,
        families.map((f) => f.name),
      );
    return family;
  };
  if (wanted !== undefined) return named(wanted);
  const own = [model.name, model.basename, model.fileName, model.architecture];
  return familyOf(own, families) ?? familyOf([...(model.baseModels ?? [])], families) ?? named(FALLBACK);
}

function familyOf(
  names: readonly (string | undefined)[],
  families: readonly PromptFamily[],
): PromptFamily | undefined {
  const normal = names.flatMap((name) => (name === undefined ? [] : [normalize(name)]));
  return families.find(({ models }) =>
    models.some((fragment) => normal.some((name) => name.includes(fragment))),
  );
}

/** `Goedel_Prover V2.8B` → `goedel-prover-v2-8b`; metadata may be long. */
const normalize = (name: string): string =>
  name
    .slice(0, 1_000)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
