import { describeInvalid, statementSchema, type Environment, type StatementRecord } from '../record/index.ts';
import { nameComponents } from './characters.ts';
import { DECLARATIONS, splitCommands, type Command } from './commands.ts';
import type { ParseOptions, ProblemCode } from './entries.ts';
import { fillingOf } from './filling.ts';
import { Header } from './header.ts';
import { stripCommentMarks } from './metadata.ts';
import { Scopes } from './scopes.ts';
import { fillSolution } from './solution.ts';
import type { CodeToken, SourceText } from './source-text.ts';
import { isHole, readTheorem } from './theorem.ts';

/** Something found at an offset of a Lean text, before it is known which file and line that is. */
export type LeanFinding = StatementFinding | ProblemFinding;

interface StatementFinding {
  readonly kind: 'statement';
  readonly offset: number;
  readonly record: StatementRecord;
}

interface ProblemFinding {
  readonly kind: 'problem';
  readonly offset: number;
  readonly code: ProblemCode;
  readonly message: string;
  readonly expected?: string;
}

/** A definition whose value is `sorry`. */
export interface DefinitionFinding {
  readonly kind: 'definition';
  readonly offset: number;
  readonly name: string;
  /** States what holds of whatever it is defined as, so that it is judged as a theorem is. */
  readonly record: StatementRecord;
}

export interface LeanOptions extends Pick<ParseOptions, 'environment' | 'library' | 'source'> {
  /** Accept the last theorem without any proof too, as datasets state it. */
  readonly unfinished?: boolean;
  /** Accept definitions whose whole value is `sorry`, and theorems that rest on them. */
  readonly openDefinitions?: boolean;
}

const NO_COMMAND = 'this starts no command of Lean';
const A_COMMAND = 'a command such as `import`, `open`, `def` or `theorem`';

/** Reads a Lean text command by command; see `parseLean`. */
export function* readLean(source: SourceText, options: LeanOptions): Generator<LeanFinding, void, undefined> {
  for (const finding of new LeanReader(source, options).read())
    if (finding.kind !== 'definition') yield finding;
}

/** The same, with the definitions that are left open. */
export function* readWithDefinitions(
  source: SourceText,
  options: LeanOptions,
): Generator<LeanFinding | DefinitionFinding, void, undefined> {
  yield* new LeanReader(source, { ...options, openDefinitions: true }).read();
}

/** Whether a text imports some module beyond the toolchain. Never throws. */
export function importsLibrary(source: SourceText): boolean {
  const header = new Header(source);
  for (const command of splitCommands(source)) if (command.keyword === 'import') header.addImport(command);
  return header.importsLibrary;
}

type Finding = LeanFinding | DefinitionFinding;

class LeanReader {
  private readonly source: SourceText;
  private readonly code: readonly CodeToken[];
  private readonly options: LeanOptions;
  private readonly header: Header;
  private readonly scopes = new Scopes();
  /** Last components of definitions that are `sorry`. */
  private readonly holes = new Set<string>();
  private filled = false;

  constructor(source: SourceText, options: LeanOptions) {
    this.source = source;
    this.code = source.code;
    this.options = options;
    this.header = new Header(source);
  }

  *read(): Generator<Finding, void, undefined> {
    const { defect } = this.source;
    const commands = splitCommands(this.source);
    /** Commands `… in` that wait for what they apply to. */
    let prefixes: Command[] = [];
    for (const [index, command] of commands.entries()) {
      const isLast = index === commands.length - 1;
      if (isPrefix(this.code[command.last], command) && !isLast) {
        prefixes.push(command);
        continue;
      }
      const findings = this.command(command, prefixes, isLast);
      prefixes = [];
      // Where the text breaks off inside a command, only the break is worth telling.
      const shown =
        defect !== undefined && isLast
          ? findings.found.filter(({ kind }) => kind !== 'problem')
          : findings.found;
      yield* shown;
      if (findings.stop) return;
    }
    if (defect !== undefined) yield { kind: 'problem', code: 'syntax', ...defect };
  }

  private command(
    command: Command,
    prefixes: readonly Command[],
    isLast: boolean,
  ): { readonly found: readonly Finding[]; readonly stop?: boolean } {
    switch (command.keyword) {
      case 'theorem':
      case 'lemma':
        return { found: this.theorem(command, prefixes, isLast) };
      case 'example':
        this.header.leaveOut();
        return { found: this.example(command) };
      case 'import':
      case 'prelude':
      case 'module':
        return { found: this.import(command) };
      case 'namespace':
      case 'section':
        this.scopes.open(command.keyword, this.argument(command));
        break;
      case 'mutual':
        this.scopes.openMutual();
        break;
      case 'end': {
        const wrong = this.scopes.close(this.argument(command));
        if (wrong === undefined) break;
        this.header.leaveOut();
        const { expected, fatal } = wrong;
        const message = fatal
          ? 'this `end` does not close what is open; names below it would be uncertain, so reading stops here'
          : 'this `end` closes nothing';
        return {
          found: [this.problem('scope', this.code[command.keywordAt], message, expected)],
          stop: fatal,
        };
      }
      case '#exit': {
        if (isLast) return { found: [], stop: true };
        const message = 'Lean stops at `#exit`; what follows was not read';
        return { found: [this.problem('after-exit', this.code[command.keywordAt], message)], stop: true };
      }
      case '':
        return { found: this.unknown(command) };
      default:
        // `#eval`, `#check`: they print, and declare nothing.
        if (command.keyword.startsWith('#')) {
          this.header.leaveOut();
          return { found: [] };
        }
        return { found: this.definition(command, prefixes) };
    }
    this.keep(command, prefixes);
    return { found: [] };
  }

  private import(command: Command): LeanFinding[] {
    const extra = this.header.addImport(command);
    return extra === undefined ? [] : [this.problem('syntax', extra, NO_COMMAND, A_COMMAND)];
  }

  private theorem(command: Command, prefixes: readonly Command[], isLast: boolean): LeanFinding[] {
    const reading = readTheorem(this.source, command, isLast && this.allowsUnfinished);
    if (reading.kind === 'proved') {
      this.keep(command, prefixes);
      return [];
    }
    this.header.leaveOut();
    if (reading.kind === 'problem') {
      return [this.problem(reading.code, reading.at, reading.message, reading.expected)];
    }
    const keyword = this.code[command.keywordAt];
    if (this.scopes.inMutual) {
      return [this.problem('mutual', keyword, `theorem ${reading.identifier} stands in a \`mutual\` block`)];
    }
    const hole = this.usedHole(command);
    if (hole !== undefined) {
      const message = `theorem ${reading.identifier} rests on the definition ${hole.text}, which is \`sorry\``;
      return [this.problem('sorry-in-definition', hole, message, `a definition of ${hole.text}`)];
    }
    return [this.statement(command, prefixes, reading.identifier, reading.formal)];
  }

  private statement(
    command: Command,
    prefixes: readonly Command[],
    identifier: string,
    formal: string,
  ): LeanFinding {
    const keyword = this.code[command.keywordAt];
    if (this.header.tooLong) {
      return this.problem('too-large', keyword, `what stands before theorem ${identifier} is too long`);
    }
    const texts = prefixes
      .filter((prefix) => !prefix.keyword.startsWith('#'))
      .map((prefix) => this.header.textOf(prefix, prefix.last - 1));
    const informal = this.docComment(command);
    const { source } = this.options;
    try {
      const record = statementSchema.parse({
        environment: this.environment(),
        header: this.header.render(texts),
        formal,
        name: this.scopes.qualify(identifier),
        ...(informal !== undefined && { informal }),
        ...(source !== undefined && { source }),
        ...(this.filled && { tags: ['solution-filled'] }),
      });
      return { kind: 'statement', offset: keyword?.start ?? 0, record };
    } catch (error) {
      return this.problem('invalid', keyword, `theorem ${identifier}: ${describeInvalid(error)}`);
    }
  }

  private example(command: Command): LeanFinding[] {
    const tokens = this.code.slice(command.keywordAt, command.last + 1);
    const unfinished = this.allowsUnfinished && command.last === this.code.length - 1;
    if (!tokens.some(isHole) && !unfinished) return [];
    const message = 'an `example` has no name under which a proof could be published; it was left out';
    return [this.problem('unnamed', tokens[0], message, '`theorem` and a name')];
  }

  private definition(command: Command, prefixes: readonly Command[]): Finding[] {
    const filled = fillSolution(this.source, command);
    if (filled !== undefined) {
      this.filled = true;
      this.keep(command, prefixes, filled);
      return [];
    }
    if (this.code.slice(command.keywordAt, command.last + 1).some(isHole)) {
      const open = this.openDefinition(command);
      if (open !== undefined) {
        this.keep(command, prefixes);
        return [this.filling(command, open)];
      }
      const name = this.argument(command);
      const last = name === undefined ? undefined : nameComponents(name).at(-1);
      if (last !== undefined) this.holes.add(last);
    }
    this.keep(command, prefixes);
    return [];
  }

  /** The identifier of a definition whose whole value is `sorry`. */
  private openDefinition(command: Command): string | undefined {
    if (this.options.openDefinitions !== true || this.scopes.inMutual) return undefined;
    if (command.keyword !== 'def' && command.keyword !== 'abbrev') return undefined;
    const reading = readTheorem(this.source, command, false);
    return reading.kind === 'open' ? reading.identifier : undefined;
  }

  private filling(command: Command, identifier: string): Finding {
    const at = this.code[command.keywordAt];
    const name = this.scopes.qualify(identifier);
    try {
      const record = statementSchema.parse({
        environment: this.environment(),
        header: this.header.render([]),
        ...fillingOf(name),
      });
      return { kind: 'definition', offset: at?.start ?? 0, name, record };
    } catch (error) {
      return this.problem('invalid', at, `definition ${identifier}: ${describeInvalid(error)}`);
    }
  }

  /** After a theorem left open this is a command of some library; at the start of a text it is no Lean at all. */
  private unknown(command: Command): LeanFinding[] {
    if (command.first === 0) return [this.problem('syntax', this.code[0], NO_COMMAND, A_COMMAND)];
    this.header.add(command);
    return [];
  }

  private keep(command: Command, prefixes: readonly Command[], text?: string): void {
    for (const prefix of prefixes) if (!prefix.keyword.startsWith('#')) this.header.add(prefix);
    this.header.add(command, text);
  }

  private usedHole(command: Command): CodeToken | undefined {
    if (this.holes.size === 0) return undefined;
    return this.code
      .slice(command.keywordAt + 2, command.last + 1)
      .find(
        (token) => token.kind === 'identifier' && this.holes.has(nameComponents(token.text).at(-1) ?? ''),
      );
  }

  /** Not where the text breaks off: what is missing may be the rest of the statement. */
  private get allowsUnfinished(): boolean {
    return this.options.unfinished === true && this.source.defect === undefined;
  }

  /** The identifier right after the command word. */
  private argument(command: Command): string | undefined {
    const token = command.keywordAt < command.last ? this.code[command.keywordAt + 1] : undefined;
    return token?.kind === 'identifier' ? token.text : undefined;
  }

  private docComment(command: Command): string | undefined {
    const docs = this.code.slice(command.first, command.keywordAt).filter((token) => token.kind === 'doc');
    return stripCommentMarks(docs.map((doc) => doc.text).join('\n'));
  }

  private environment(): Environment {
    const { environment, library } = this.options;
    if (!this.header.importsLibrary || environment.library === 'mathlib') return environment;
    return library ?? { lean: environment.lean, library: 'mathlib', revision: 'unknown' };
  }

  private problem(
    code: ProblemCode,
    at: CodeToken | undefined,
    message: string,
    expected?: string,
  ): LeanFinding {
    const offset = at?.start ?? 0;
    return { kind: 'problem', code, offset, message, ...(expected !== undefined && { expected }) };
  }
}

/** `open Nat in`, `set_option … in`: a command for the next one only. */
const isPrefix = (last: CodeToken | undefined, command: Command): boolean =>
  last?.text === 'in' && command.keyword !== '' && !DECLARATIONS.has(command.keyword);
