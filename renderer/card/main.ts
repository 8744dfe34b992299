import type { CardBridge } from '../../core/api/index.ts';
import { cardImage } from '../components/card-image.ts';

declare global {
  interface Window {
    /** Set by the desktop app's preload, in this page alone. */
    readonly proofswarmCards?: CardBridge;
  }
}

// A page that nobody sees: it draws what the app hands it, and knows of nothing else.
const { proofswarmCards: cards } = window;
cards?.onWanted((wanted) => cards.give(wanted.proof, cardImage(wanted.view, wanted.theme, wanted)));
