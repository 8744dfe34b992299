/** Words that start a tactic; a proof without a statement, or Lean without a fence, is known by them. */
export const TACTICS: ReadonlySet<string> = new Set(
  (
    'intro intros rfl decide omega simp simp_all simpa dsimp exact exact_mod_cast apply refine constructor cases rcases ' +
    'obtain induction rw rewrite erw norm_num norm_cast push_cast ring ring_nf field_simp linarith nlinarith positivity ' +
    'have haveI show suffices let calc by_cases by_contra contrapose push_neg exfalso contradiction absurd trivial ' +
    'assumption left right exists use ext funext congr split split_ifs fin_cases interval_cases rintro subst unfold ' +
    'change conv all_goals any_goals first repeat try grind aesop tauto bv_decide ac_rfl native_decide revert ' +
    'generalize specialize injection symm nth_rewrite gcongr bound polyrith match if case next rename_i letI ' +
    'subst_vars infer_instance solve_by_elim nofun fun_induction fun_cases iterate classical clear'
  ).split(' '),
);

/** Words that start a command in a text that may be prose as well. */
export const COMMAND_LINE =
  /^(?:import|open|theorem|lemma|example|def|abbrev|inductive|structure|instance|namespace|section|set_option|variable|universe|noncomputable|private|protected|@\[|end\b|#)/;

/** The first word of a text. */
export const firstWord = (text: string): string => /^\s*([\p{L}_][\p{L}\p{N}_'!?]*)/u.exec(text)?.[1] ?? '';
