import { nameComponents } from './characters.ts';

type Scope = { readonly kind: 'namespace' | 'section'; readonly name?: string } | { readonly kind: 'mutual' };

/** The namespaces, sections and mutual blocks that are open at a place of a file. */
export class Scopes {
  private readonly stack: Scope[] = [];
  /** The open namespaces, joined; undefined after a change. */
  private namespace: string | undefined;

  /** Opens one scope for each component, as Lean does: `namespace A.B` can be closed by `end B` and `end A`. */
  open(kind: 'namespace' | 'section', identifier: string | undefined): void {
    this.namespace = undefined;
    const names = identifier === undefined ? [] : nameComponents(identifier);
    if (names.length === 0) this.stack.push({ kind });
    for (const name of names) this.stack.push({ kind, name });
  }

  openMutual(): void {
    this.stack.push({ kind: 'mutual' });
  }

  get inMutual(): boolean {
    return this.stack.some((scope) => scope.kind === 'mutual');
  }

  /** Closes what `end` names. Returns what it should have been where that does not fit, and then closes nothing. */
  close(identifier: string | undefined): { readonly expected: string; readonly fatal: boolean } | undefined {
    this.namespace = undefined;
    const names = identifier === undefined ? [] : nameComponents(identifier);
    const innermost = this.stack.at(-1);
    if (innermost === undefined) return { expected: 'no `end`, as nothing is open', fatal: false };
    if (innermost.kind === 'mutual' || innermost.name === undefined) {
      if (names.length > 0) return { expected: '`end`', fatal: true };
      this.stack.pop();
      return undefined;
    }
    const count = names.length;
    const closing = this.stack.slice(-count);
    const fits =
      count > 0 &&
      closing.length === count &&
      closing.every((scope, i) => scope.kind !== 'mutual' && scope.name === names[i]);
    if (!fits) return { expected: `\`end ${innermost.name}\``, fatal: true };
    this.stack.length -= count;
    return undefined;
  }

  /** The full name of what is declared here under this identifier. */
  qualify(identifier: string): string {
    const names = nameComponents(identifier);
    if (names[0] === '_root_') return names.slice(1).join('.');
    this.namespace ??= this.stack
      .map((scope) => (scope.kind === 'namespace' && scope.name !== undefined ? `${scope.name}.` : ''))
      .join('');
    return this.namespace + names.join('.');
  }
}
