import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiEvent, BankImport, ReplyView } from '../../core/api/index.ts';
import { openNode, type NetworkPort, type OpenNode } from '../../core/node/service/index.ts';
import { WebHost } from '../../core/node/web/index.ts';
import { createIdentity } from '../../core/record/index.ts';
import { pickPathArgumentsSchema } from '../../electron/ipc/page-requests.ts';
import { emptyView } from '../api/support.ts';
import { capture, violations, visit } from '../e2e/support/screens.ts';
import { buildRenderer } from '../e2e/support/renderer-build.ts';
import { numbered, prove, type Proven } from '../memory/proofs.ts';
import { launchChromium } from '../support/chromium.ts';
import { statement } from '../support/lean.ts';
import { TEST_CACHE } from '../support/paths.ts';

/** The screens over a real node in this process, in which nothing is proved: what happens is told by the test. */
let data: string;
let node: OpenNode;
let host: WebHost;
let browser: Browser;
let page: Page;

const tell = (event: ApiEvent): void => node.service.hub.emit(event);
const peer = (n: number): string => createIdentity(new Uint8Array(32).fill(n)).peer;

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'proofswarm-screens-'));
  const settings = { version: 1, welcomed: true, agreement: { licence: 'Apache-2.0', at: 1 } };
  await writeFile(path.join(data, 'settings.json'), JSON.stringify(settings));
  const files = await buildRenderer();
  node = await openNode({ locations: { data, cache: TEST_CACHE } });
  host = await WebHost.listen({ service: node.service }, { port: 0, files });
  browser = await launchChromium();
  page = await (await browser.newContext({ viewport: { width: 1000, height: 900 } })).newPage();
  await page.goto(host.invitation());
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
}, 180_000);

afterAll(async () => {
  await browser.close();
  await host.close();
  await node[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
});

describe('a session with a language model', () => {
  const failed = { rollout: 0, round: 0, candidate: 0, verdict: 'failed' as const, milliseconds: 5, at: 9 };
  const view = { ...emptyView('scripted'), attempts: [{ ...failed, summary: 'unsolved goals' }] };
  const settings = { ...view.session.settings, policy: 'mixed' as const };
  const session = { ...view.session, settings, createdAt: Date.now(), startedAt: Date.now() };
  const reply: ReplyView = {
    rollout: 0,
    round: 1,
    promptTokens: 812,
    tokens: 0,
    milliseconds: 0,
    text: '',
    omitted: 0,
  };

  test('shows what is written as it is written, and says why where nothing is', async () => {
    tell({ type: 'prove:session-changed', session });
    await page.route('**/api/call/prove.get', (route) =>
      route.fulfill({
        json: { ok: true, output: { seq: node.service.hub.seq, view: { ...view, session } } },
      }),
    );
    await visit(page, 'prove/scripted');
    const writing = page.getByRole('region', { name: 'The model writes' });
    await writing.getByText('Nothing now: it is another way’s turn.').waitFor();
    tell({ type: 'inference:loading', fraction: 0.25 });
    await writing.getByText('the model is being loaded, 25%').waitFor();
    tell({ type: 'prove:reply-started', session: 'scripted', reply });
    await writing.getByText('waits, or reads the prompt of 812 tokens').waitFor();
    const added = { rollout: 0, tokens: 100, milliseconds: 2000, text: 'by\n  omega', omitted: 0 };
    tell({ type: 'prove:replies-grew', session: 'scripted', added: [added] });
    await writing.getByText('100 tokens, 50 tokens/s').waitFor();
    const text = writing.getByRole('region', { name: 'Rollout 1, round 2, so far' });
    await text.getByText('omega').waitFor();
    await text.focus();
    expect(await violations(page)).toEqual([]);
    await capture(page, 'prove-writing');
    tell({ type: 'prove:reply-ended', session: 'scripted', rollout: 0 });
    await text.waitFor({ state: 'detached' });
  });

  test('shows where its budget went, and the models’ screen how the next one would be divided', async () => {
    const spent = [
      { way: 'opening' as const, rounds: 1, milliseconds: 400, proved: false },
      { way: 'model' as const, rounds: 3, milliseconds: 42_000, proved: true },
    ];
    tell({ type: 'prove:session-changed', session: { ...session, spent } });
    const row = page.getByRole('row', { name: 'Language model' });
    expect(await row.innerText()).toMatch(/3\s+42 s\s+proved it/);
    expect(await violations(page)).toEqual([]);
    const share = { share: 0.5, timeShare: 0.25, rounds: 12, proofs: 3, seconds: 2 };
    tell({
      type: 'prove:budget-learnt',
      budget: [
        { way: 'search', ...share },
        { way: 'model', ...share, rounds: 0, proofs: 0 },
      ],
    });
    await visit(page, 'models');
    const learnt = page.getByRole('region', { name: 'How the mixed policy divides a budget' });
    expect(await learnt.getByRole('row', { name: 'Portfolio, search' }).innerText()).toContain(
      '3 in 12 rounds',
    );
    expect(await learnt.getByRole('row', { name: 'Language model' }).innerText()).toContain('not tried yet');
    expect(await violations(page)).toEqual([]);
    await capture(page, 'models-budget');
  });
});

test('the board says how many peers work on a statement, and the statement who', async () => {
  const claimed = statement('theorem claimed_one (a b : Nat) : a + b = b + a');
  const entry = { statement: claimed, addedAt: 1 };
  const worker = { peer: peer(1), policy: 'llama', model: 'prover.gguf', since: Date.now() - 120_000 };
  const known = { entry, status: 'claimed', sources: [], workers: [worker, { ...worker, peer: peer(2) }] };
  const swarm = { statements: () => [entry], statement: () => known, curators: () => [] };
  node.service.setNetwork(swarm as unknown as NetworkPort);
  await visit(page, 'statements');
  await page.getByText('2 peers at it').waitFor();
  await page.getByRole('link', { name: 'claimed_one' }).focus();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('region', { name: 'Statement', exact: true });
  await detail.getByText('llama with prover.gguf').first().waitFor();
  await detail.getByText('heard of 2 min ago').first().waitFor();
  expect(await violations(page)).toEqual([]);
  await capture(page, 'statement-claimed');
  node.service.setNetwork(undefined);
});

test('a statement of another Lean says what it needs, and cannot be begun here', async () => {
  const line = JSON.stringify({
    environment: { lean: '4.9.0', library: 'mathlib', revision: 'v4.9.0' },
    header: '',
    formal: 'theorem of_another_lean : 1 = 1',
    name: 'of_another_lean',
  });
  const source = { kind: 'text', fileName: 'one.jsonl', text: line };
  await node.service.call('statements.import', { source });
  await visit(page, 'statements');
  await page.getByRole('link', { name: 'of_another_lean' }).click();
  await page.getByText('It needs Lean 4.9.0 · Mathlib v4.9.0').waitFor();
  expect(await page.getByRole('button', { name: 'Prove it' }).isDisabled()).toBe(true);
  expect(await violations(page)).toEqual([]);
});

test('the settings name the official Leans of the machine, and what they do not run', async () => {
  await visit(page, 'settings/lean');
  await page.getByText('Only core Lean is judged here').waitFor();
  const environment = { lean: '4.28.0', library: 'mathlib' as const, revision: 'v4.28.0' };
  const { state } = node.service.hub;
  const toolchains = [{ environment, source: 'elan' as const, directory: '/home/me/.elan/toolchains/x' }];
  const native = { toolchains, unconfined: 'bubblewrap (bwrap) is not installed' };
  tell({ type: 'node:changed', node: { ...state.node, native } });
  const leans = page.getByRole('list', { name: 'Official Leans on this machine' });
  await leans.getByText('Lean 4.28.0 · Mathlib v4.28.0, elan’s').waitFor();
  await page.getByText('bubblewrap (bwrap) is not installed').waitFor();
  expect(await violations(page)).toEqual([]);
  tell({ type: 'node:changed', node: state.node });
});

describe('curators', () => {
  test('are trusted and no longer trusted by keyboard alone, and a slip can be mended', async () => {
    await visit(page, 'settings/network');
    const curators = page.getByRole('region', { name: 'Trusted curators' });
    await curators.getByText('Came with the program').first().waitFor();
    const key = curators.getByLabel('Curator’s key');
    const trust = curators.getByRole('button', { name: 'Trust this curator' });
    await key.fill('12D3KooWnone');
    await curators.getByText('That is no key').waitFor();
    expect(await trust.isDisabled()).toBe(true);
    await key.fill(peer(9));
    await page.keyboard.press('Tab');
    await page.keyboard.type('Number theorists');
    await page.keyboard.press('Enter');
    await curators.getByText(peer(9)).waitFor();
    const { curators: kept } = (await node.service.call('network.curators', {})) as { curators: object[] };
    expect(kept).toContainEqual({ key: peer(9), label: 'Number theorists', shipped: false });
    expect(await violations(page)).toEqual([]);
    await capture(page, 'curators');

    await curators.getByRole('button', { name: 'Stop trusting Number theorists' }).press('Enter');
    await curators.getByRole('alert').getByText('Number theorists is no longer trusted').waitFor();
    await curators.getByText(peer(9)).waitFor({ state: 'detached' });
    await curators.getByRole('button', { name: 'Trust again' }).press('Enter');
    await curators.getByText(peer(9)).waitFor();
    expect(await curators.getByRole('alert').count()).toBe(0);
  });
});

describe('proofs as a file', () => {
  const report: BankImport = {
    id: 'scripted-import',
    path: '/data/theirs.jsonl',
    state: 'reading',
    bytes: 1000,
    bytesRead: 400,
    added: 3,
    known: 1,
    claimed: 2,
    bad: 0,
    problems: [],
  };

  test('are read with progress, and what was not taken is told with its line', async () => {
    await visit(page, 'memory');
    tell({ type: 'bank:import-progress', report });
    const bar = page.getByRole('progressbar', { name: 'Reading proofs of theirs.jsonl' });
    await bar.waitFor();
    expect(await bar.getAttribute('aria-valuenow')).toBe('40');
    await page.getByText('3 proofs accepted by Lean, 1 here before, 2 kept as claimed').waitFor();
    expect(await violations(page)).toEqual([]);
    const problems = [{ line: 7, detail: 'it holds no record' }];
    tell({ type: 'bank:import-progress', report: { ...report, state: 'done', bad: 1, problems } });
    await page.getByText('What was not taken from theirs.jsonl').press('Enter');
    await page.getByText('Line 7: it holds no record').waitFor();
    expect(await violations(page)).toEqual([]);
    await capture(page, 'bank-import');
    await page.getByRole('button', { name: 'Put aside: Read the proofs of theirs.jsonl' }).press('Enter');
    await page.getByText('Line 7').waitFor({ state: 'detached' });
  });

  test('are read of a file that is named, by keyboard alone; one that is not there is told of', async () => {
    const file = path.join(data, 'proofs.jsonl');
    await writeFile(file, 'no record\n');
    const open = page.getByRole('button', { name: 'Import', exact: true });
    const read = async (named: string): Promise<void> => {
      await open.press('Enter');
      const dialog = page.getByRole('dialog', { name: 'Import proofs' });
      await dialog.getByLabel('File').fill(named);
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached' });
    };
    await read(file);
    await page.getByText('1 line not taken').waitFor();
    await read(path.join(data, 'none.jsonl'));
    await page.getByText('none.jsonl could not be read').waitFor();
  });

  test('are read of a file that the desktop’s own dialog has picked', async () => {
    const inApp = await (await browser.newContext()).newPage();
    const picked: unknown[][] = [];
    await inApp.exposeFunction('ask', async (command: string, input: unknown) => ({
      ok: true,
      output: await node.service.call(command, input),
    }));
    await inApp.exposeFunction('snapshot', () => ({
      kind: 'snapshot',
      snapshot: node.service.hub.snapshot(),
    }));
    await inApp.exposeFunction('pick', (...asked: unknown[]) => {
      picked.push(pickPathArgumentsSchema.parse(asked));
      return '/picked/by-hand.jsonl';
    });
    // As the desktop app's preload puts it there.
    await inApp.addInitScript(`window.proofswarm = {
      version: 1,
      call: (id, command, input) => window.ask(command, input),
      cancel: () => {},
      subscribe: (listener) => { window.snapshot().then(listener); return () => {}; },
      desktop: { pickPath: (...asked) => window.pick(...asked) },
    }`);
    await inApp.goto(host.invitation());
    await visit(inApp, 'memory');
    await inApp.getByRole('button', { name: 'Import', exact: true }).press('Enter');
    const dialog = inApp.getByRole('dialog', { name: 'Import proofs' });
    await dialog.getByRole('button', { name: 'Choose' }).press('Enter');
    await expect.poll(() => dialog.getByLabel('File').inputValue()).toBe('/picked/by-hand.jsonl');
    await dialog.getByRole('button', { name: 'Choose' }).press('Enter');
    await expect.poll(() => picked).toEqual([['open-file'], ['open-file', 'by-hand.jsonl']]);
    expect(await violations(inApp)).toEqual([]);
    await inApp.close();
  });

  test('are written with progress, and where that is stopped no file is there', async () => {
    const writing = {
      id: 'scripted-export',
      path: '/data/all.jsonl',
      state: 'writing' as const,
      records: 50,
      total: 200,
    };
    tell({ type: 'bank:export-progress', report: writing });
    const bar = page.getByRole('progressbar', { name: 'Writing the memory to all.jsonl' });
    await bar.waitFor();
    expect(await bar.getAttribute('aria-valuenow')).toBe('25');
    expect(await violations(page)).toEqual([]);
    tell({ type: 'bank:export-progress', report: { ...writing, state: 'cancelled' } });
    await page.getByText('Stopped writing all.jsonl; there is no file').waitFor();
  });

  test('that are only claimed are listed apart', async () => {
    tell({
      type: 'bank:proof-added',
      how: 'received',
      proof: {
        id: statement('theorem a : 1 = 1').id,
        statement: statement('theorem a : 1 = 1').id,
        name: 'a',
        formal: 'theorem a : 1 = 1',
        environment: { lean: '4.9.0', library: 'core' },
        finder: { peer: peer(3), policy: 'llama', rounds: 1 },
        own: false,
        trust: 'claimed',
        createdAt: 1,
        length: 1,
      },
      watched: false,
      counts: { ...node.service.hub.state.bank, claimed: 1 },
    });
    const only = page.getByLabel('Only claimed (1)');
    await only.press('Space');
    // The node's own shelf is empty.
    await page.getByText('Nothing is claimed').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

test('a browser shows proofs while the page is out of sight, once it is allowed to, with the card; a click opens them', async () => {
  const proven = [1, 2].map((n) => prove(numbered(n), { createdAt: Date.now() }));
  await Promise.all(proven.map(({ proof, signed }) => node.parts.bank.insert(proof, signed)));
  const tellOf = ({ proof, signed }: Proven): void => node.service.added(signed, proof.statement, 'found');
  const hidden = await (await browser.newContext({ viewport: { width: 1000, height: 900 } })).newPage();
  // The browser's own would appear on somebody's desktop.
  await hidden.addInitScript(`
    window.shown = [];
    Object.defineProperty(document, 'hidden', { get: () => window.outOfSight === true });
    window.Notification = class {
      static permission = 'default';
      static requestPermission = async () => (this.permission = 'granted');
      constructor(title, options) { shown.push(Object.assign(this, { title, ...options })); }
      close() { this.closed = true; }
    };`);
  await hidden.goto(host.invitation());
  await visit(hidden, 'settings/notifications');
  await hidden.getByText('They appear on this page only.').waitFor();
  expect(await violations(hidden)).toEqual([]);
  await hidden.getByRole('button', { name: 'Show them outside of it, too' }).press('Enter');
  await hidden.getByText(/While this page is out of sight/).waitFor();

  const [seen, unseen] = proven;
  if (seen === undefined || unseen === undefined) throw new Error('two were proved');
  tellOf(seen);
  await hidden.getByText('A proof was found on this machine').waitFor();
  await hidden.evaluate('void (outOfSight = true)');
  tellOf(unseen);
  const shown = `shown.map(({ title, body, image, icon }) => [title, body, image?.slice(0, 22), icon === image])`;
  await expect
    .poll(() => hidden.evaluate(shown), { timeout: 15_000 })
    .toEqual([['Proof found on this machine', 'numbered_2', 'data:image/png;base64,', true]]);
  await hidden.evaluate('shown[0].onclick()');
  await hidden.getByRole('region', { name: 'Proof', exact: true }).getByText('numbered_2').first().waitFor();
  expect(await hidden.evaluate('shown[0].closed')).toBe(true);
  await hidden.close();
});

test('a page whose host is started anew says so, and goes on once its browser has been let in again', async () => {
  await visit(page, 'home');
  const { port } = new URL(host.invitation());
  const files = await buildRenderer();
  await host.close();
  const bar = page.locator('.offline-bar');
  await bar.getByText('Not connected. The node does not answer').waitFor();
  // Its code is here already.
  await visit(page, 'models');
  await page.getByText('This could not be read').waitFor();
  host = await WebHost.listen({ service: node.service }, { port: Number(port), files });
  await bar.getByText('open the address that the node has printed').waitFor();
  const other = await page.context().newPage();
  await other.goto(host.invitation());
  await bar.waitFor({ state: 'detached' });
  await page.getByText('Models that can be fetched').waitFor();
  expect(await page.getByText('This could not be read').count()).toBe(0);
  await other.close();
});
