/** A node runs with this data directory already. */
export class NodeRunningError extends Error {
  override readonly name = 'NodeRunningError';
  readonly data: string;

  constructor(data: string) {
    super(`a node runs with the data in ${data} already; stop it, or choose another directory with --data`);
    this.data = data;
  }
}
