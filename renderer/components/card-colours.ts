import type { LeanToken } from './lean/lexer.ts';

export type CardTheme = 'light' | 'dark';

export interface CardColours {
  readonly paper: string;
  readonly surface: string;
  readonly line: string;
  readonly ink: string;
  readonly quiet: string;
  readonly good: string;
  readonly goodSoft: string;
  readonly brand: string;
  readonly tokens: Readonly<Partial<Record<LeanToken, string>>>;
}

/** Those of styles/tokens.css: an image takes its colours along. */
export const CARD_COLOURS: Readonly<Record<CardTheme, CardColours>> = {
  light: {
    paper: '#f6f4ee',
    surface: '#ffffff',
    line: '#e5e1d8',
    ink: '#1c1a17',
    quiet: '#69645b',
    good: '#14693c',
    goodSoft: '#e1f2e8',
    brand: '#2b4fb8',
    tokens: {
      keyword: '#2b4fb8',
      tactic: '#6b3fa0',
      type: '#0f6674',
      string: '#14693c',
      number: '#8a4b08',
      comment: '#69645b',
    },
  },
  dark: {
    paper: '#161512',
    surface: '#1f1d1a',
    line: '#37342e',
    ink: '#eeebe4',
    quiet: '#a09a8d',
    good: '#7ed3a2',
    goodSoft: '#1b3527',
    brand: '#2b4fb8',
    tokens: {
      keyword: '#9db6ff',
      tactic: '#cfaef5',
      type: '#79cfdc',
      string: '#8fd6ac',
      number: '#eebb83',
      comment: '#a09a8d',
    },
  },
};
