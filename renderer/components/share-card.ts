import type { CardWanted } from '../../core/api/index.ts';
import { CARD_COLOURS, type CardColours, type CardTheme } from './card-colours.ts';
import { date, environmentLabel, plural, shortId } from './format.ts';
import { LEAN_START, lexLine } from './lean/lexer.ts';

export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;
const MARGIN = 64;
const SANS = "Inter, 'Adwaita Sans', system-ui, sans-serif";
const MONO = "'JetBrains Mono', ui-monospace, Menlo, 'DejaVu Sans Mono', monospace";
/** Of a proof, what its card says. */
export type CardView = CardWanted['view'];
/** Where the source stands: what is left between the name and what is said of the proof. */
const PANEL = { left: MARGIN, top: 196, width: CARD_WIDTH - 2 * MARGIN, height: 290, padding: 34 } as const;
const SIZES = [40, 36, 32, 28, 25, 22, 20] as const;
const LINE = 1.5;
/** Before what goes on from the line above. */
const CONTINUED = '    ';
/** Of a line's height: from its top to the letters' foot. */
const BASE = 0.72;

/** Breaks a text where there are blanks, so that each line has at most so many characters; a longer word is cut. */
export function wrapLines(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    const indent = /^\s*/.exec(paragraph)?.[0] ?? '';
    const longest = Math.max(1, width - indent.length - CONTINUED.length);
    let line = indent;
    for (const word of paragraph.trim().split(/\s+/)) {
      const piece = word.length > longest ? `${word.slice(0, longest - 1)}…` : word;
      if (line.trim() !== '' && line.length + 1 + piece.length > width) {
        lines.push(line);
        line = indent + CONTINUED + piece;
      } else line += line.trim() === '' ? piece : ` ${piece}`;
    }
    lines.push(line);
  }
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), '…'];
}

/** Draws the theorem as an image to show: what was proved, by which Lean, when, and how. */
export function drawCard(canvas: HTMLCanvasElement, view: CardView, theme: CardTheme): void {
  const { row, statement, checker } = view;
  canvas.width = CARD_WIDTH;
  canvas.height = CARD_HEIGHT;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const colours = CARD_COLOURS[theme];
  context.textBaseline = 'alphabetic';
  context.fillStyle = colours.paper;
  context.fillRect(0, 0, CARD_WIDTH, CARD_HEIGHT);
  drawBrand(context, colours);
  drawVerdict(context, colours);

  context.fillStyle = colours.ink;
  context.font = `700 44px ${SANS}`;
  context.fillText(fitted(context, row.name, CARD_WIDTH - 2 * MARGIN), MARGIN, 166);

  context.fillStyle = colours.surface;
  context.strokeStyle = colours.line;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(PANEL.left, PANEL.top, PANEL.width, PANEL.height, 16);
  context.fill();
  context.stroke();
  drawSource(context, statement.formal, colours);

  const { policy, model, rounds, peer } = row.finder;
  context.fillStyle = colours.ink;
  context.font = `600 23px ${SANS}`;
  const how = `Found with ${[policy, model].filter(Boolean).join(' and ')} in ${plural(rounds, 'round')}`;
  context.fillText(fitted(context, how, CARD_WIDTH - 2 * MARGIN), MARGIN, 538);
  context.fillStyle = colours.quiet;
  context.font = `500 21px ${SANS}`;
  const checked = `${environmentLabel(row.environment)} · accepted by ${checker.name} · ${date(row.createdAt)} · peer ${shortId(peer)}`;
  context.fillText(fitted(context, checked, CARD_WIDTH - 2 * MARGIN), MARGIN, 574);
}

/** As in public/icon.svg, of 44 pixels, with the name beside it. */
function drawBrand(context: CanvasRenderingContext2D, colours: CardColours): void {
  context.save();
  context.translate(MARGIN, 50);
  context.scale(44 / 32, 44 / 32);
  context.fillStyle = colours.brand;
  context.beginPath();
  context.roundRect(0, 0, 32, 32, 7);
  context.fill();
  context.strokeStyle = '#ffffff';
  context.lineWidth = 2.6;
  context.lineCap = 'round';
  context.stroke(new Path2D('M9 8v16M9 16h13'));
  for (const [x, y, fill] of [
    [22, 8.6, '#f3c969'],
    [24.6, 16, '#ffffff'],
    [22, 23.4, '#f3c969'],
  ] as const) {
    context.fillStyle = fill;
    context.beginPath();
    context.arc(x, y, 2.2, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
  context.fillStyle = colours.ink;
  context.font = `650 27px ${SANS}`;
  context.fillText('Proofswarm', MARGIN + 60, 82);
}

function drawVerdict(context: CanvasRenderingContext2D, colours: CardColours): void {
  context.font = `600 23px ${SANS}`;
  const text = 'Proved in Lean 4';
  const width = context.measureText(text).width + 78;
  const left = CARD_WIDTH - MARGIN - width;
  context.fillStyle = colours.goodSoft;
  context.beginPath();
  context.roundRect(left, 48, width, 48, 24);
  context.fill();
  context.strokeStyle = colours.good;
  context.lineWidth = 3;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke(new Path2D(`M${left + 24} 73l6 6 12-13`));
  context.fillStyle = colours.good;
  context.fillText(text, left + 54, 80);
}

/** As large as it fits; in the middle of its panel. */
function drawSource(context: CanvasRenderingContext2D, source: string, colours: CardColours): void {
  const room = { width: PANEL.width - 2 * PANEL.padding, height: PANEL.height - 2 * PANEL.padding };
  const layOut = (size: number): { size: number; advance: number; lines: string[]; fits: boolean } => {
    context.font = `500 ${size}px ${MONO}`;
    const advance = context.measureText('m').width;
    const columns = Math.floor(room.width / advance);
    const most = Math.floor(room.height / (size * LINE));
    const whole = wrapLines(source, columns, Infinity);
    return { size, advance, lines: wrapLines(source, columns, most), fits: whole.length <= most };
  };
  const tried = SIZES.map(layOut);
  const { size, advance, lines } = tried.find(({ fits }) => fits) ?? layOut(SIZES[SIZES.length - 1] ?? 20);
  context.font = `500 ${size}px ${MONO}`;
  const top = PANEL.top + (PANEL.height - lines.length * size * LINE) / 2;
  let state = LEAN_START;
  lines.forEach((line, number) => {
    const lexed = lexLine(line, state);
    state = lexed.state;
    const y = top + (number + BASE) * size * LINE;
    for (const { from, to, token } of lexed.pieces) {
      context.fillStyle = (token && colours.tokens[token]) ?? colours.ink;
      context.fillText(line.slice(from, to), PANEL.left + PANEL.padding + from * advance, y);
    }
  });
}

function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}
