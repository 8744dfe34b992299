import { LeanBundleError } from './errors.ts';
import { SYMBOL_LOOKUP_SOURCE } from './symbols.ts';

/**
 * What the script may `require`. The package's glue would also offer compiled code a shell (`system`), sockets and
 * `eval`; a submission's `#eval` can reach any of them through `@[extern]`, so they are taken away here, in the script
 * itself, because the pthread workers load it too. The process's own permissions are a second wall.
 */
const GUARD_SOURCE = `
var leanRequire = require;
require = (name) => {
  if (["fs", "path", "util", "crypto", "worker_threads"].includes(name)) return leanRequire(name);
  if (name === "os") return { cpus: () => [{}] };
  throw new Error("not available to Lean: " + name);
};
var eval = () => { throw new Error("not available to Lean: eval"); };
`;

/**
 * Cuts the package's 89 MB of Emscripten glue to under 1 MB: only the exports that the script itself uses are assigned,
 * `dlsym` answers from the prepared symbol table, no pthread is made before one is asked for (each is a whole V8 isolate, and
 * under Node one starts also while this thread waits for it), nothing can be loaded, run or evaluated, and the mounted library is
 * read-only.
 * @throws LeanBundleError where the script is not the one this was written for
 */
export function cutGlue(source: string): string {
  let glue = cutExportAssignments(source);
  glue = replaceBetween(
    glue,
    'var __dlsym_js=',
    '__dlsym_js.sig=',
    'var __dlsym_js=(handle,symbol)=>{growMemViews();const at=leanSymbol(HEAPU8,symbol);' +
      'if(at===undefined){dlSetError("unknown symbol");return 0}return at};',
  );
  const refuse = '()=>{dlSetError("not available");return 0};';
  glue = replaceBetween(glue, 'var __dlopen_js=', '__dlopen_js.sig=', `var __dlopen_js=${refuse}`);
  glue = replaceOnce(
    glue,
    'metadata.tlsExports.forEach(',
    '[...metadata.tlsExports].filter(name=>moduleExports[name]!==undefined).forEach(',
  );
  glue = replaceOnce(glue, 'var pthreadPoolSize=4;', 'var pthreadPoolSize=0;');
  // The module's `main` would mount the host's /home and /tmp; what Lean may see is mounted by the runtime.
  glue = replaceOnce(
    glue,
    'FS.mount(NODEFS,{root:"/home"},"/home");FS.mount(NODEFS,{root:"/tmp"},"/tmp");',
    '',
  );
  glue = replaceOnce(glue, 'FS.chdir(cwd)', '');
  // Where the program lies on the host is nothing that a submission should learn.
  glue = replaceOnce(glue, 'path=__filename', 'path="/lean/bin/lean"');
  // Looking for an export's slot would make JavaScript functions of all 200,000 in the table, in every thread: 0.2 s each.
  glue = replaceOnce(
    glue,
    'functionsInTableMap=new WeakMap;updateTableMap(0,wasmTable.length)',
    'functionsInTableMap=new WeakMap',
  );
  glue = replaceOnce(
    glue,
    'newValue=addFunction(value)}',
    'newValue=leanSymbolNamed(symName)??addFunction(value)}',
  );
  // `process.binding` is denied under Node's permission model.
  glue = replaceOnce(glue, 'process.binding("constants")["fs"]', 'require("fs").constants');
  // C++ exceptions are told from everything else that JavaScript throws by a flag that the trampolines can see.
  glue = replaceAll(glue, 'throw exceptionLast}', 'leanThrown.value=1;throw exceptionLast}');
  glue = replaceOnce(glue, '{throw Infinity}', '{leanThrown.value=1;throw Infinity}');
  glue = replaceOnce(
    glue,
    'function getWasmImports(){assignWasmImports();',
    'function getWasmImports(){assignWasmImports();leanTrampolines(wasmImports);',
  );
  return GUARD_SOURCE + SYMBOL_LOOKUP_SOURCE + glue;
}

/** Names of the module's exports that a cut glue calls. */
export function exportsUsedBy(glue: string): Set<string> {
  const names = new Set(['memory', '__indirect_function_table', '__main_argc_argv']);
  for (const match of glue.matchAll(/wasmExports(?:\["([^"]+)"\]|\.([A-Za-z_$][\w$]*))/g)) {
    const name = match[1] ?? match[2];
    if (name !== undefined) names.add(name);
  }
  return names;
}

function cutExportAssignments(source: string): string {
  const opening = 'function assignWasmExports(wasmExports){';
  const start = find(source, opening) + opening.length;
  const end = source.indexOf('}', start);
  const declarations = source.lastIndexOf(';var ', start);
  if (end < 0 || declarations < 0)
    throw new LeanBundleError('glue', 'the export assignments are not where expected');
  const before = source.slice(0, declarations);
  const after = source.slice(end);
  const used = new Set((before + after).match(/[A-Za-z_$][\w$]*/g));
  const variableOf = (assignment: string): string => assignment.slice(0, assignment.indexOf('='));
  const kept = source
    .slice(start, end)
    .split(';')
    .filter((assignment) => assignment !== '' && used.has(variableOf(assignment)));
  const variables = [...new Set([...kept.map(variableOf), 'wasmTable'])];
  return `${before};var ${variables.join(',')};${opening}Module.leanExports=wasmExports;Module.leanMemory=wasmMemory;Module.callMain=callMain;${kept.join(';')}${after}`;
}

function find(source: string, text: string): number {
  const at = source.indexOf(text);
  if (at < 0) throw new LeanBundleError('glue', `the package's script has no ${JSON.stringify(text)}`);
  return at;
}

function replaceAll(source: string, from: string, by: string): string {
  find(source, from);
  return source.replaceAll(from, by);
}

function replaceBetween(source: string, from: string, to: string, by: string): string {
  const start = find(source, from);
  const end = source.indexOf(to, start);
  if (end < 0) throw new LeanBundleError('glue', `the package's script has no ${JSON.stringify(to)}`);
  return source.slice(0, start) + by + source.slice(end);
}

function replaceOnce(source: string, from: string, by: string): string {
  const at = find(source, from);
  return source.slice(0, at) + by + source.slice(at + from.length);
}
