import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import type { NetworkSettingsInput } from '../../../core/network/index.ts';
import { EMBEDDED_ENVIRONMENT } from '../../../core/node/embedded-lean.ts';
import type { LeanHost } from '../../../core/node/lean-host.ts';
import { openNode, type OpenNode } from '../../../core/node/service/index.ts';
import { Swarm } from '../../../core/node/swarm/index.ts';
import type {
  CheckOutcome,
  ClaimedProof,
  Environment,
  Identity,
  Statement,
  VerifiedProof,
} from '../../../core/record/index.ts';
import { PROJECT, TEST_CACHE } from '../../support/paths.ts';

/** Stands in for the checker, which alone makes this type. */
const isSealed = (value: object): value is VerifiedProof => 'verdict' in value;

const CHECKER = { name: 'scripted', version: '1' };

/** Stands in for Lean: takes what it was told holds, and nothing else. */
export class ScriptedLean {
  readonly #true = new Set<string>();
  readonly #takesAll: boolean;
  /** How long a check takes, in milliseconds. */
  readonly #takesMs: number;

  constructor({ takesAll = false, takesMs = 0 } = {}) {
    this.#takesAll = takesAll;
    this.#takesMs = takesMs;
  }

  holds({ statement, signed }: ClaimedProof): void {
    this.#true.add(`${statement.id} ${signed.record.submission}`);
  }

  supports(environment: Environment): boolean {
    return environment.library === 'core' && environment.lean === EMBEDDED_ENVIRONMENT.lean;
  }

  checkStatement(): Promise<void> {
    return Promise.resolve();
  }

  async check(statement: Statement, submission: string): Promise<CheckOutcome> {
    if (this.#takesMs > 0) await setTimeout(this.#takesMs);
    if (!this.#takesAll && !this.#true.has(`${statement.id} ${submission}`)) {
      return { verdict: { kind: 'failed', diagnostics: [], goals: [], milliseconds: 1 } };
    }
    const proof = sealed(statement, submission);
    return { verdict: proof.verdict, proof };
  }
}

function sealed(statement: Statement, submission: string): VerifiedProof {
  const verdict = { kind: 'proved', axioms: [], checker: CHECKER, milliseconds: 1 } as const;
  const proof = { statement, submission, verdict };
  if (!isSealed(proof)) throw new TypeError('a verdict is in it');
  return proof;
}

export interface WholeNodeInit {
  readonly data: string;
  readonly identity: Identity;
  readonly settings: NetworkSettingsInput;
}

/** A node as it runs headless, bank and board included, over a Lean that a test has written, or over the real one. */
export class WholeNode {
  readonly node: OpenNode;
  readonly swarm: Swarm;
  readonly identity: Identity;
  readonly data: string;

  private constructor(node: OpenNode, swarm: Swarm, { data, identity }: WholeNodeInit) {
    this.node = node;
    this.swarm = swarm;
    this.data = data;
    this.identity = identity;
  }

  static async start(lean: ScriptedLean | 'real', init: WholeNodeInit): Promise<WholeNode> {
    const { data, identity, settings } = init;
    await mkdir(path.join(data, 'swarm'), { recursive: true });
    await writeFile(path.join(data, 'identity.key'), Buffer.from(identity.secretKey).toString('hex'), {
      mode: 0o600,
    });
    await trustNobody(data);
    const node = await openNode({ locations: { data, cache: TEST_CACHE } });
    const swarm = await Swarm.start(
      {
        parts: lean === 'real' ? node.parts : { ...node.parts, lean: lean as unknown as LeanHost },
        service: node.service,
        localWork: node.service.work,
      },
      { data, settings },
    );
    return new WholeNode(node, swarm, init);
  }

  get peer(): string {
    return this.identity.peer;
  }

  get network(): { addresses(): readonly string[] } {
    return { addresses: () => this.swarm.addresses };
  }

  /** The ids of all that its bank holds, in order. */
  async records(): Promise<string[]> {
    return (await this.node.parts.bank.keys()).map(({ id }) => id).sort();
  }

  /** Takes a proof of its own into its bank, and tells the swarm. */
  async found({ signed, statement }: ClaimedProof): Promise<void> {
    await this.node.parts.bank.insert(sealed(statement, signed.record.submission), signed);
    this.node.service.added(signed, statement, 'found');
  }

  /** Those that it refuses to speak to. */
  denied(): string[] {
    return this.swarm
      .peers()
      .filter(({ deniedUntil = 0 }) => deniedUntil > Date.now())
      .map(({ peer }) => peer);
  }

  /** Those that were too slow and are left alone for now. */
  setAside(): string[] {
    return this.swarm
      .peers()
      .filter(({ setAsideUntil = 0 }) => setAsideUntil > Date.now())
      .map(({ peer }) => peer);
  }

  async stop(): Promise<void> {
    await this.node.service.close();
    await this.swarm[Symbol.asyncDispose]();
    await this.node[Symbol.asyncDispose]();
  }
}

/** Takes the shipped curators' word away, so that nothing but the test's is on the board. */
async function trustNobody(data: string): Promise<void> {
  const file = path.join(PROJECT, 'resources/statements/curators.json');
  const shipped = z.array(z.object({ key: z.string() })).parse(JSON.parse(await readFile(file, 'utf8')));
  const removed = shipped.map(({ key }) => key);
  await writeFile(path.join(data, 'swarm/curators.json'), JSON.stringify({ version: 1, added: [], removed }));
}
