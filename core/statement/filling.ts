/**
 * What is stated of a definition that a challenge leaves open. It holds of everything; what it is for is its type, which
 * names the definition, so that the judge compares the definition's type and has the kernel check its value.
 * @param name the definition's full name
 */
export function fillingOf(name: string): { readonly name: string; readonly formal: string } {
  const theorem = `proofswarm_filling.${name}`;
  return { name: theorem, formal: `theorem _root_.${theorem} : @_root_.${name} = @_root_.${name}` };
}

/** A submission with the proof that belongs to {@link fillingOf}. */
export function withFilling(submission: string, name: string): string {
  return `${submission.trimEnd()}\n\n${fillingOf(name).formal} := rfl\n`;
}
