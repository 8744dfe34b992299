import { useMemo } from 'react';
import { LEAN_START, lexLine } from './lexer.ts';

/** Beyond this a text is shown without colours, so that a long one stays quick. */
const MAX_COLOURED = 60_000;
/** Characters by which the rest of a folded line is set in. */
const HANGING = 4;

interface LeanCodeProps {
  readonly source: string;
  /** For screen readers. */
  readonly label?: string;
  /** One line that is cut where it does not fit. */
  readonly inline?: boolean;
}

/** Lean source to read, in the editor's colours. */
export function LeanCode({ source, label, inline = false }: LeanCodeProps) {
  const lines = useMemo(() => colour(source, !inline), [source, inline]);
  if (inline) return <code className="lean lean-inline">{lines}</code>;
  return (
    <pre className="lean lean-block" tabIndex={0} role="region" aria-label={label ?? 'Lean source'}>
      <code>{lines}</code>
    </pre>
  );
}

/** @param folded a line too long for its place goes on below, further in than it began: what it ends with is not hidden */
function colour(source: string, folded: boolean) {
  if (source.length > MAX_COLOURED) return source;
  let state = LEAN_START;
  return source.split('\n').map((line, number) => {
    const lexed = lexLine(line, state);
    state = lexed.state;
    const indent = `${line.search(/\S|$/) + HANGING}ch`;
    const fold = folded && {
      className: 'lean-line',
      style: { paddingLeft: indent, textIndent: `-${indent}` },
    };
    return (
      <span key={number} {...fold}>
        {number > 0 && !folded && '\n'}
        {lexed.pieces.map(({ from, to, token }) =>
          token === undefined ? (
            line.slice(from, to)
          ) : (
            <span key={from} className={`lean-${token}`}>
              {line.slice(from, to)}
            </span>
          ),
        )}
      </span>
    );
  });
}
