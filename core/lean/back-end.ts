import type { WorkerRequest } from './protocol/index.ts';
import type { BackEndReply, RunOptions } from './pool.ts';

/** What answers a checker's requests: warm workers of the embedded Lean, or processes of a native one. */
export interface LeanBackEnd {
  /** Whether each source has a process of its own, so that what its libraries' code leaves behind is felt by no other. */
  readonly processPerSource?: boolean;
  /**
   * @throws the signal's reason where it is aborted; LeanUnavailableError where Lean cannot be started; UnjudgeableError
   *   where the request may not be served here
   */
  run(request: WorkerRequest, options: RunOptions): Promise<BackEndReply>;
  /** Does ahead of need what takes time once. */
  warmUp(): Promise<void>;
  /** Ends all processes; resolves when they are gone. */
  dispose(): Promise<void>;
}
