import { describe, expect, test } from 'vitest';
import { isInertCommand, type Token } from '../../core/lean/inert/command.ts';

/** Symbols as texts, names as lists. */
const inert = (tokens: readonly Token[], beforeIn: readonly string[] = []): boolean =>
  isInertCommand({ tokens, beforeIn });

describe('inert are', () => {
  test.each<{ tokens: Token[]; beforeIn?: string[] }>([
    { tokens: ['theorem', ['t'], ':', ['True'], ':=', ['trivial']] },
    { tokens: ['@[', ['local'], ['simp'], ',', ['ext'], ']', 'def', ['f'], ':=', '#[', ']'] },
    { tokens: ['attribute', '[', '-', ['simp'], ']', ['Nat', 'add_comm']] },
    { tokens: ['set_option', ['pp', 'all'], 'true'] },
    { tokens: ['open', ['Nat'], 'in', '#check', ['succ']], beforeIn: ['Lean.Parser.Command.open'] },
    { tokens: ['def', ['f'], ':=', '(', ['g'], '(', ['motive'], ':=', '_', ')', ')'] },
    { tokens: ['def', ['automaton'], ':=', ['x_auto'], 'where', ['y'], ':='] },
    { tokens: ['def', ['f'], 'termination_by', ['n']] },
    { tokens: ['0', '#', ['w']] },
  ])('$tokens', ({ tokens, beforeIn }) => expect(inert(tokens, beforeIn)).toBe(true));
});

describe('not inert are', () => {
  test.each<{ tokens: Token[]; beforeIn?: string[] }>([
    { tokens: ['macro', ':', ['term']] },
    { tokens: ['#eval'] },
    { tokens: ['open', ['Std', 'Lean']] },
    { tokens: ['def', ['f'], ':=', ['unsafeCast']] },
    { tokens: ['@[', ['term_parser'], ']', 'def', ['p']] },
    { tokens: ['@[', ['simp'], ',', ['term_parser'], ']', 'def', ['p']] },
    // A name's own signs are not Lean's.
    { tokens: ['@[', ['simp'], [']'], ',', ['term_parser'], ']', 'def', ['p']] },
    { tokens: ['attribute', '[', ['simp'], '§]', ',', ['term_parser'], ']', ['p']] },
    { tokens: ['set_option', ['debug', 'skipKernelTC'], 'true'] },
    { tokens: ['simp', '(', 'maxSteps', ':=', ['f'], ')'] },
    { tokens: ['simp', '(', ['a:b'], ':=', ['f'], ')'] },
    { tokens: ['def', ['S'], 'in', 'theorem', ['t']], beforeIn: ['Lean.Parser.Command.declaration'] },
    { tokens: ['open', ['Nat'], 'in'], beforeIn: [''] },
    { tokens: ['mutual', 'def', ['S'], 'def', ['f'], 'termination_by', ['S'], 'end'] },
    { tokens: ['def', ['f'], 'decreasing_by', ['S'], 'where', ['S']] },
    { tokens: ['def', ['f'], 'let', 'rec', ['S'], 'partial_fixpoint', 'monotonicity', ['S']] },
    { tokens: ['def', ['P', '_auto_1'], ':=', ['x']] },
  ])('$tokens', ({ tokens, beforeIn }) => expect(inert(tokens, beforeIn)).toBe(false));
});
