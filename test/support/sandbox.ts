import { findSandbox, type Sandbox } from '../../core/lean/index.ts';

const state = await findSandbox();

/** This machine's sandbox, for tests that need one; where there is none, the reason is printed and they are skipped. */
export const machineSandbox: Sandbox | undefined = state.kind === 'available' ? state.sandbox : undefined;
export const sandboxState = state;

if (state.kind === 'unavailable') console.warn(`tests of the sandbox are skipped: ${state.reason}`);
