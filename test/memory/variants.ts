import { makeStatement, type Statement } from '../../core/record/index.ts';
import { LABELLED } from './labelled.ts';
import { prove, type Proven } from './proofs.ts';

/** Statements as varied as the labelled ones, with numbers and names of their own: as many as are wanted. */
export function variant(n: number, about: Pick<Statement, 'informal' | 'topic'> = {}): Statement {
  const base = LABELLED[n % LABELLED.length]?.statement;
  if (base === undefined) throw new Error('no labelled statements');
  const name = `${base.name}_${n}`;
  const formal = base.formal
    .replace(base.name, name)
    .replace(/ : /, ` (extra${n % 7} : Nat) (hyp : extra${n % 7} % ${n} < lemma${n % 211} ${n}) : `);
  return makeStatement({ environment: base.environment, header: base.header, formal, name, ...about });
}

export function variants(from: number, count: number): Proven[] {
  return Array.from({ length: count }, (_, i) =>
    prove(variant(from + i), {
      by: `by\n  simp [lemma_${i % 97}]\n  omega`,
      createdAt: 1_700_000_000_000 + from + i,
    }),
  );
}
