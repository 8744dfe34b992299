/**
 * CPU threads for llama.cpp. Its threads wait for each other by spinning, so that one thread too many, on a machine whose
 * cores are busy, costs more than all the others bring: 200 tokens of a tiny model took 35 ms with one thread and 15.6 s
 * with two on two busy cores. Hence the rule: never more than the cores less those reserved for Lean and the rest of the
 * machine, nor more than its physical cores; one where the whole model is on the GPU, as there the CPU only feeds it.
 */
export function chooseThreads(machine: {
  /** What this process may use. */
  readonly cores: number;
  /** Cores that are of use for arithmetic: no second hardware thread, no efficiency core. */
  readonly mathCores: number;
  /** A quarter of the cores, at least one, where left out. */
  readonly reservedCores?: number | undefined;
  readonly fullyOnGpu: boolean;
}): number {
  if (machine.fullyOnGpu) return 1;
  const reserved = machine.reservedCores ?? Math.max(1, Math.ceil(machine.cores / 4));
  return Math.max(1, Math.min(machine.mathCores, machine.cores - reserved));
}
