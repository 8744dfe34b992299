import type { WorkerRequest } from './protocol/index.ts';
import type { RunOptions } from './pool.ts';
import type { WorkerReply } from './worker.ts';

/** What answers a checker's requests: warm workers of the embedded Lean, or processes of a native one. */
export interface LeanBackEnd {
  /**
   * @throws the signal's reason where it is aborted; LeanUnavailableError where Lean cannot be started; UnjudgeableError
   *   where the request may not be served here
   */
  run(request: WorkerRequest, options: RunOptions): Promise<WorkerReply>;
  /** Does ahead of need what takes time once. */
  warmUp(): Promise<void>;
  /** Ends all processes; resolves when they are gone. */
  dispose(): Promise<void>;
}
