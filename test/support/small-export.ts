import { EXPR, EXPR_WIDTH, type DeclarationExport } from '../../core/lean/judge/export.ts';

/** `theorem t : Sort 0 := Classical.choice`, which no kernel believes; of a statement's export its goal alone. */
export function smallExport(kind: 'goal' | 'theorem'): DeclarationExport {
  const common = { name: 1, levelParams: [], type: 0 };
  return {
    strings: ['t', 'Classical', 'choice'],
    names: Int32Array.of(0, 0, 0, 0, 0, 1, 2, 0, 2),
    levels: Int32Array.of(0, 0, 0),
    levelLists: Int32Array.of(),
    exprs: Int32Array.of(EXPR.sort, 0, 0, 0, 0, EXPR.const, 3, 0, 0, 0),
    declarations: [kind === 'goal' ? { kind, ...common } : { kind, ...common, value: 1 }],
  };
}

/** The same with a proof of so many applications of what was before to itself: as large as it can be, and nothing else. */
export function largeExport(applications: number): DeclarationExport {
  const small = smallExport('theorem');
  const exprs = new Int32Array(small.exprs.length + applications * EXPR_WIDTH);
  exprs.set(small.exprs);
  for (let at = small.exprs.length; at < exprs.length; at += EXPR_WIDTH) {
    const before = at / EXPR_WIDTH - 1;
    exprs.set([EXPR.app, before, before], at);
  }
  const value = exprs.length / EXPR_WIDTH - 1;
  return { ...small, exprs, declarations: [{ kind: 'theorem', name: 1, levelParams: [], type: 0, value }] };
}
