import { Notification, type NativeImage } from 'electron';
import { ProofNewsDesk, type ApiEventOf, type ProofNews, type Settings } from '../../core/api/index.ts';
import type { ContentId } from '../../core/record/index.ts';
import type { Place } from './page-address.ts';

export interface ProofNotificationsComponents {
  readonly open: (place: Place | undefined) => void;
  /** The card of a theorem; undefined where it cannot be drawn. */
  readonly card: (proof: ContentId) => Promise<NativeImage | undefined>;
}

interface NotificationDetails {
  /** Where a click leads. */
  readonly place?: Place;
  readonly icon?: NativeImage | undefined;
}

/** Tells of proofs that this machine found, and of those of statements that the user watches. */
export class ProofNotifications {
  readonly #components: ProofNotificationsComponents;
  readonly #desk = new ProofNewsDesk((news) => void this.#tell(news));
  /** Held until it is closed: one that is collected as garbage no longer answers a click. */
  readonly #shown = new Set<Notification>();

  constructor(components: ProofNotificationsComponents) {
    this.#components = components;
  }

  hear(event: ApiEventOf<'bank:proof-added'>, wanted: Settings['notifications']): void {
    this.#desk.hear(event, wanted);
  }

  show(title: string, body: string, { place, icon }: NotificationDetails = {}): void {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title, body, ...(icon === undefined ? {} : { icon }) });
    this.#shown.add(notification);
    notification.on('click', () => this.#components.open(place));
    notification.on('close', () => this.#shown.delete(notification));
    notification.show();
  }

  stop(): void {
    this.#desk.stop();
  }

  async #tell({ title, body, proof }: ProofNews): Promise<void> {
    if (proof === undefined) {
      this.show(title, body, { place: { screen: 'memory' } });
      return;
    }
    const icon = await this.#components.card(proof.id);
    this.show(title, body, { place: { screen: 'memory', id: proof.id }, icon });
  }
}
