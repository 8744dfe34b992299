import { findSandbox } from '../lean/index.ts';
import { describeEnvironment } from '../record/index.ts';
import type { Finding } from './finding.ts';
import type { Locations } from './locations.ts';
import { findNativeLeans, nativeEnvironment, type NativeLean } from './native-lean.ts';

const SOURCES = {
  setting: 'as set',
  bundled: 'installed by this program',
  elan: "elan's",
  path: 'on the PATH',
};
const INSTALL = 'proofswarm doctor --install-lean installs the official one';

/** The native Leans of this machine, their versions, and where they come from. */
export async function nativeLean(locations: Locations, signal?: AbortSignal): Promise<Finding> {
  const topic = 'native Lean';
  const found: NativeLean[] = [];
  for await (const lean of findNativeLeans({ locations, signal })) {
    if (!('reason' in lean)) found.push(lean);
    else if (lean.source === 'setting') {
      const detail = `PROOFSWARM_LEAN names ${lean.place}: ${lean.reason}`;
      return { topic, state: 'problem', detail, remedy: 'name a lean executable, or unset it' };
    }
  }
  const [preferred, ...others] = found;
  if (preferred === undefined) {
    return { topic, state: 'note', detail: 'not found; not needed for core Lean', remedy: INSTALL };
  }
  const { toolchain } = preferred;
  const more = others.map((lean) => `${lean.toolchain.version} (${SOURCES[lean.toolchain.source]})`);
  const detail = `${describeEnvironment(nativeEnvironment(preferred))}, ${SOURCES[toolchain.source]}: ${toolchain.directory}`;
  return { topic, state: 'ok', detail: more.length === 0 ? detail : `${detail}; also ${more.join(', ')}` };
}

/** What keeps a native Lean from everything else on this machine. */
export async function sandbox(signal?: AbortSignal): Promise<Finding> {
  const topic = 'sandbox';
  const state = await findSandbox(signal ? { signal } : {});
  if (state.kind === 'available') return { topic, state: 'ok', detail: state.sandbox.name };
  return {
    topic,
    state: 'note',
    detail: `none: ${state.reason}. A native Lean then checks nothing of peers; the embedded Lean does`,
    ...(process.platform === 'linux'
      ? { remedy: 'install bubblewrap; docs/native-sandbox.md tells what else it may need' }
      : {}),
  };
}
