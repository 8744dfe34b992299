import { installMathlib, installNativeLean, locate, ToolchainError } from '../node/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { onInterrupt } from './interrupt.ts';
import { createStepProgress } from './progress.ts';
import { formatBytes, type Terminal } from './terminal.ts';

export interface InstallLeanOptions {
  /** `true` stands for the version that this program prefers. */
  readonly installLean?: string | true | undefined;
  readonly installMathlib: boolean;
  readonly acceptUnverified: boolean;
}

/** `proofswarm doctor --install-lean [VERSION]` and `--install-mathlib`: fetches the pinned releases. */
export async function installLeanCommand(options: InstallLeanOptions, terminal: Terminal): Promise<number> {
  const interrupt = onInterrupt(terminal);
  const version = typeof options.installLean === 'string' ? options.installLean : undefined;
  const shared = { locations: locate(), version, signal: interrupt.signal };
  try {
    if (options.installLean !== undefined) {
      const show = createStepProgress(terminal, 'Lean');
      const installed = await installNativeLean({
        ...shared,
        acceptUnverified: options.acceptUnverified,
        onProgress: ({ step, fraction = 0 }) => show(step, fraction),
      });
      const verified = installed.verified ? 'verified' : 'NOT verified';
      terminal.out.write(
        `Lean ${installed.version} is in ${installed.directory} (${formatBytes(installed.size)}, sha256 ${installed.sha256}, ${verified})\n`,
      );
    }
    if (options.installMathlib) {
      const show = createStepProgress(terminal, 'Mathlib');
      const { directory, revision } = await installMathlib({
        ...shared,
        onProgress: ({ step, fraction = 0 }) => show(step, fraction),
      });
      terminal.out.write(`Mathlib ${revision} is in ${directory}\n`);
    }
    return EXIT.ok;
  } catch (error) {
    if (interrupt.signal.aborted) return EXIT.interrupted;
    if (error instanceof ToolchainError) throw new CommandError(error.message);
    throw error;
  } finally {
    interrupt.dispose();
  }
}
