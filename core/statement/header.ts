import { MAX_SOURCE_LENGTH } from '../record/index.ts';
import type { Command } from './commands.ts';
import { sliceSource, type CodeToken, type SourceText } from './source-text.ts';

/** What a toolchain ships; a module of anything else makes a statement one of Mathlib's world. */
const TOOLCHAIN: ReadonlySet<string> = new Set(['Init', 'Std', 'Lean', 'Lake']);

interface Piece {
  /** `\n` or `\n\n`, and the indentation. */
  readonly gap: string;
  readonly text: string;
  /** The same with `lemma` written as `theorem`. */
  readonly coreText: string;
}

/** Collects what stands before a statement: imports first, then all commands that were kept, in order. */
export class Header {
  private readonly source: SourceText;
  private readonly imports = new Set<string>();
  private readonly pieces: Piece[] = [];
  private length = 0;
  private library = false;
  /** Where the last kept command ends, as long as nothing after it was left out. */
  private keptUntil: number | undefined;
  private cache: { readonly size: number; readonly text: string } | undefined;

  constructor(source: SourceText) {
    this.source = source;
  }

  /** Some module beyond the toolchain is imported. */
  get importsLibrary(): boolean {
    return this.library;
  }

  get tooLong(): boolean {
    return this.length > MAX_SOURCE_LENGTH;
  }

  /** Keeps an `import` (or `module`, `prelude`). Returns the first token that is no part of it. */
  addImport(command: Command): CodeToken | undefined {
    const tokens = this.source.code
      .slice(command.first, command.last + 1)
      .filter(({ kind }) => kind !== 'doc');
    const keywordAt = tokens.findIndex((token) => token.text === command.keyword);
    const moduleAt = tokens[keywordAt + 1]?.text === 'all' ? keywordAt + 2 : keywordAt + 1;
    const end = command.keyword === 'import' ? moduleAt + 1 : keywordAt + 1;
    const text = tokens
      .slice(0, end)
      .map((token) => token.text)
      .join(' ');
    if (!this.imports.has(text)) this.length += text.length + 1;
    this.imports.add(text);
    const module = command.keyword === 'import' ? tokens[moduleAt]?.text : undefined;
    if (module !== undefined && !TOOLCHAIN.has(module.split('.')[0] ?? '')) this.library = true;
    return tokens[end];
  }

  /** Keeps a command, or the first part of it. */
  add(command: Command, text = this.textOf(command)): void {
    const { code } = this.source;
    const first = code[command.first];
    const keyword = code[command.keywordAt];
    if (first === undefined || keyword === undefined) return;
    const between = this.source.text.slice(this.keptUntil ?? 0, first.start);
    const close = this.keptUntil !== undefined && /^\s*$/.test(between) && between.split('\n').length <= 2;
    const indentation = first.first || text.includes('\n') ? ' '.repeat(first.column) : '';
    const at = keyword.start - first.start;
    const coreText =
      command.keyword === 'lemma' ? `${text.slice(0, at)}theorem${text.slice(at + 'lemma'.length)}` : text;
    const gap = `${close ? '\n' : '\n\n'}${indentation}`;
    this.pieces.push({ gap, text, coreText });
    this.length += gap.length + coreText.length;
    this.keptUntil = code[command.last]?.end;
  }

  /** Tells that a command was left out: what follows does not touch what came before. */
  leaveOut(): void {
    this.keptUntil = undefined;
  }

  /** The whole text so far. `prefixes` are what the statement's own `… in` commands become. */
  render(prefixes: readonly string[]): string {
    const core = !this.library;
    const size = this.imports.size + this.pieces.length;
    if (this.cache?.size !== size) {
      const body = this.pieces.map((piece) => piece.gap + (core ? piece.coreText : piece.text)).join('');
      this.cache = { size, text: paragraphs([...this.imports].join('\n'), body.replace(/^\n+/, '')) };
    }
    return paragraphs(this.cache.text, prefixes.join('\n'));
  }

  /** A command's text, without doc comments that nothing follows. */
  textOf(command: Command, last = command.last): string {
    const { code } = this.source;
    let end = last;
    while (end > command.keywordAt && code[end]?.kind === 'doc') end--;
    return sliceSource(this.source, code[command.first]?.start ?? 0, code[end]?.end ?? 0);
  }
}

const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');
