import { CARD_SIZE } from '../../core/api/index.ts';
import type { ContentId } from '../../core/record/index.ts';
import type { NodeStore } from '../store/node-store.ts';
import { drawCard } from './share-card.ts';

/**
 * The card of a proof as a PNG image in a `data:` URL, small enough for a notification.
 * @throws ApiError
 */
export async function cardImage(store: NodeStore, proof: ContentId): Promise<string> {
  const { proof: view } = await store.call('bank.proof', { proof });
  const whole = document.createElement('canvas');
  drawCard(whole, view, document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light');
  const small = document.createElement('canvas');
  small.width = CARD_SIZE.width;
  small.height = CARD_SIZE.height;
  const context = small.getContext('2d');
  if (context === null) throw new Error('the browser draws no images');
  context.imageSmoothingQuality = 'high';
  context.drawImage(whole, 0, 0, small.width, small.height);
  return small.toDataURL('image/png');
}
