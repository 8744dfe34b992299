import { dialog, shell, type BrowserWindow } from 'electron';

const MAX_LENGTH = 2000;

/** The address as a browser would open it, where it is one that may be opened: a web page, over TLS, without a password. */
export function externalAddress(text: string): string | undefined {
  if (text.length > MAX_LENGTH || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = url.protocol === 'https:' && url.username === '' && url.password === '';
  return isPlain && url.hostname !== '' ? url.href : undefined;
}

/**
 * Asks the user before the system's browser opens an address: statements and their sources come from strangers, and an
 * address can carry away what a page knows.
 */
export class ExternalLinks {
  readonly #window: () => BrowserWindow | undefined;
  #asking = false;

  constructor({ window }: { readonly window: () => BrowserWindow | undefined }) {
    this.#window = window;
  }

  async open(text: string): Promise<void> {
    const address = externalAddress(text);
    const window = this.#window();
    if (address === undefined || window === undefined || this.#asking) return;
    this.#asking = true;
    try {
      const { response } = await dialog.showMessageBox(window, {
        type: 'question',
        message: 'Open this page in your browser?',
        detail: address,
        buttons: ['Open', 'Cancel'],
        defaultId: 1,
        cancelId: 1,
        noLink: true,
      });
      if (response === 0) await shell.openExternal(address);
    } finally {
      this.#asking = false;
    }
  }
}
