import { CAPABILITIES, type Capability } from '../../api/index.ts';

export interface CapabilityFacts {
  readonly networkOn: boolean;
  readonly modelChosen: boolean;
}

const NETWORK_OFF = 'the network is switched off';

/** What this node can do, and why not where it cannot. */
export function capabilitiesOf({ networkOn, modelChosen }: CapabilityFacts): Capability[] {
  const missing: Partial<Record<(typeof CAPABILITIES)[number], string>> = {
    teams: 'there are no signed records of teams yet',
    'native-lean': 'a node judges statements of the embedded Lean; those of others are kept as claimed',
    ...(networkOn ? {} : { network: NETWORK_OFF, publish: NETWORK_OFF, attestations: NETWORK_OFF }),
    ...(modelChosen ? {} : { 'llama-policy': 'no model is chosen' }),
  };
  return CAPABILITIES.map((name) => {
    const reason = missing[name];
    return reason === undefined ? { name, available: true } : { name, available: false, reason };
  });
}
