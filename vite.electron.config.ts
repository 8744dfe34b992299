import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { defineConfig, type Plugin, type UserConfig } from 'vite';

/**
 * The desktop app, into `dist/electron`: the main process and the node's processes as ES modules, laid out as the sources
 * are; and, with `--mode preload`, the preload script as one CommonJS file, which is all that a sandboxed page can load.
 */
const root = import.meta.dirname;
const outDir = path.join(root, 'dist/electron');

/** What is read at run time, at the place where the built modules look for it. */
const RESOURCES = ['resources', 'lean-bundle/native', 'lean-bundle/toolchains/pins.json'];

/** Processes and threads are named by file; Node does not strip types of what is packaged, so they are JavaScript there. */
const builtFileNames: Plugin = {
  name: 'built-file-names',
  renderChunk: (code) => ({ code: code.replaceAll(/(['"`])([\w./-]*\w)\.ts\1/g, '$1$2.js$1'), map: null }),
};

const resources: Plugin = {
  name: 'resources',
  async writeBundle({ dir = outDir }) {
    for (const name of RESOURCES) await cp(path.join(root, name), path.join(dir, name), { recursive: true });
    const own = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const { name, version, description, license } = own;
    const manifest = { name, version, description, license, type: 'module', main: 'electron/main/main.js' };
    await writeFile(path.join(dir, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  },
};

const entries = [
  'electron/main/main',
  'electron/worker/worker',
  'electron/worker/child',
  'core/network/sync/thread/worker',
  'core/lean/native/prepare-thread',
  'lean-bundle/wasm/watchdog',
  'core/policy/llama/process/watchdog',
];

const app: UserConfig = {
  root,
  publicDir: false,
  plugins: [builtFileNames, resources],
  ssr: { external: true },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: Object.fromEntries(entries.map((entry) => [entry, path.join(root, `${entry}.ts`)])),
      external: ['electron'],
      output: {
        format: 'es',
        preserveModules: true,
        preserveModulesRoot: root,
        entryFileNames: '[name].js',
      },
    },
  },
};

const preload: UserConfig = {
  root,
  publicDir: false,
  build: {
    outDir: path.join(outDir, 'electron/preload'),
    emptyOutDir: true,
    target: 'chrome140',
    minify: false,
    rolldownOptions: {
      input: path.join(root, 'electron/preload/preload.ts'),
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false },
    },
  },
};

export default defineConfig(({ mode }) => (mode === 'preload' ? preload : app));
