import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { removeBuild, RunningApp } from './support/launch.ts';

const STATEMENT = `bafyrei${'a'.repeat(52)}`;
const PATIENT = { timeout: 30_000, interval: 50 };

let app: RunningApp;

beforeAll(async () => {
  app = await RunningApp.launch();
  await vi.waitFor(async () => {
    expect(await app.page('document.title')).toBe('Test page');
    expect(await app.page(`proofswarm.call('ready', 'api.snapshot', {})`)).toMatchObject({ ok: true });
  }, PATIENT);
});

afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await removeBuild();
});

/** Whether the node's process says that it donates, through the page. */
const donation = async (): Promise<unknown> => {
  const reply = await app.page<{ output: { state: { donation: unknown } } }>(
    `proofswarm.call('state-' + Math.random().toString(36).slice(2), 'api.snapshot', {})`,
  );
  return reply.output.state.donation;
};

describe('the window', () => {
  test('is made with every protection on', async () => {
    const preferences = await app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.all[0]?.options.webPreferences,
    );
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    });
    expect(preferences).not.toHaveProperty('enableBlinkFeatures');
    expect(await app.evaluate(({ app: { asked } }) => asked)).toContainEqual(['enableSandbox']);
  });

  test('shows the page of the app’s own protocol, a secure origin without further privileges', async () => {
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.all[0]?.webContents.mainFrame.url)).toBe(
      'app://proofswarm/',
    );
    expect(await app.evaluate(({ state }) => state.schemes)).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
    ]);
    expect(await app.page('isSecureContext')).toBe(true);
  });

  test('closing hides it, since it stays beside the clock', async () => {
    const seen = await app.evaluate(({ BrowserWindow, state }) => {
      const [window] = BrowserWindow.all;
      const closed = window?.close();
      const hidden = window?.isVisible();
      state.trays[0]?.emit('click');
      return { closed, hidden, shown: window?.isVisible() };
    });
    expect(seen).toEqual({ closed: false, hidden: false, shown: true });
  });
});

describe('the page', () => {
  test('has the bridge and nothing of Node or Electron', async () => {
    const seen = await app.page(`({
      keys: Object.keys(proofswarm).sort(),
      others: ['require', 'process', 'module', 'ipcRenderer', 'electron', 'Buffer'].filter((name) => name in window),
    })`);
    expect(seen).toEqual({ keys: ['call', 'cancel', 'desktop', 'subscribe', 'version'], others: [] });
  });

  test('runs no script but the app’s files, and connects to nothing', async () => {
    const violations = await app.page<string[]>(`new Promise((resolve) => {
      const seen = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        seen.push(effectiveDirective);
        if (new Set(seen).size === 4) resolve([...new Set(seen)].sort());
      });
      const script = document.createElement('script');
      script.textContent = 'window.stolen = 1';
      document.body.append(script);
      const frame = document.createElement('iframe');
      frame.src = 'https://example.com/';
      document.body.append(frame);
      const image = document.createElement('img');
      image.src = 'https://example.com/pixel.png';
      document.body.append(image);
      fetch('https://example.com/').catch(() => undefined);
    })`);
    expect(violations).toEqual(['connect-src', 'frame-src', 'img-src', 'script-src-elem']);
    expect(await app.page('window.stolen ?? null')).toBeNull();
  });

  test('does not leave the app’s address; a link to the web is opened only once the user agrees', async () => {
    await app.page(`void (location.href = 'https://example.com/leave')`);
    await vi.waitFor(async () => {
      expect(await app.evaluate(({ state }) => state.dialogs)).toContainEqual(
        expect.objectContaining({ detail: 'https://example.com/leave' }),
      );
    }, PATIENT);
    expect(await app.evaluate(({ state }) => state.opened)).toEqual([]);
    await app.evaluate(({ state }) => void (state.answer = 0));
    await app.page(`void (location.href = 'https://example.com/agreed')`);
    await vi.waitFor(async () => {
      expect(await app.evaluate(({ state }) => state.opened)).toEqual(['https://example.com/agreed']);
    }, PATIENT);
    expect(await app.page('location.protocol + document.title')).toBe('https:Test page');
  });

  test.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://example.com/',
    'proofswarm://x',
    'https://a:b@c.de/',
  ])('cannot have %s opened', async (url) => {
    const before = await app.evaluate(({ state }) => [state.dialogs.length, state.opened.length]);
    const prevented = await app.evaluate(({ BrowserWindow }, target) => {
      let asked = false;
      const contents = BrowserWindow.all[0]?.webContents;
      contents?.emit('will-navigate', {
        url: target,
        isMainFrame: true,
        preventDefault: () => (asked = true),
      });
      const answer = contents?.windowOpenHandler({ url: target });
      return { asked, answer };
    }, url);
    expect(prevented).toEqual({ asked: true, answer: { action: 'deny' } });
    expect(await app.evaluate(({ state }) => [state.dialogs.length, state.opened.length])).toEqual(before);
  });

  test('opens no window', async () => {
    await app.evaluate(({ state }) => void (state.answer = 1));
    await app.page(`void window.open('https://example.com/popup')`);
    await vi.waitFor(async () => {
      expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.all[0]?.webContents.popups)).toEqual([
        { url: 'https://example.com/popup', action: 'deny' },
      ]);
      expect(await app.evaluate(({ state }) => JSON.stringify(state.dialogs.at(-1)))).toContain('/popup');
    }, PATIENT);
  });

  test('hosts no other page', async () => {
    const prevented = await app.evaluate(({ BrowserWindow }) => {
      let count = 0;
      const event = { url: 'https://example.com/', isMainFrame: false, preventDefault: () => count++ };
      const contents = BrowserWindow.all[0]?.webContents;
      contents?.emit('will-attach-webview', event);
      contents?.emit('will-frame-navigate', event);
      contents?.emit('will-redirect', event);
      return count;
    });
    expect(prevented).toBe(3);
  });
});

test('permissions are denied, but for writing to the clipboard from the app’s own page', async () => {
  const granted = await app.evaluate(({ session, WebContents }) => {
    type Request = (c: unknown, p: string, done: (granted: boolean) => void, details: object) => void;
    type Check = (c: unknown, p: string, origin: string) => boolean;
    const { handlers } = session.defaultSession;
    const names =
      'media geolocation notifications midi midiSysex hid serial usb fullscreen openExternal clipboard-read fileSystem display-capture clipboard-sanitized-write'.split(
        ' ',
      );
    const result: string[] = [];
    for (const origin of [
      'app://proofswarm/',
      'https://example.com/',
      'app://evil/',
      'app://proofswarm.evil/',
    ]) {
      for (const name of names) {
        const details = { requestingUrl: origin, isMainFrame: true };
        (handlers['permission-request'] as Request)(
          WebContents,
          name,
          (ok) => ok && result.push(`request ${name} ${origin}`),
          details,
        );
        if ((handlers['permission-check'] as Check)(null, name, origin))
          result.push(`check ${name} ${origin}`);
      }
    }
    if ((handlers['device'] as () => boolean)()) result.push('device');
    return result;
  });
  expect(granted).toEqual([
    'request clipboard-sanitized-write app://proofswarm/',
    'check clipboard-sanitized-write app://proofswarm/',
  ]);
});

test('no request leaves the machine', async () => {
  const cancelled = await app.evaluate(async ({ session }) => {
    const urls = [
      'https://example.com/',
      'http://127.0.0.1/',
      'file:///etc/passwd',
      'ws://example.com/',
      'app://evil/',
      'app://proofswarm/index.html',
    ];
    return Promise.all(urls.map((url) => session.defaultSession.isCancelled(url)));
  });
  expect(cancelled).toEqual([true, true, true, true, true, false]);
});

test.each([
  ['/', 200],
  ['/index.html', 200],
  ['/../secret.html', 404],
  ['/..%2fsecret.html', 404],
  ['/%2e%2e/secret.html', 404],
  ['/assets/..%5c..%5csecret.html', 404],
  ['/..%252fsecret.html', 404],
  ['//etc/passwd', 404],
  ['/assets/key.pem', 404],
  ['/index.html%00.js', 404],
  ['/%', 404],
  ['/assets', 404],
])('the protocol answers %s with %i', async (path, status) => {
  const answer = await app.evaluate(async ({ session }, asked) => {
    // As Chromium hands it over, which no parser has tidied.
    const request = new Request('app://proofswarm/');
    Object.defineProperty(request, 'url', { value: `app://proofswarm${asked}` });
    const response = await session.defaultSession.protocols.get('app')?.(request);
    return { status: response?.status, policy: response?.headers.get('content-security-policy') };
  }, path);
  expect(answer.status).toBe(status);
  expect(answer.policy).toContain("default-src 'none'");
});

test('the protocol answers nothing but reading', async () => {
  const status = await app.evaluate(async ({ session }) => {
    const handler = session.defaultSession.protocols.get('app');
    const post = await handler?.(new Request('app://proofswarm/', { method: 'POST' }));
    const other = await handler?.(new Request('app://elsewhere/index.html'));
    return [post?.status, other?.status];
  });
  expect(status).toEqual([405, 404]);
});

describe('messages', () => {
  test('of other frames, windows and addresses are refused', async () => {
    const refused = await app.evaluate(async ({ BrowserWindow, ipcMain, state }) => {
      const contents = BrowserWindow.all[0]?.webContents;
      const own = contents?.mainFrame;
      const args = ['x', 'donation.control', { action: 'start' }];
      const attempt = async (senderFrame: unknown): Promise<string> => {
        try {
          await ipcMain.invoke('proofswarm:call', { sender: contents, senderFrame }, args);
          return 'answered';
        } catch (error) {
          return (error as Error).name;
        }
      };
      const results = [await attempt({ url: 'app://proofswarm/' }), await attempt(null)];
      if (own !== undefined) {
        const { url } = own;
        own.url = 'https://example.com/';
        results.push(await attempt(own));
        own.url = url;
      }
      await ipcMain
        .invoke('proofswarm:pick-path', { senderFrame: null }, ['open-file'])
        .catch(() => results.push('no dialog'));
      return { results, dialogs: state.dialogs.some((options) => 'properties' in (options as object)) };
    });
    expect(refused).toEqual({
      results: ['ForeignSenderError', 'ForeignSenderError', 'ForeignSenderError', 'no dialog'],
      dialogs: false,
    });
    expect(await donation()).toMatchObject({ state: 'stopped' });
  });

  test.each([
    [`proofswarm.call('b-1', 'no.such', {})`, 'unknown-command'],
    [`proofswarm.call('b-2', 'constructor', {})`, 'unknown-command'],
    [`proofswarm.call('b-3', 'donation.control', { action: 'explode' })`, 'bad-input'],
    [`proofswarm.call('b-4', 'donation.control', { action: 'start', more: 1 })`, 'bad-input'],
    [`proofswarm.call('B 5', 'api.snapshot', {})`, 'bad-input'],
    [`proofswarm.call({}, 'api.snapshot', {})`, 'bad-input'],
    [`proofswarm.call('b-7', 'statements.read', { text: 'x'.repeat(300000) })`, 'bad-input'],
  ])('%s is answered with %s', async (expression, code) => {
    expect(await app.page(expression)).toMatchObject({ ok: false, error: { code } });
  });

  test('a file dialog takes no path and no other kind', async () => {
    expect(await app.page(`proofswarm.desktop.pickPath('open-file')`)).toBe('/chosen/file.lean');
    expect(await app.page(`proofswarm.desktop.pickPath('save-file', 'proofs.jsonl')`)).toBeUndefined();
    for (const args of [
      `'save-file', '../../etc/passwd'`,
      `'save-file', '/etc/passwd'`,
      `'run'`,
      `'open-file', {}`,
    ]) {
      const said = await app.page(
        `proofswarm.desktop.pickPath(${args}).then(() => 'shown', () => 'refused')`,
      );
      expect(said, args).toBe('refused');
    }
  });

  test('a subscription begins with a snapshot, goes on with events, and ends', async () => {
    await app.page(
      `void (window.heard = [], window.stop = proofswarm.subscribe((message) => heard.push(message)))`,
    );
    await vi.waitFor(async () => {
      expect(await app.page('heard.map(({ kind }) => kind)')).toContain('snapshot');
    }, PATIENT);
    await app.page(`proofswarm.call('s-1', 'settings.reset', { section: 'appearance' })`);
    await vi.waitFor(async () => {
      expect(await app.page('heard.map((message) => message.event?.event.type)')).toContain(
        'settings:changed',
      );
    }, PATIENT);
    await app.page('stop()');
    const before = await app.page('heard.length');
    await app.page(`proofswarm.call('s-2', 'settings.reset', { section: 'appearance' })`);
    expect(await app.page('heard.length')).toBe(before);
  });
});

describe('the tray', () => {
  const labels = (): Promise<(string | undefined)[]> =>
    app.evaluate(
      ({ state }) =>
        state.trays[0]?.menu.filter(({ id }) => id !== undefined).map(({ label }) => label) ?? [],
    );
  const click = (id: string): Promise<void> =>
    app.evaluate(
      ({ state }, wanted) => state.trays[0]?.menu.find((item) => item.id === wanted)?.click?.(),
      id,
    );

  test('starts, says why nothing is done, pauses and resumes', async () => {
    expect(await labels()).toEqual(['Not donating', 'Start donating', 'Open Proofswarm', 'Quit']);
    await app.evaluate(({ powerMonitor }) => void (powerMonitor.idleSeconds = 3));
    await click('start');
    await vi.waitFor(async () => {
      expect((await labels())[0]).toMatch(/^Paused: The machine is in use; it waits for/);
    }, PATIENT);
    await click('pause');
    await vi.waitFor(async () => {
      expect(await labels()).toEqual([
        expect.stringMatching(/^Paused: You paused it/),
        'Resume',
        'Open Proofswarm',
        'Quit',
      ]);
    }, PATIENT);
    await click('resume');
    await vi.waitFor(async () => {
      expect(await labels()).toContain('Pause until I resume');
    }, PATIENT);
  });

  test('a change of power is heard of at once', async () => {
    await app.evaluate(({ powerMonitor }) => {
      powerMonitor.onBattery = true;
      powerMonitor.emit('on-battery');
    });
    await vi.waitFor(
      async () => {
        expect(await donation()).toMatchObject({
          reasons: expect.arrayContaining([{ kind: 'battery' }]) as unknown,
        });
      },
      { timeout: 5000, interval: 50 },
    );
    await app.evaluate(({ powerMonitor }) => {
      powerMonitor.onBattery = false;
      powerMonitor.emit('on-ac');
    });
    await vi.waitFor(async () => {
      expect(JSON.stringify(await donation())).not.toContain('battery');
    }, PATIENT);
  });
});

test('a second start opens the statement of its link in the first, and ends', async () => {
  await using second = await RunningApp.launch({
    directory: app.directory,
    args: [`proofswarm://statement/${STATEMENT}`],
    keepDirectory: true,
  });
  expect(await second.exited).toBe(0);
  await vi.waitFor(async () => {
    expect(await app.page('location.hash')).toBe(`#/statements/${STATEMENT}`);
  }, PATIENT);
});

test('a link of the system’s opens its statement; any other does nothing', async () => {
  const other = STATEMENT.replaceAll('a'.repeat(52), 'b'.repeat(52));
  await app.evaluate(
    ({ app: electron }, url) => void electron.emit('open-url', { preventDefault: () => undefined }, url),
    `proofswarm://statement/${other}`,
  );
  await vi.waitFor(async () => {
    expect(await app.page('location.hash')).toBe(`#/statements/${other}`);
  }, PATIENT);
  await app.evaluate(
    ({ app: electron }) =>
      void electron.emit(
        'open-url',
        { preventDefault: () => undefined },
        'proofswarm://statement/x#/settings',
      ),
  );
  expect(await app.page('location.hash')).toBe(`#/statements/${other}`);
});

test('what the machine’s cards are is asked by a process of its own', async () => {
  const reply = await app.page(`proofswarm.call('e-1', 'models.estimate', { model: 'oprover-8b' })`);
  expect(reply).toMatchObject({ ok: true });
  await vi.waitFor(async () => {
    const asked = await app.evaluate(({ state }) =>
      state.utilityProcesses.filter(({ serviceName }) => serviceName === 'Cards').map(({ pid }) => pid),
    );
    // It has said what it saw, and is gone.
    expect(asked).toEqual([undefined]);
  }, PATIENT);
});

test('a node that crashes is started again, the user is told, and donating goes on', async () => {
  await app.page(`void (window.heard = [], proofswarm.subscribe((message) => heard.push(message)))`);
  await vi.waitFor(async () => {
    expect(await app.page('heard.length')).toBeGreaterThan(0);
  }, PATIENT);
  const epoch = await app.page('heard[0].snapshot.epoch');
  const waiting = app.page<{ error: { code: string } }>(`proofswarm.call('crash-1', 'node.diagnose', {})`);
  await app.evaluate(({ state }) =>
    state.utilityProcesses.find(({ serviceName }) => serviceName === 'Proofswarm node')?.kill(),
  );
  expect((await waiting).error.code).toBe('disconnected');
  await vi.waitFor(async () => {
    expect(await app.page('heard.map(({ kind }) => kind)')).toContain('disconnected');
    const snapshots = await app.page<{ epoch: string }[]>(
      `heard.filter(({ kind }) => kind === 'snapshot').map(({ snapshot }) => snapshot)`,
    );
    expect(snapshots.some((snapshot) => snapshot.epoch !== epoch)).toBe(true);
  }, PATIENT);
  expect(
    await app.evaluate(({ state }) => JSON.stringify(state.notifications.map(({ options }) => options))),
  ).toContain('Proving was interrupted');
  const titles = `proofswarm.call('n-' + heard.length, 'api.snapshot', {}).then(({ output }) => output.state.notices.map(({ title }) => title))`;
  await vi.waitFor(async () => {
    expect(await app.page(titles)).toContain('Proving was interrupted and started again');
    expect(await donation()).toMatchObject({ state: 'paused', reasons: [{ kind: 'not-idle', minutes: 5 }] });
  }, PATIENT);
});
