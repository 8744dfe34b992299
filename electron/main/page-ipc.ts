import { dialog, ipcMain, type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron';
import type { z } from 'zod';
import { describeInvalid } from '../../core/record/index.ts';
import {
  ApiError,
  commandNameSchema,
  commands,
  type ApiTransport,
  type CallReply,
  type TransportMessage,
} from '../../core/api/index.ts';
import { CHANNELS } from '../ipc/channels.ts';
import {
  callArgumentsSchema,
  cancelArgumentsSchema,
  noArgumentsSchema,
  pickPathArgumentsSchema,
  type PathKind,
} from '../ipc/page-requests.ts';
import { isOwnSender } from './own-sender.ts';

export interface PageIpcComponents {
  readonly transport: ApiTransport;
  /** The window that may speak; none while it is closed. */
  readonly window: () => BrowserWindow | undefined;
}

/** Commands of a page under way at one time. */
const MAX_CALLS = 100;

/** A message that was not sent by the app's own page. */
export class ForeignSenderError extends Error {
  override readonly name = 'ForeignSenderError';

  constructor() {
    super('only the app’s own page may ask');
  }
}

/** Answers the app's page, and nobody else. */
export class PageIpc {
  readonly #components: PageIpcComponents;
  readonly #calls = new Map<string, AbortController>();
  #unsubscribe: (() => void) | undefined;

  constructor(components: PageIpcComponents) {
    this.#components = components;
  }

  listen(): void {
    ipcMain.handle(CHANNELS.call, async (event, ...args: unknown[]) => {
      this.#admit(event);
      return this.#call(args);
    });
    ipcMain.handle(CHANNELS.pickPath, async (event, ...args: unknown[]) => {
      const window = this.#admit(event);
      return pickPath(window, ...pickPathArgumentsSchema.parse(args));
    });
    this.#on(CHANNELS.cancel, cancelArgumentsSchema, (_window, [id]) => {
      this.#calls.get(id)?.abort(new ApiError('cancelled', 'the command was cancelled'));
    });
    this.#on(CHANNELS.subscribe, noArgumentsSchema, (window) => this.#subscribe(window));
    this.#on(CHANNELS.unsubscribe, noArgumentsSchema, () => this.forget());
  }

  /** The page is gone, or another is loaded in its place: what it waited for is cancelled. */
  forget(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    for (const calling of this.#calls.values()) calling.abort(new ApiError('cancelled', 'the page is gone'));
  }

  /** @throws ForeignSenderError unless it is the top frame of the app's window, on the app's own address */
  #admit(event: IpcMainEvent | IpcMainInvokeEvent): BrowserWindow {
    const window = this.#components.window();
    if (window === undefined || !isOwnSender(event, window)) throw new ForeignSenderError();
    return window;
  }

  /** For messages without an answer: what is not understood is dropped. */
  #on<T extends z.ZodType>(
    channel: string,
    schema: T,
    handle: (window: BrowserWindow, args: z.output<T>) => void,
  ): void {
    ipcMain.on(channel, (event, ...args: unknown[]) => {
      let window: BrowserWindow;
      try {
        window = this.#admit(event);
      } catch {
        return;
      }
      const parsed = schema.safeParse(args);
      if (parsed.success) handle(window, parsed.data);
    });
  }

  async #call(args: readonly unknown[]): Promise<CallReply> {
    const parsed = callArgumentsSchema.safeParse(args);
    if (!parsed.success) return refusal('bad-input', describeInvalid(parsed.error));
    const [id, name, raw] = parsed.data;
    const known = commandNameSchema.safeParse(name);
    if (!known.success) return refusal('unknown-command', 'there is no such command');
    const input = commands[known.data].input.safeParse(raw);
    if (!input.success) return refusal('bad-input', `${known.data}: ${describeInvalid(input.error)}`);
    if (this.#calls.has(id)) return refusal('conflict', 'another command has this id');
    if (this.#calls.size >= MAX_CALLS) return refusal('busy', 'too many commands at one time');
    const calling = new AbortController();
    this.#calls.set(id, calling);
    try {
      const output = await this.#components.transport.call(known.data, input.data, calling.signal);
      return { ok: true, output };
    } catch (error) {
      if (error instanceof ApiError) return refusal(error.code, error.message);
      return refusal('internal', (error as Error).message);
    } finally {
      this.#calls.delete(id);
    }
  }

  #subscribe(window: BrowserWindow): void {
    this.#unsubscribe?.();
    const send = (message: TransportMessage): void => {
      if (!window.isDestroyed()) window.webContents.send(CHANNELS.message, message);
    };
    this.#unsubscribe = this.#components.transport.subscribe(send);
  }
}

const refusal = (code: ApiError['code'], message: string): CallReply => ({
  ok: false,
  error: { code, message: message.slice(0, 4000) },
});

async function pickPath(
  window: BrowserWindow,
  kind: PathKind,
  suggested?: string,
): Promise<string | undefined> {
  const options = suggested === undefined ? {} : { defaultPath: suggested };
  if (kind === 'save-file') {
    const { canceled, filePath } = await dialog.showSaveDialog(window, options);
    return canceled || filePath === '' ? undefined : filePath;
  }
  const property = kind === 'open-file' ? ('openFile' as const) : ('openDirectory' as const);
  const { canceled, filePaths } = await dialog.showOpenDialog(window, { ...options, properties: [property] });
  return canceled ? undefined : filePaths[0];
}
