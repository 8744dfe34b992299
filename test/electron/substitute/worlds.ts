/**
 * What runs in the page: the preload script in a world of its own, and a bridge between that world and the page's, which
 * share nothing but the document. Data crosses as JSON in events; functions stay where they are and are called by number.
 */

/** In the page's world: makes the objects that the preload script exposes. */
export const MAIN_WORLD = `(() => {
  if (window !== top) return;
  const pending = new Map(), callbacks = [];
  let last = 0;
  const out = (detail) => document.dispatchEvent(new CustomEvent('substitute:call', { detail: JSON.stringify(detail) }));
  const encode = (value) => typeof value === 'function' ? { callback: callbacks.push(value) - 1 } : { value };
  const call = (target, args) => {
    const id = ++last;
    let answer;
    pending.set(id, { now: (value) => { answer = value; } });
    out({ id, target, args: args.map(encode) });
    if (answer.kind === 'function') return (...more) => call({ held: answer.held }, more);
    if (answer.kind === 'value') return answer.value;
    return new Promise((resolve, reject) => pending.set(id, { resolve, reject }));
  };
  const build = (shape, path) => shape === 'function' ? (...args) => call({ path }, args)
    : shape !== null && typeof shape === 'object' && 'object' in shape
      ? Object.freeze(Object.fromEntries(Object.entries(shape.object).map(([name, inner]) => [name, build(inner, [...path, name])])))
      : shape.value;
  document.addEventListener('substitute:in', ({ detail }) => {
    const message = JSON.parse(detail);
    if (message.kind === 'expose') {
      Object.defineProperty(window, message.name, { value: build(message.shape, [message.name]), enumerable: true });
    } else if (message.kind === 'callback') callbacks[message.callback](...message.args);
    else if (message.kind === 'now') pending.get(message.id).now(message.answer);
    else if (message.kind === 'resolved') { pending.get(message.id).resolve(message.value); pending.delete(message.id); }
    else { pending.get(message.id).reject(new Error(message.error)); pending.delete(message.id); }
  });
})();`;

/** In the preload script's world: Electron's two modules there, and the script itself. */
export const preloadWorld = (source: string): string => `(() => {
  if (window !== top) return;
  const into = (detail) => document.dispatchEvent(new CustomEvent('substitute:in', { detail: JSON.stringify(detail) }));
  const exposed = {}, held = [], channels = new Map(), waiting = new Map();
  let last = 0;
  const shapeOf = (value) => typeof value === 'function' ? 'function'
    : value !== null && typeof value === 'object'
      ? { object: Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)])) } : { value };
  document.addEventListener('substitute:call', ({ detail }) => {
    const { id, target, args } = JSON.parse(detail);
    const run = target.held === undefined ? target.path.reduce((object, name) => object[name], exposed) : held[target.held];
    const decoded = args.map((arg) => arg.callback === undefined ? arg.value
      : (...values) => into({ kind: 'callback', callback: arg.callback, args: values }));
    const result = run(...decoded);
    if (typeof result === 'function') into({ kind: 'now', id, answer: { kind: 'function', held: held.push(result) - 1 } });
    else if (result instanceof Promise) {
      into({ kind: 'now', id, answer: { kind: 'promise' } });
      result.then((value) => into({ kind: 'resolved', id, value }), (error) => into({ kind: 'rejected', id, error: error.message }));
    } else into({ kind: 'now', id, answer: { kind: 'value', value: result } });
  });
  globalThis.substituteDeliver = (message) => {
    if (message.kind === 'send') for (const listener of channels.get(message.channel) ?? []) listener({}, ...message.args);
    else {
      const { resolve, reject } = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.error === undefined) resolve(message.value); else reject(new Error(message.error));
    }
  };
  const electron = {
    contextBridge: { exposeInMainWorld: (name, api) => { exposed[name] = api; into({ kind: 'expose', name, shape: shapeOf(api) }); } },
    ipcRenderer: {
      on: (channel, listener) => void channels.set(channel, [...(channels.get(channel) ?? []), listener]),
      send: (channel, ...args) => substituteIpc(JSON.stringify({ channel, args })),
      invoke: (channel, ...args) => new Promise((resolve, reject) => {
        waiting.set(++last, { resolve, reject });
        substituteIpc(JSON.stringify({ id: last, channel, args }));
      }),
    },
  };
  const require = (name) => { if (name !== 'electron') throw new Error('module not found: ' + name); return electron; };
  ((require, module, exports) => {
${source}
  })(require, { exports: {} }, {});
})();`;
