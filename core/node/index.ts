/** The composition root: wires the stages together and hands the faces what they need. */
export {
  EMBEDDED_CHECKER,
  EMBEDDED_ENVIRONMENT,
  isEmbeddedLeanPrepared,
  openEmbeddedLean,
  type OpenEmbeddedLeanOptions,
} from './embedded-lean.ts';
export { asForeign, asOwn, chooseLean, LeanByEnvironment, type ChosenLean } from './checkers.ts';
export {
  installMathlib,
  installNativeLean,
  ToolchainError,
  type InstallNativeOptions,
} from './native-install.ts';
export { bankNotice, type Notice } from './bank-notice.ts';
export { findNativeLeans, nativeEnvironment, openNativeLean, type NativeLean } from './native-lean.ts';
export { diagnose } from './diagnose.ts';
export type { Finding, FindingState } from './finding.ts';
export { DamagedIdentityError, loadIdentity, readIdentity } from './identity-file.ts';
export { installation, locate, type Installation, type Locations } from './locations.ts';
export { defaultJobs } from './machine.ts';
export { machineMemory, openModelLibrary } from './models.ts';
export {
  chooseModel,
  DamagedSettingsError,
  modelChoiceSchema,
  readSettings,
  type ModelChoice,
  type Settings,
} from './settings-file.ts';
export { SettingsStore, type SettingsDefect } from './settings-store.ts';
export { OwnProofs, ProofNotWrittenError } from './own-proofs.ts';
export { PolicyShelf, type HeldPolicy, type PolicyShelfInit } from './policies.ts';
export {
  proveAll,
  type BudgetShare,
  type LearningPolicy,
  type ProverComponents,
  type RunOptions,
  type RunSettings,
  type StatementResult,
} from './prover.ts';
