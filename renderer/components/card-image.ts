import type { CardTheme } from './card-colours.ts';
import { drawCard, type CardView } from './share-card.ts';

interface CardSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The card of a proof as a PNG image in a `data:` URL, small enough for a notification.
 * @param size in pixels
 */
export function cardImage(view: CardView, theme: CardTheme, { width, height }: CardSize): string {
  const whole = document.createElement('canvas');
  drawCard(whole, view, theme);
  const small = document.createElement('canvas');
  small.width = width;
  small.height = height;
  const context = small.getContext('2d');
  if (context === null) throw new Error('the browser draws no images');
  context.imageSmoothingQuality = 'high';
  context.drawImage(whole, 0, 0, width, height);
  return small.toDataURL('image/png');
}
