import { findSandbox, type SandboxState } from '../lean/index.ts';
import type { Environment } from '../record/index.ts';
import type { Locations } from './locations.ts';
import { findNativeLeans, nativeEnvironments, type NativeLean } from './native-lean.ts';

/** The native Leans of this machine, as they were when it was looked. */
export interface MachineLeans {
  readonly natives: readonly NativeLean[];
  /** What keeps them from the rest of the machine; without it they run nothing of strangers. */
  readonly sandbox: SandboxState;
  /** What the user named as a Lean and is none. */
  readonly problem?: string;
}

export const NO_NATIVE_LEANS: MachineLeans = {
  natives: [],
  sandbox: { kind: 'unavailable', reason: 'it was not looked for, as there is no native Lean' },
};

export interface FindMachineLeansOptions {
  readonly locations: Pick<Locations, 'cache'>;
  /** The toolchain that the settings name. */
  readonly toolchain?: string | undefined;
  readonly signal?: AbortSignal;
}

/** Asks each for its version; where it is told to stop, those that were found until then. */
export async function findMachineLeans(options: FindMachineLeansOptions): Promise<MachineLeans> {
  const { locations, toolchain, signal } = options;
  const natives: NativeLean[] = [];
  let problem: string | undefined;
  try {
    for await (const found of findNativeLeans({ locations, setting: toolchain, signal })) {
      if (!('reason' in found)) natives.push(found);
      else if (found.source === 'setting') problem = `${found.place}: ${found.reason}`;
    }
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
  return {
    natives,
    sandbox: natives.length === 0 ? NO_NATIVE_LEANS.sandbox : await findSandbox(),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** What they can judge, the preferred Lean first. */
export const environmentsOf = ({ natives }: MachineLeans): Environment[] =>
  natives.flatMap(nativeEnvironments);
