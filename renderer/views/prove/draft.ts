const KEPT = 'proofswarm.draft';

const EXAMPLE = `theorem sum_of_two_odds (m n : Nat) (hm : m % 2 = 1) (hn : n % 2 = 1) :
    (m + n) % 2 = 0 := by
  sorry
`;

/** What was in the editor, as long as the window lives. */
export const draft = {
  read: (): string => sessionStorage.getItem(KEPT) ?? EXAMPLE,
  write(text: string): void {
    try {
      sessionStorage.setItem(KEPT, text);
    } catch {
      // Too long to be kept; it is still in the editor.
    }
  },
};
