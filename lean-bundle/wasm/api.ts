/**
 * The functions of Lean's module that this program calls by name, with their C signatures. Arguments and results are
 * pointers to Lean objects unless said otherwise; an argument is owned by the callee unless marked borrowed.
 */
type Fn<Args extends readonly number[]> = (...args: Args) => number;
type P = number;

export interface LeanApi {
  malloc: Fn<[bytes: number]>;
  free: (address: P) => void;
  /** Tells the runtime where the stack is that it keeps in memory; it grows downwards. */
  emscripten_stack_set_limits: (base: P, end: P) => void;
  _emscripten_stack_restore: (pointer: P) => void;
  lean_alloc_object: Fn<[bytes: number]>;
  lean_dec_ref_cold: (object: P) => void;
  lean_initialize: () => void;
  lean_enable_initializer_execution: Fn<[]>;
  lean_io_mark_end_initialization: () => void;
  lean_init_task_manager_using: (threads: number) => void;
  lean_io_error_to_string: Fn<[error: P]>;
  /** With a length, so that a NUL is a character like others. */
  lean_mk_string_from_bytes: Fn<[borrowedBytes: P, length: number]>;
  lean_cstr_to_nat: Fn<[borrowedBytes: P]>;
  l_Nat_reprFast: Fn<[nat: P]>;

  lean_name_mk_string: Fn<[prefix: P, part: P]>;
  lean_name_mk_numeral: Fn<[prefix: P, part: P]>;
  lean_level_mk_zero: Fn<[unit: P]>;
  lean_level_mk_succ: Fn<[level: P]>;
  lean_level_mk_max: Fn<[left: P, right: P]>;
  lean_level_mk_imax: Fn<[left: P, right: P]>;
  lean_level_mk_param: Fn<[name: P]>;
  lean_expr_mk_bvar: Fn<[index: P]>;
  lean_expr_mk_sort: Fn<[level: P]>;
  lean_expr_mk_const: Fn<[name: P, levels: P]>;
  lean_expr_mk_app: Fn<[fn: P, argument: P]>;
  lean_expr_mk_lambda: Fn<[name: P, type: P, body: P, binderInfo: number]>;
  lean_expr_mk_forall: Fn<[name: P, type: P, body: P, binderInfo: number]>;
  /** Makes a dependent `let`. */
  lean_expr_mk_let: Fn<[name: P, type: P, value: P, body: P]>;
  lean_expr_mk_lit: Fn<[literal: P]>;
  lean_expr_mk_proj: Fn<[structure: P, index: P, expr: P]>;

  l_Lean_initSearchPath: Fn<[root: P, paths: P]>;
  l_Lean_importModules: Fn<
    [
      imports: P,
      options: P,
      trustLevel: number,
      plugins: P,
      leakEnvironment: number,
      loadExtensions: number,
      level: number,
      artifacts: P,
    ]
  >;
  l_Lean_FileMap_ofString: Fn<[source: P]>;
  /** A constant: where its reference lies. */
  l_Lean_MessageLog_empty: { readonly value: number };
  l_Lean_MessageLog_hasErrors: Fn<[log: P]>;
  l_Lean_Elab_Command_mkState: Fn<[environment: P, messages: P, options: P]>;
  l_Lean_Elab_IO_processCommands: Fn<[inputContext: P, parserState: P, commandState: P]>;
  /** Gives the command, the parser's state after it, and the messages. */
  l_Lean_Parser_parseCommand: Fn<[inputContext: P, moduleContext: P, parserState: P, messages: P]>;
  /** A C boolean. */
  l_Lean_Parser_isTerminalCommand: Fn<[command: P]>;
  l_Lean_Elab_Frontend_elabCommandAtFrontend: Fn<[command: P, borrowedInput: P, borrowedStateRef: P]>;
  lean_st_mk_ref: Fn<[value: P]>;
  /** Waits for a task's value, which stays the task's. */
  lean_task_get: Fn<[borrowedTask: P]>;
  lean_st_ref_get: Fn<[borrowedRef: P]>;
  l_Lean_KVMap_setNat: Fn<[options: P, name: P, value: P]>;
  l_Lean_KVMap_setBool: Fn<[options: P, name: P, value: number]>;
  l_Lean_MessageLog_toArray: Fn<[log: P]>;
  l_Lean_Message_toJson: Fn<[message: P]>;
  l_Lean_Json_compress: Fn<[json: P]>;
  l_Lean_Environment_find_x3f: Fn<[environment: P, name: P, skipRealize: number]>;
  l_Lean_getOriginalConstKind_x3f: Fn<[environment: P, name: P]>;
  lean_elab_environment_to_kernel_env: Fn<[environment: P]>;
  lean_environment_find: Fn<[kernelEnvironment: P, name: P]>;
  lean_add_decl: Fn<[kernelEnvironment: P, maxHeartbeat: number, borrowedDeclaration: P, cancelToken: P]>;
}

/** Names of {@link LeanApi}: what the rewritten module must still export. */
export const LEAN_API_NAMES: readonly (keyof LeanApi)[] = [
  'malloc',
  'free',
  'emscripten_stack_set_limits',
  '_emscripten_stack_restore',
  'lean_alloc_object',
  'lean_dec_ref_cold',
  'lean_initialize',
  'lean_enable_initializer_execution',
  'lean_io_mark_end_initialization',
  'lean_init_task_manager_using',
  'lean_io_error_to_string',
  'lean_mk_string_from_bytes',
  'lean_cstr_to_nat',
  'l_Nat_reprFast',
  'lean_name_mk_string',
  'lean_name_mk_numeral',
  'lean_level_mk_zero',
  'lean_level_mk_succ',
  'lean_level_mk_max',
  'lean_level_mk_imax',
  'lean_level_mk_param',
  'lean_expr_mk_bvar',
  'lean_expr_mk_sort',
  'lean_expr_mk_const',
  'lean_expr_mk_app',
  'lean_expr_mk_lambda',
  'lean_expr_mk_forall',
  'lean_expr_mk_let',
  'lean_expr_mk_lit',
  'lean_expr_mk_proj',
  'l_Lean_initSearchPath',
  'l_Lean_importModules',
  'l_Lean_FileMap_ofString',
  'l_Lean_MessageLog_empty',
  'l_Lean_MessageLog_hasErrors',
  'l_Lean_Elab_Command_mkState',
  'l_Lean_Elab_IO_processCommands',
  'l_Lean_Parser_parseCommand',
  'l_Lean_Parser_isTerminalCommand',
  'l_Lean_Elab_Frontend_elabCommandAtFrontend',
  'lean_st_mk_ref',
  'lean_task_get',
  'lean_st_ref_get',
  'l_Lean_KVMap_setNat',
  'l_Lean_KVMap_setBool',
  'l_Lean_MessageLog_toArray',
  'l_Lean_Message_toJson',
  'l_Lean_Json_compress',
  'l_Lean_Environment_find_x3f',
  'l_Lean_getOriginalConstKind_x3f',
  'lean_elab_environment_to_kernel_env',
  'lean_environment_find',
  'lean_add_decl',
];
