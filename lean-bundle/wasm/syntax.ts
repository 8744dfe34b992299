import type { ParsedTokens, Token } from '../../core/lean/inert/command.ts';
import { nameParts, nameText } from './names.ts';
import { CorruptObjectError, type LeanObjects, type Ref } from './objects.ts';

/** Constructors of `Syntax` and their fields; `missing` is a scalar. */
const SYNTAX_TAG = { node: 1, atom: 2, ident: 3 } as const;
const NODE = { kind: 1, children: 2 } as const;
const ATOM = { text: 1 } as const;
const IDENT = { name: 2 } as const;

/** Nodes of one atom that is no code. */
const LITERALS: ReadonlySet<string> = new Set([
  ...['str', 'char', 'num', 'scientific', 'fieldIdx', 'interpolatedStrLitKind'],
]);
const COMMENTS: ReadonlySet<string> = new Set([
  'Lean.Parser.Command.docComment',
  'Lean.Parser.Command.moduleDoc',
]);
const IN = 'Lean.Parser.Command.in';
const MAX_NODES = 2_000_000;

/**
 * The tokens of a command as Lean has parsed it, in the order of its source.
 * @param command borrowed
 */
export function tokensOf(objects: LeanObjects, command: Ref): ParsedTokens {
  const tokens: Token[] = [];
  const beforeIn: string[] = [];
  const open: Ref[] = [command];
  let nodes = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (nodes++ > MAX_NODES) throw new CorruptObjectError('a command without end');
    if (objects.isScalar(at)) continue;
    switch (objects.tag(at)) {
      case SYNTAX_TAG.atom:
        tokens.push(objects.text(objects.field(at, ATOM.text)));
        break;
      case SYNTAX_TAG.ident:
        tokens.push(nameParts(objects, objects.field(at, IDENT.name)));
        break;
      case SYNTAX_TAG.node: {
        const kind = nameText(objects, objects.field(at, NODE.kind));
        const children = objects.elements(objects.field(at, NODE.children));
        if (isNoCode(objects, kind, children)) break;
        const [first] = children;
        if (kind === IN && first !== undefined) beforeIn.push(kindOf(objects, first));
        open.push(...children.toReversed());
        break;
      }
      default:
        throw new CorruptObjectError('not a syntax tree');
    }
  }
  return { tokens, beforeIn };
}

/** A comment's text is one atom, unless it is of a kind that Lean looks into. */
function isNoCode(objects: LeanObjects, kind: string, children: readonly Ref[]): boolean {
  const count = LITERALS.has(kind) ? 1 : COMMENTS.has(kind) ? 2 : 0;
  return (
    count > 0 &&
    children.length === count &&
    children.every((child) => !objects.isScalar(child) && objects.tag(child) === SYNTAX_TAG.atom)
  );
}

function kindOf(objects: LeanObjects, ref: Ref): string {
  if (objects.isScalar(ref) || objects.tag(ref) !== SYNTAX_TAG.node) return '';
  return nameText(objects, objects.field(ref, NODE.kind));
}
