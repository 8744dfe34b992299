/** Has the kernel check proofs that are nested deeply, and reports what came of it and how much of its stack was used; or only where that lies. */
import { judge } from '../../lean-bundle/wasm/judge.ts';
import { startSession } from '../../lean-bundle/wasm/start-session.ts';

export interface DeepCheck {
  readonly kind: string;
  /** Of the stack in WebAssembly's memory. */
  readonly bytesUsed: number;
}

/** More than any of the checks here uses, and less than there is. */
const PAINTED_BYTES = 8_000_000;
const PAINT = 0xa5;

/** Expressions that hold `e`, each with the same type as it. */
const SHAPES = [
  ['.proj ``And 0 (mkApp4 (mkConst ``And.intro) (mkConst ``True) (mkConst ``True) e (mkConst ``True.intro))', 300],
  ['.letE `x (mkConst ``True) e (.bvar 0) false', 1000],
  ['.app (.lam `x (mkConst ``True) (.bvar 0) .default) e', 1000],
] as const; // prettier-ignore

const [directory = '', what] = process.argv.slice(2);
const request = { op: 'elaborate', imports: ['Init', 'Lean'], target: ['target'] } as const;

const { session: elaborator } = await startSession({ directory });
const { session: judging, runtime } = await startSession({ directory });
judging.environment(['Init']);

function exported(source: string, part: 'goal' | 'proof'): unknown {
  const result = elaborator.elaborate({ ...request, source, part });
  if (result.exported?.kind !== 'exported') throw new Error(JSON.stringify(result).slice(0, 1000));
  return result.exported.data;
}

function checkDeepProofs(): DeepCheck[] {
  const statement = exported('theorem target : True := sorry', 'goal');
  return SHAPES.map(([shape, depth]): DeepCheck => {
    const submission = exported(
      `open Lean Elab Term
def deep : Nat → Expr → Expr
  | 0, e => e
  | n + 1, e => deep n (${shape})
elab "deep" : term => return (deep ${depth} (mkConst \`\`True.intro))
theorem target : True := deep`,
      'proof',
    );
    const { base } = runtime.stack;
    const painted = new Uint8Array(runtime.memory.buffer, base - PAINTED_BYTES, PAINTED_BYTES - 64);
    painted.fill(PAINT);
    const { kind } = judge(judging, { op: 'judge', imports: ['Init'], statement, submission });
    const untouched = painted.findIndex((byte) => byte !== PAINT);
    runtime.stack.check();
    return { kind, bytesUsed: PAINTED_BYTES - untouched };
  });
}

process.send?.(what === 'place' ? runtime.stack.base : checkDeepProofs());
