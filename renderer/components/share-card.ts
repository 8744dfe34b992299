import type { ProofView } from '../../core/api/index.ts';
import { date, environmentLabel, shortId } from './format.ts';
import { LEAN_START, lexLine, type LeanToken } from './lean/lexer.ts';

export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;
const MARGIN = 72;
const SANS = "Inter, 'Adwaita Sans', system-ui, sans-serif";
const MONO = "'JetBrains Mono', ui-monospace, Menlo, 'DejaVu Sans Mono', monospace";
const COLOURS: Readonly<Partial<Record<LeanToken, string>>> = {
  keyword: '#2b4fb8',
  tactic: '#6b3fa0',
  type: '#0f6674',
  string: '#14693c',
  number: '#8a4b08',
  comment: '#69645b',
};

/** Breaks a text where there are blanks, so that each line has at most so many characters; a longer word is cut. */
export function wrapLines(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    const indent = /^\s*/.exec(paragraph)?.[0] ?? '';
    let line = indent;
    for (const word of paragraph.trim().split(/\s+/)) {
      const piece = word.length > width ? `${word.slice(0, width - 1)}…` : word;
      if (line.trim() !== '' && line.length + 1 + piece.length > width) {
        lines.push(line);
        line = `${indent}  ${piece}`;
      } else line += line.trim() === '' ? piece : ` ${piece}`;
    }
    lines.push(line);
  }
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), '…'];
}

/** Draws the theorem as an image to show: what was proved, by which Lean, when. */
export function drawCard(canvas: HTMLCanvasElement, { row, statement, checker }: ProofView): void {
  canvas.width = CARD_WIDTH;
  canvas.height = CARD_HEIGHT;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.fillStyle = '#faf9f6';
  context.fillRect(0, 0, CARD_WIDTH, CARD_HEIGHT);
  context.fillStyle = '#2b4fb8';
  context.fillRect(0, 0, CARD_WIDTH, 10);
  context.textBaseline = 'alphabetic';

  context.fillStyle = '#14693c';
  context.font = `600 26px ${SANS}`;
  context.fillText('✓  Proved in Lean 4', MARGIN, 92);
  context.fillStyle = '#1c1a17';
  context.font = `650 46px ${SANS}`;
  context.fillText(fitted(context, row.name, CARD_WIDTH - 2 * MARGIN), MARGIN, 156);

  const [size, width, most] = statement.formal.length > 240 ? [22, 78, 10] : [29, 60, 7];
  drawSource(context, wrapLines(statement.formal, width, most), size, 222);

  context.fillStyle = '#55514a';
  context.font = `500 22px ${SANS}`;
  const who = [row.finder.policy, row.finder.model, shortId(row.finder.peer)].filter(Boolean).join(' · ');
  context.fillText(
    `${environmentLabel(row.environment)} · ${checker.name} · ${date(row.createdAt)}`,
    MARGIN,
    548,
  );
  context.fillText(fitted(context, who, 820), MARGIN, 582);
  context.textAlign = 'right';
  context.font = `650 28px ${SANS}`;
  context.fillStyle = '#2b4fb8';
  context.fillText('Proofswarm', CARD_WIDTH - MARGIN, 582);
  context.textAlign = 'left';
}

function drawSource(
  context: CanvasRenderingContext2D,
  lines: readonly string[],
  size: number,
  top: number,
): void {
  context.font = `500 ${size}px ${MONO}`;
  const advance = context.measureText('m').width;
  let state = LEAN_START;
  lines.forEach((line, number) => {
    const lexed = lexLine(line, state);
    state = lexed.state;
    for (const { from, to, token } of lexed.pieces) {
      context.fillStyle = (token && COLOURS[token]) ?? '#1c1a17';
      context.fillText(line.slice(from, to), MARGIN + from * advance, top + number * size * 1.5);
    }
  });
}

function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}
