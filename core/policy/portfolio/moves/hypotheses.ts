import type { Local } from '../context.ts';
import { findTop, splitTop, squeeze, unwrap } from '../lean-text.ts';
import { hypotheses, values } from '../shape.ts';
import { boundNames, outermost } from './binders.ts';
import { freshNames, type Move, type Scene } from './move.ts';

/** Taking hypotheses apart: ∧ and ∃ at once, ∨ into cases, divisibility into a quotient. */
export function hypothesisMoves({ context, shape }: Scene): Move[] {
  const name = freshNames(context);
  const hyps = hypotheses(context, shape);
  const quotients = hyps
    .filter((h) => outermost(h.type) === '∣' && !/^[¬∀]/u.test(h.type))
    .map((h) => `obtain ⟨${name('k')}, ${name('hk')}⟩ := ${h.name}`);
  const divided: Move[] =
    quotients.length === 0 ? [] : [{ tactic: quotients.join('\n'), chain: true, rank: 7.5 }];
  const taken: string[] = [];
  const apart = hyps.flatMap((h): Move[] => {
    const type = unwrap(squeeze(h.type));
    const pattern = destructure(h, type, name);
    if (pattern !== undefined) {
      taken.push(`obtain ${pattern} := ${h.name}`);
      return [];
    }
    const parts = splitTop(type, ' ∨ ');
    if (outermost(type) === '∨' && parts.length > 1) {
      return [{ tactic: `rcases ${h.name} with ${parts.map(() => h.name).join(' | ')}`, rank: 7 }];
    }
    if (outermost(type) === '=' && !type.startsWith('∀')) {
      return [
        { tactic: `rw [${h.name}]`, rank: 27 },
        { tactic: `rw [← ${h.name}]`, rank: 26.5 },
        { tactic: `subst ${h.name}`, chain: true, rank: 28 },
      ];
    }
    return [];
  });
  const safe: Move[] = taken.length === 0 ? [] : [{ tactic: taken.join('\n'), chain: true, rank: -1 }];
  return [...safe, ...negations(hyps), ...divided, ...apart, ...pointwise({ context, shape }, hyps)];
}

function destructure(h: Local, type: string, name: (wanted: string) => string): string | undefined {
  if (type.startsWith('∃')) {
    const { at } = findTop(type, [',']);
    if (at < 0) return undefined;
    const names = boundNames(type.slice(1, at), name);
    const body = unwrap(type.slice(at + 1));
    return `⟨${[...names, destructure(h, body, name) ?? name(`h${names[0] ?? ''}`)].join(', ')}⟩`;
  }
  if (outermost(type) === '∧') {
    return `⟨${splitTop(type, ' ∧ ')
      .map((part) => destructure(h, unwrap(part), name) ?? name(h.name))
      .join(', ')}⟩`;
  }
  return undefined;
}
/** ¬∀ and ¬∃ turned inwards. */
function negations(hyps: readonly Local[]): Move[] {
  return hyps
    .filter((h) => /^¬\s*\(?[∀∃]/u.test(h.type) || /^∀[^,]*, ¬/u.test(h.type))
    .filter((h) => !/^∀[^,]*, ¬\s*\(?[^∀∃(]/u.test(h.type))
    .map((h) => ({
      tactic: `simp only [Classical.not_forall, not_exists, Classical.not_imp, exists_prop, Classical.not_not] at ${h.name}`,
      chain: true,
      rank: 6,
    }));
}

/** An equation between functions, at each value in scope. */
function pointwise({ context, shape }: Scene, hyps: readonly Local[]): Move[] {
  const name = freshNames(context)('hc');
  return hyps
    .filter((h) => h.type.includes('= fun ') && !/^[∀∃]/u.test(h.type))
    .flatMap((h) =>
      values(context, shape)
        .filter((v) => !v.type.includes('→'))
        .slice(0, 3)
        .map((v, i) => ({
          tactic: `have ${name} := congrFun ${h.name} ${v.name}`,
          chain: true,
          rank: 12 + i,
        })),
    );
}
