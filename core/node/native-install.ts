import { ToolchainError } from '../../lean-bundle/toolchains/errors.ts';
import {
  installToolchain,
  type Installation,
  type InstallProgress,
} from '../../lean-bundle/toolchains/install.ts';
import { prepareMathlib, type PreparedLibrary } from '../../lean-bundle/toolchains/mathlib.ts';
import { pinnedAsset, pinnedToolchain, readPins, type Pins } from '../../lean-bundle/toolchains/pins.ts';
import { runCommand } from '../lean/index.ts';
import type { Locations } from './locations.ts';
import { findNativeLeans, nativeDirectories } from './native-lean.ts';

export { ToolchainError, type InstallProgress };

export interface InstallNativeOptions {
  readonly locations: Pick<Locations, 'cache'>;
  /** Of Lean; the first of the pinned releases where not given. */
  readonly version?: string | undefined;
  readonly acceptUnverified?: boolean;
  readonly onProgress?: (progress: InstallProgress) => void;
  readonly signal?: AbortSignal;
  readonly pins?: Pins;
}

/**
 * Installs a pinned official toolchain for this machine. Contacts the release host.
 * @throws ToolchainError; the signal's reason where it is aborted
 */
export async function installNativeLean(options: InstallNativeOptions): Promise<Installation> {
  const { locations, version, pins = readPins(), ...rest } = options;
  const pin = pinnedToolchain(pins, version);
  return installToolchain({
    root: nativeDirectories(locations).toolchains,
    pin,
    asset: pinnedAsset(pin),
    ...rest,
  });
}

/**
 * Prepares the pinned Mathlib for a toolchain that is there. Contacts the hosts of Mathlib's sources and of its cache.
 * @throws ToolchainError; the signal's reason where it is aborted
 */
export async function installMathlib(options: InstallNativeOptions): Promise<PreparedLibrary> {
  const { locations, version, pins = readPins(), signal, onProgress } = options;
  const wanted = pinnedToolchain(pins, version).version;
  const pin = pins.mathlib.find(({ lean }) => lean === wanted);
  if (pin === undefined) throw new ToolchainError('pin', `no Mathlib is pinned for Lean ${wanted}`);
  for await (const lean of findNativeLeans({ locations, signal })) {
    if ('reason' in lean || lean.toolchain.version !== pin.lean || lean.toolchain.lake === undefined)
      continue;
    return prepareMathlib({
      root: nativeDirectories(locations).libraries,
      pin,
      lake: lean.toolchain.lake,
      run: runCommand,
      ...(signal ? { signal } : {}),
      ...(onProgress ? { onProgress } : {}),
    });
  }
  throw new ToolchainError(
    'library',
    `Mathlib ${pin.tag} needs Lean ${pin.lean}; install it with --install-lean`,
  );
}
