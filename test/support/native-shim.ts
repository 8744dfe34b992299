/**
 * `node native-shim.ts PREPARED ARGS…`: stands in for a native `lean` where there is none. Behind it is real Lean, the
 * embedded build: its own command line for `--version` and `--json FILE`; and for our two programs in Lean, which that
 * build type-checks but cannot run (it compiles too little), the same elaboration, export and kernel through its API.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { NdjsonReader } from '../../core/lean/native/ndjson-reader.ts';
import { NdjsonWriter } from '../../core/lean/native/ndjson-writer.ts';
import { ExportReader, type DeclarationExport } from '../../core/lean/judge/export.ts';
import type { Diagnostic } from '../../core/record/index.ts';
import { judge } from '../../lean-bundle/wasm/judge.ts';
import { runLeanCommand } from '../../lean-bundle/wasm/runtime.ts';
import { UnknownModuleError } from '../../lean-bundle/wasm/session.ts';
import { startSession } from '../../lean-bundle/wasm/start-session.ts';

const [prepared = '', ...args] = process.argv.slice(2);

interface Request {
  readonly imports: readonly (readonly string[])[];
  readonly target: readonly string[] | null;
  readonly part: 'goal' | 'proof';
  readonly mark: string | null;
  readonly maxHeartbeats: number;
}

const print = (entry: object): void => console.log(JSON.stringify(entry));

async function elaborate(requestFile: string, sourceFile: string): Promise<void> {
  const request = JSON.parse(readFileSync(requestFile, 'utf8')) as Request;
  const session = (await startSession({ directory: prepared })).session;
  const { diagnostics, failed, exported } = session.elaborate({
    op: 'elaborate',
    imports: request.imports.map((parts) => parts.join('.')),
    source: readFileSync(sourceFile, 'utf8'),
    part: request.part,
    ...(request.target ? { target: request.target } : {}),
    ...(request.mark === null ? {} : { mark: request.mark }),
    ...(request.maxHeartbeats === 0 ? {} : { maxHeartbeats: request.maxHeartbeats }),
  });
  for (const diagnostic of diagnostics) print({ message: toMessage(diagnostic) });
  if (exported?.kind !== 'exported') {
    const name = exported?.kind === 'unsafe' ? { name: exported.name } : {};
    print({ done: { failed, ...(exported ? { exported: exported.kind, ...name } : {}) } });
    return;
  }
  print({ meta: { exporter: { name: 'shim', version: '1' }, format: { version: '3.1.0' } } });
  const { lines, target } = write(exported.data as DeclarationExport);
  for (const line of lines) console.log(line);
  print({ done: { failed, exported: 'exported', target, marked: exported.marked } });
}

function toMessage({ severity, position, end, message, kind }: Diagnostic): object {
  return { severity, pos: position, endPos: end ?? null, data: message, kind };
}

/** The public format has no goals: they are written as axioms. */
function write(data: DeclarationExport): { lines: readonly string[]; target: unknown } {
  const reader = new ExportReader(data);
  const writer = new NdjsonWriter();
  for (const declaration of reader.data.declarations) {
    writer.declaration(
      reader,
      declaration.kind === 'goal' || declaration.kind === 'hole'
        ? { ...declaration, kind: 'axiom' }
        : declaration,
    );
  }
  const last = JSON.parse(writer.lines.at(-1) ?? '{}') as Record<string, { name?: number }>;
  return { lines: writer.lines, target: Object.values(last)[0]?.name };
}

async function replay(file: string, modules: readonly string[]): Promise<void> {
  const reader = new NdjsonReader();
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    reader.push(JSON.parse(line) as Record<string, unknown>);
  }
  const data = reader.finish();
  const theorem = data.declarations.at(-1);
  if (theorem?.kind !== 'theorem') throw new Error('the last declaration is no theorem');
  const { name, levelParams, type } = theorem;
  const goal = { kind: 'goal' as const, name, levelParams, type };
  const statement = { ...data, declarations: [...data.declarations.slice(0, -1), goal] };
  const session = (await startSession({ directory: prepared })).session;
  const result = judge(session, { op: 'judge', imports: modules, statement, submission: data });
  if (result.kind === 'accepted')
    print({ accepted: { axioms: result.axioms.map((axiom) => axiom.split('.')) } });
  else if (result.reason === 'forbidden-axiom') {
    const names = result.detail.replace('the proof rests on ', '').split(', ');
    print({ accepted: { axioms: names.map((axiom) => axiom.split('.')) } });
  } else print({ refused: { name: 'a declaration', error: result.detail } });
}

async function main(): Promise<number> {
  const program = args.indexOf('--run');
  if (program < 0) {
    const file = args.at(-1) ?? '';
    const isFile = file.endsWith('.lean');
    const rest = isFile ? [...args.slice(0, -1), `/source/${path.basename(file)}`] : args;
    const directory = isFile ? path.dirname(file) : import.meta.dirname;
    const code = await runLeanCommand({ directory: prepared }, rest, directory, (line) => {
      if (!line.startsWith('[DEBUG')) console.log(line);
    });
    // What this build returns for it is chance.
    return args.includes('--version') ? 0 : code;
  }
  const [name = '', first = '', ...rest] = args.slice(program + 1);
  if (path.basename(name) === 'Elaborate.lean') await elaborate(first, rest[0] ?? '');
  else await replay(first, rest);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof UnknownModuleError ? `uncaught exception: ${error.message}` : error);
  process.exitCode = 1;
}
// Lean's own thread would keep the process.
process.stdout.write('', () => process.exit());
