/*
 * Elaborating a Lean source can run code of its author's: `#eval`, macros, simprocs, native evaluation, values of tactic
 * options. Such code can change the process that elaborates it in ways that outlive the source: Lean's memory, its files,
 * its threads. A process that has elaborated only inert sources answers the next one as a new process would.
 *
 * Here is what is looked for; `text.ts` looks at a source as it stands, `command.ts` at what Lean's own parser has made of it.
 */

/** Words that make Lean run code of the source's, or make code unsafe to run. */
export const RUNNING_WORDS: ReadonlySet<string> = new Set([
  // The elaborator's own interface, and what the kernel evaluates natively.
  ...['Lean', 'Lake', 'reduceBool', 'reduceNat', 'ofReduceBool', 'ofReduceNat', 'trustCompiler'],
  // Commands and attributes that give the elaborator code to run.
  ...['macro', 'macro_rules', 'syntax', 'elab', 'elab_rules', 'declare_syntax_cat', 'binder_predicate'],
  ...['simproc', 'simproc_decl', 'dsimproc', 'dsimproc_decl', 'builtin_simproc', 'builtin_dsimproc'],
  ...['app_unexpander', 'delab', 'app_delab', 'term_elab', 'command_elab', 'tactic', 'grind_propagator'],
  ...['initialize', 'builtin_initialize', 'register_option', 'register_builtin_option'],
  ...['register_simp_attr', 'register_label_attr', 'declare_config_elab', 'set_library_suggestions'],
  // Code run in place. The syntax of an `autoParam` is computed; a numeral is what its `OfNat` instance computes.
  ...['run_cmd', 'run_elab', 'run_meta', 'run_tac', 'by_elab', 'include_str', 'autoParam', 'OfNat', 'verso'],
  ...['docs_to_verso'],
  ...['native_decide', 'native', 'bv_decide', 'bv_check', 'show_panel_widgets'],
  // Code that is not what its type says.
  ...['unsafe', 'implemented_by', 'extern', 'csimp'],
  ...['lcProof', 'lcUnreachable', 'lcAny', 'ptrAddrUnsafe'],
]);
/** Names that work as those words do: `unsafeCast`, `simproc_pattern%`, `term_parser`. */
export const RUNNING_NAME = /unsafe[A-Z]|Unsafe|simproc|_parser$|_parenthesizer$|_formatter$|skipKernelTC/;

/**
 * Attributes that run nothing of what they are put on. Many others do: those that make a definition a parser, an elaborator or a
 * printer evaluate it at once.
 */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  ...['simp', 'seval', 'ext', 'grind', 'refl', 'symm', 'trans', 'congr', 'spec'],
  ...['coe', 'norm_cast', 'push_cast', 'instance', 'default_instance', 'class'],
  ...['reducible', 'irreducible', 'semireducible', 'instance_reducible'],
  ...['inline', 'noinline', 'always_inline', 'specialize', 'nospecialize', 'match_pattern', 'unbox'],
  ...['elab_as_elim', 'elab_without_expected_type', 'induction_eliminator', 'cases_eliminator'],
  ...['expose', 'no_expose', 'deprecated', 'inherit_doc', 'bv_normalize', 'int_toBitVec', 'bool_to_prop'],
]);
/** `@[…]` and `attribute […]`, as far as the next bracket of either kind or text: there is none in an attribute that is looked at. */
const ATTRIBUTE_LIST = /(?:@\[|attribute\s*\[)([^[\]"]*)(.?)/gs;
const ATTRIBUTE = /^\s*(?:(?:local|scoped)\s+|-\s*)?([A-Za-z_]+)(?![A-Za-z0-9_!?'.])/;

/** Options that change what is shown, how long is tried, or what is inferred. Of `debug.…`, one turns the kernel off. */
const OPTIONS =
  /^(?:maxRecDepth|maxHeartbeats|synthInstance\.max(?:Heartbeats|Size)|(?:relaxedA|a)utoImplicit|(?:pp|linter|trace|tactic|grind|backward)\.[A-Za-z.]+|warn\.sorry|warningAsError|Elab\.async|diagnostics(?:\.threshold)?|exponentiation\.threshold|quotPrecheck(?:\.allowSectionVars)?|smartUnfolding|genSizeOfSpec|hygiene)$/;
const SET_OPTION = /set_option(?![A-Za-z0-9_!?'])\s*([^\s]*)/g;

/** `#eval`, `#guard`, …, but not those that only look things up, and not `1#w`. */
export const HASH_COMMAND = /#(?!(?:check|print|exit)(?![A-Za-z0-9_!?']))[A-Za-z_]{2}/;

/** `(name := …)`: where a tactic takes it for an option, its value is run as code. */
const OPTION = /\(\s*([^\s():]+)\s*:=/g;
/** Names of arguments that no option bears. */
const ARGUMENT = /^(?:motive|priority|name|since|[a-zA-Zα-ωΑ-Ω][0-9₀-₉']*)$/;

/** Whether the attributes, the options and the named arguments of a text without comments run nothing. */
export function settingsAreInert(text: string): boolean {
  for (const [, list = '', end] of text.matchAll(ATTRIBUTE_LIST)) {
    if (end !== ']' || !list.split(',').every((each) => ATTRIBUTES.has(ATTRIBUTE.exec(each)?.[1] ?? '')))
      return false;
  }
  for (const [, name = ''] of text.matchAll(SET_OPTION)) if (!OPTIONS.test(name)) return false;
  for (const [, name = ''] of text.matchAll(OPTION)) if (!ARGUMENT.test(name)) return false;
  return true;
}
