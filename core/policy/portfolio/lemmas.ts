/**
 * Library lemmas that automation needs to be told of, by what stands in the goal. `simp` and `grind` know many lemmas
 * by themselves; these are the ones that neither tries, in the direction that helps.
 */
interface Pack {
  readonly about: RegExp;
  readonly simp: readonly string[];
  readonly grind: readonly string[];
}

const PACKS: readonly Pack[] = [
  {
    about: /map[\s\S]*reverse|reverse[\s\S]*map/,
    simp: ['← List.map_reverse'],
    grind: ['List.map_reverse'],
  },
  {
    about: /take[\s\S]*drop|drop[\s\S]*take/,
    simp: ['List.take_append_drop', '-List.drop_drop'],
    grind: ['List.take_append_drop', 'List.drop_drop', 'List.take_take'],
  },
  {
    about: /\+\+[\s\S]*reverse|reverse[\s\S]*\+\+/,
    simp: ['List.append_assoc'],
    grind: ['List.reverse_append'],
  },
  {
    about: /\.sum\b/,
    simp: ['List.sum_append', 'List.sum_reverse'],
    grind: ['List.sum_append', 'List.sum_cons'],
  },
  { about: /foldl/, simp: ['List.foldl_append'], grind: ['List.foldl_cons', 'List.foldl_append'] },
  { about: /foldr/, simp: ['List.foldr_append'], grind: ['List.foldr_cons', 'List.foldr_append'] },
  {
    about: /\bgcd\b/,
    simp: ['Nat.gcd_comm', 'Nat.gcd_add_self_right'],
    grind: ['Nat.gcd_comm', 'Nat.gcd_add_self_right'],
  },
  { about: /\blcm\b/, simp: ['Nat.lcm_comm'], grind: ['Nat.lcm_comm', 'Nat.gcd_mul_lcm'] },
  { about: /[2-9] \^/, simp: ['Nat.pow_succ'], grind: ['Nat.pow_succ', 'Nat.pow_pos'] },
  {
    about: /\^/,
    simp: ['Nat.pow_succ', 'Int.pow_succ'],
    grind: ['Nat.pow_succ', 'Nat.pow_add', 'Nat.pow_mul'],
  },
  { about: /max|min/, simp: ['Nat.max_def', 'Nat.min_def'], grind: ['Nat.max_def', 'Nat.min_def'] },
  { about: /\bcount\b/, simp: ['List.count_cons'], grind: ['List.count_cons', 'List.count_append'] },
  {
    about: /BitVec|\^\^\^/,
    simp: ['BitVec.xor_assoc', 'BitVec.and_assoc'],
    grind: ['BitVec.xor_assoc', 'BitVec.xor_comm'],
  },
  { about: /∣/, simp: ['Nat.dvd_iff_mod_eq_zero', 'Int.dvd_iff_emod_eq_zero'], grind: [] },
  { about: /natAbs/, simp: ['Int.natAbs_mul'], grind: ['Int.natAbs_mul'] },
];

/** Lemmas about what the text speaks of. */
export function lemmasAbout(text: string): { readonly simp: string[]; readonly grind: string[] } {
  const packs = PACKS.filter((pack) => pack.about.test(text));
  return {
    simp: [...new Set(packs.flatMap((pack) => pack.simp))].slice(0, 5),
    grind: [...new Set(packs.flatMap((pack) => pack.grind))].slice(0, 5),
  };
}
