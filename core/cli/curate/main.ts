import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { makePack } from '../../network/board/index.ts';
import { EMBEDDED_ENVIRONMENT } from '../../node/index.ts';
import {
  createIdentity,
  decodePack,
  encodePack,
  type Identity,
  type SignedPack,
  type Statement,
} from '../../record/index.ts';
import { describeEntry, readStatements } from '../../statement/index.ts';
import { CommandError } from '../exit.ts';

/** Holds the curator's 32-byte seed in hexadecimal. In the environment, as a command line can be seen by others. */
const KEY_VARIABLE = 'PROOFSWARM_CURATOR_KEY';

/** A curator's bench: not for users of the app but for whoever publishes packs, the starter pack included. */
export function curate(env: NodeJS.ProcessEnv, print: (line: string) => void): Command {
  const program = new Command('curate').description('Make keys and sign packs of statements.');
  program
    .command('new-key <file>')
    .description('make a key; the file is to be kept where no repository is')
    .action(async (file: string) => print(await makeKey(file)));
  program
    .command('sign <files...>')
    .description(`sign a pack with the key in ${KEY_VARIABLE}`)
    .requiredOption('--name <name>', 'of the pack')
    .requiredOption('--pack-version <n>', 'above every one published before', version)
    .requiredOption('--licence <spdx>', "of the statements' texts")
    .requiredOption('--out <file>', 'the pack to write; an older version there is replaced')
    .option('--description <text>', 'for people', '')
    .action(async (files: string[], options: SignOptions) => {
      print(await signFiles(files, options, curatorOf(env)));
    });
  return program;
}

interface SignOptions {
  readonly name: string;
  readonly packVersion: number;
  readonly licence: string;
  readonly out: string;
  readonly description: string;
}

async function makeKey(file: string): Promise<string> {
  const { peer, secretKey } = createIdentity();
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(`${Buffer.from(secretKey).toString('hex')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return peer;
}

async function signFiles(files: readonly string[], options: SignOptions, curator: Identity): Promise<string> {
  const before = await readPack(options.out);
  if (before !== undefined && before.record.version >= options.packVersion) {
    throw new CommandError(`${options.out} has version ${before.record.version} already`);
  }
  const statements: Statement[] = [];
  for (const file of files) {
    for await (const entry of readStatements(file, { environment: EMBEDDED_ENVIRONMENT })) {
      if (entry.kind === 'problem') throw new CommandError(describeEntry(entry));
      if (entry.kind === 'statement') statements.push(entry.statement);
    }
  }
  const pack = makePack(
    statements,
    {
      name: options.name,
      version: options.packVersion,
      description: options.description,
      licence: options.licence,
      createdAt: Date.now(),
    },
    curator,
  );
  const handle = await open(options.out, 'w');
  try {
    await handle.writeFile(encodePack(pack));
  } finally {
    await handle.close();
  }
  return `${options.out}: ${pack.record.entries.length} statements, version ${options.packVersion}, signed by ${curator.peer}`;
}

function curatorOf(env: NodeJS.ProcessEnv): Identity {
  const seed = env[KEY_VARIABLE]?.trim() ?? '';
  if (!/^[0-9a-f]{64}$/i.test(seed)) {
    throw new CommandError(`${KEY_VARIABLE} must hold a 32-byte key in hexadecimal`);
  }
  return createIdentity(new Uint8Array(Buffer.from(seed, 'hex')));
}

async function readPack(file: string): Promise<SignedPack | undefined> {
  try {
    return decodePack(new Uint8Array(await readFile(file)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function version(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('expected 1, 2, 3 …');
  return value;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(path.resolve(process.argv[1])).href) {
  try {
    await curate(process.env, (line) => void process.stdout.write(`${line}\n`)).parseAsync();
  } catch (error) {
    process.stderr.write(`curate: ${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
