import { sourceDefect, type Statement } from '../../record/index.ts';
import { cleanText } from './clean.ts';
import { fencedBlocks, isLean, maybeLean, type Block } from './fences.ts';
import { findHoles } from './holes.ts';
import { splice, type Spliced } from './splice.ts';
import { splitReply } from './thinking.ts';
import type { CodeSource, ReplyReading, SplitOptions, Splice } from './types.ts';
import { inlineProof, unfencedProof, unfencedTheorems } from './unfenced.ts';

/** Longest reply that is read, in UTF-16 code units. */
const MAX_REPLY = 2_000_000;
/** Of many blocks the last ones are looked at. */
const MAX_BLOCKS = 32;

type Submission = Extract<ReplyReading, { kind: 'submission' }>;
interface Candidate extends Submission {
  readonly restated: boolean;
  readonly labelled: boolean;
}

/**
 * The submission that a reply holds. Of its blocks counts the one that proves the theorem rather than less, that is
 * closed rather than cut off, that has no holes, that says it is Lean, and of all those the last.
 */
export function readReply(statement: Statement, reply: string, options: SplitOptions = {}): ReplyReading {
  if (reply.length > MAX_REPLY) {
    return defect('too-long', `${reply.length} characters, at most ${MAX_REPLY} are read`);
  }
  const { thinking, answer, thinkingEnded } = splitReply(cleanText(reply), options);
  const found =
    best(fromFences(statement, answer)) ??
    best(fromText(statement, answer)) ??
    best(fromFences(statement, thinking).filter(isFinished).map(asThought));
  if (found !== undefined) {
    const { submission, source, splice: how, holes } = found;
    const tooLong = sourceDefect(submission);
    if (tooLong !== undefined) return defect('too-long', `the submission is ${tooLong}`);
    return { kind: 'submission', submission, source, splice: how, holes };
  }
  if (reply.trim() === '') return defect('empty', 'the reply is empty');
  if (!thinkingEnded) return defect('unfinished-thinking', 'the reply ends inside its thinking text');
  if (answer.trim() === '') return defect('empty', 'the reply has thinking text and no answer');
  return defect('no-code', 'the answer holds no Lean code');
}

function fromFences(statement: Statement, text: string): Candidate[] {
  return fencedBlocks(text)
    .filter(maybeLean)
    .slice(-MAX_BLOCKS)
    .flatMap((block) => {
      const spliced = splice(statement, block.code);
      if (spliced === undefined || (!isLean(block) && isUncertain(block, spliced))) return [];
      return [candidate(spliced, block.closed ? 'fence' : 'cut-fence', isLean(block))];
    });
}

/** A block of no language may be anything: it must hold a theorem, or start like a proof. */
function isUncertain(block: Block, { splice: how }: Spliced): boolean {
  return how === 'whole' || (how === 'body' && unfencedProof(block.code) === undefined);
}

function fromText(statement: Statement, text: string): Candidate[] {
  const theorems = unfencedTheorems(text).slice(-MAX_BLOCKS);
  const proof = theorems.length > 0 ? undefined : unfencedProof(text);
  const inline = theorems.length > 0 || proof !== undefined ? undefined : inlineProof(text);
  const code = [...theorems, ...(proof === undefined ? [] : [proof])];
  return [
    ...code.flatMap((part) => from(splice(statement, part), 'unfenced')),
    ...(inline === undefined ? [] : from(splice(statement, inline), 'inline')),
  ];
}

const from = (spliced: Spliced | undefined, source: CodeSource): Candidate[] =>
  spliced === undefined ? [] : [candidate(spliced, source, false)];

function candidate(spliced: Spliced, source: CodeSource, labelled: boolean): Candidate {
  return { kind: 'submission', ...spliced, source, labelled, holes: findHoles(spliced.submission) };
}

const isFinished = ({ source, splice: how, holes }: Candidate): boolean =>
  source === 'fence' && how === 'theorem' && holes.length === 0;

const asThought = (found: Candidate): Candidate => ({ ...found, source: 'thinking' });

const QUALITY: Readonly<Record<Splice, number>> = {
  theorem: 4,
  'same-statement': 4,
  'only-theorem': 3,
  body: 2,
  whole: 1,
};

function best(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>(
    (kept, next) => (kept === undefined || !isBefore(kept, next) ? next : kept),
    undefined,
  );
}

/** Whether the earlier one is to be preferred. */
function isBefore(earlier: Candidate, later: Candidate): boolean {
  const a = weights(earlier);
  const b = weights(later);
  const differs = a.findIndex((weight, i) => weight !== b[i]);
  return differs >= 0 && (a[differs] ?? 0) > (b[differs] ?? 0);
}

const weights = (found: Candidate): number[] => [
  found.restated ? 0 : QUALITY[found.splice],
  Number(found.source !== 'cut-fence'),
  Number(found.holes.length === 0),
  Number(found.labelled),
];

const defect = (kind: Extract<ReplyReading, { kind: 'defect' }>['defect'], detail: string): ReplyReading => ({
  kind: 'defect',
  defect: kind,
  detail,
});
