import { CAPABILITIES, type Capability } from '../../api/index.ts';

export interface CapabilityFacts {
  readonly networkOn: boolean;
  readonly modelChosen: boolean;
  /** A native Lean was found. */
  readonly nativeLean: boolean;
}

const NO_NATIVE =
  'no native Lean was found when the node started: statements of core Lean are judged by the embedded one, and those of Mathlib not at all';
const NETWORK_OFF = 'the network is switched off';

/** What this node can do, and why not where it cannot. */
export function capabilitiesOf({ networkOn, modelChosen, nativeLean }: CapabilityFacts): Capability[] {
  const missing: Partial<Record<(typeof CAPABILITIES)[number], string>> = {
    ...(nativeLean ? {} : { 'native-lean': NO_NATIVE }),
    ...(networkOn ? {} : { network: NETWORK_OFF, publish: NETWORK_OFF, attestations: NETWORK_OFF }),
    ...(modelChosen ? {} : { 'llama-policy': 'no model is chosen' }),
  };
  return CAPABILITIES.map((name) => {
    const reason = missing[name];
    return reason === undefined ? { name, available: true } : { name, available: false, reason };
  });
}
