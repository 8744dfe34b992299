import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ApiError, type CardWanted } from '../../core/api/index.ts';
import { contentIdSchema } from '../../core/record/index.ts';
import { serveApp } from '../../electron/main/app-protocol.ts';
import { paintCard } from '../../electron/main/card-window.ts';
import { restrictAllContents } from '../../electron/main/contents-rules.ts';
import { ExternalLinks } from '../../electron/main/external-links.ts';
import { PageIpc } from '../../electron/main/page-ipc.ts';
import { restrictSession } from '../../electron/main/session-rules.ts';
import { app, BrowserWindow, ipcMain, session } from './substitute/electron.ts';
import { closeBrowser } from './substitute/window.ts';
import { buildPreload, removeBuild } from './support/launch.ts';

vi.mock('electron', () => import('./substitute/electron.ts'));

const PROOF = contentIdSchema.parse(`bafyrei${'a'.repeat(52)}`);
const WANTED = { proof: PROOF, theme: 'dark', view: {}, width: 600, height: 315 } as CardWanted;
const PATIENT = { timeout: 20_000, interval: 20 };
const asked: string[] = [];

let directory: string;
let preload: string;

beforeAll(async () => {
  app.removeAllListeners('window-all-closed');
  directory = await mkdtemp(path.join(tmpdir(), 'proofswarm-card-'));
  preload = await buildPreload();
  restrictAllContents(new ExternalLinks({ window: () => undefined }));
  restrictSession(session.defaultSession as never, { developer: false });
  serveApp(session.defaultSession as never, directory);
  new PageIpc({
    transport: {
      call: (command) => {
        asked.push(command);
        return Promise.reject(new ApiError('internal', 'nobody is to ask'));
      },
      subscribe: () => () => undefined,
    },
    window: () => undefined,
  }).listen();
});

afterEach(() => {
  // Whatever became of it, nothing of it is left.
  expect(BrowserWindow.all).toEqual([]);
  expect(ipcMain.listenerCount('proofswarm:card')).toBe(0);
});

afterAll(async () => {
  await closeBrowser();
  await removeBuild();
  await rm(directory, { recursive: true });
});

/** A page of the test's own in place of the one that draws. */
async function page(script: string): Promise<void> {
  await writeFile(path.join(directory, 'card.html'), '<!doctype html><script src="card.js" defer></script>');
  await writeFile(path.join(directory, 'card.js'), script);
}

const paint = (signal = new AbortController().signal): Promise<string> => paintCard(WANTED, preload, signal);
const said = (card: string): unknown =>
  JSON.parse(Buffer.from(card.split(',')[1] ?? '', 'base64').toString());
const GIVE = `const give = (value) => proofswarmCards.give('${PROOF}', 'data:image/png;base64,' + btoa(JSON.stringify(value)));`;

test('the page gets what it is to draw, and nothing else of the app', async () => {
  await page(`${GIVE}
    const others = ['proofswarm', 'require', 'process', 'ipcRenderer', 'electron'].filter((name) => name in window);
    proofswarmCards.onWanted((wanted) => give({ wanted, others, bridge: Object.keys(proofswarmCards).sort() }));`);
  expect(said(await paint())).toEqual({ wanted: WANTED, others: [], bridge: ['give', 'onWanted'] });
  const { options } = BrowserWindow.made.at(-1) ?? {};
  expect(options).toMatchObject({
    show: false,
    webPreferences: {
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    },
  });
});

test('a page that has been taken over goes nowhere, opens nothing and commands nothing', async () => {
  await writeFile(
    path.join(directory, 'index.html'),
    '<!doctype html><script src="index.js" defer></script>',
  );
  // In the app's main page there is the whole bridge: the main process is what refuses it to this window.
  await writeFile(
    path.join(directory, 'index.js'),
    `proofswarm.call('x-1', 'donation.control', { action: 'start' }).then(() => 'answered', (error) => error.message)
      .then((message) => { document.title = message; });`,
  );
  await page(`${GIVE}
    proofswarmCards.onWanted(async () => {
      const offline = await fetch('https://example.com/').then(() => false, () => true);
      window.open('https://example.com/popup');
      location.href = 'https://example.com/leave';
      setTimeout(() => { location.href = '/'; }, 300);
      if (!offline) give('it got out');
    });`);
  const stop = new AbortController();
  const card = paint(stop.signal);
  const refused = expect(card).rejects.toThrow('enough');
  await vi.waitFor(async () => {
    const [window] = BrowserWindow.all;
    const title: unknown = await (await window?.webContents.ready)?.title();
    expect(title).toBe('only the app’s own page may ask');
  }, PATIENT);
  expect(asked).toEqual([]);
  expect(BrowserWindow.all[0]?.webContents.popups).toEqual([
    { url: 'https://example.com/popup', action: 'deny' },
  ]);
  stop.abort(new Error('enough'));
  await refused;
});

test('a card of another proof, and what is no image, are not taken', async () => {
  await page(`proofswarmCards.onWanted(({ proof }) => {
      proofswarmCards.give('bafyrei${'b'.repeat(52)}', 'data:image/png;base64,AAAA');
      proofswarmCards.give(proof, 'https://example.com/card.png');
      proofswarmCards.give(proof, 'data:image/svg+xml;base64,AAAA');
      proofswarmCards.give(proof, 'data:image/png;base64,BBBB');
    });`);
  expect(await paint()).toBe('data:image/png;base64,BBBB');
});

test('no other window gives a card', async () => {
  await page('');
  const stop = new AbortController();
  const card = paint(stop.signal);
  const refused = expect(card).rejects.toThrow('enough');
  await vi.waitFor(() => expect(ipcMain.listenerCount('proofswarm:card')).toBe(1), PATIENT);
  const foreign = { senderFrame: { url: 'app://proofswarm/card.html' } };
  ipcMain.emit('proofswarm:card', foreign, PROOF, 'data:image/png;base64,AAAA');
  ipcMain.emit('proofswarm:card', { senderFrame: null }, PROOF, 'data:image/png;base64,AAAA');
  stop.abort(new Error('enough'));
  await refused;
});

test('a page whose process ends is not waited for', async () => {
  await page('');
  const card = paint();
  const refused = expect(card).rejects.toThrow('has ended: crashed');
  BrowserWindow.all[0]?.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
  await refused;
});

test('where the app is closing no window is made', async () => {
  const made = BrowserWindow.made.length;
  await expect(paint(AbortSignal.abort(new Error('closing')))).rejects.toThrow('closing');
  expect(BrowserWindow.made).toHaveLength(made);
});
