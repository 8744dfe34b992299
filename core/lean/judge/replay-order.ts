import { ConstantFinder, declarationsByKey, rootsOf } from './constants.ts';
import type { Declaration, ExportReader } from './export.ts';

type Addable = Exclude<Declaration, { kind: 'goal' | 'hole' }>;

/** A declaration for the kernel to add, and the export that it is of. */
export interface Addition {
  readonly reader: ExportReader;
  readonly declaration: Addable;
}

/**
 * What has to be added before the theorem itself, each after what it uses: the statement's own definitions, then the
 * submission's others. Where the statement leaves definitions open, the submission's stand between the statement's.
 * @param target key of the theorem's name
 */
export function replayOrder(statement: ExportReader, submission: ExportReader, target: string): Addition[] {
  const open = statement.data.declarations.some(({ kind }) => kind === 'hole');
  return open ? new Interleaved(statement, submission, target).run() : inTurn(statement, submission, target);
}

/** Each export is in order already. */
function inTurn(statement: ExportReader, submission: ExportReader, target: string): Addition[] {
  const added = new Set<string>();
  const order: Addition[] = [];
  for (const reader of [statement, submission]) {
    for (const declaration of reader.data.declarations) {
      if (!isAddable(declaration)) continue;
      const keys = reader.declaredNames(declaration).map((name) => reader.nameKey(name));
      if (keys.some((key) => added.has(key) || key === target)) continue;
      for (const key of keys) added.add(key);
      order.push({ reader, declaration });
    }
  }
  return order;
}

/** Depth-first over both exports; of a name that both declare, the statement's declaration is meant. */
class Interleaved {
  readonly #statement: ExportReader;
  readonly #submission: ExportReader;
  readonly #declarations = new Map<string, Addition>();
  readonly #finders: ReadonlyMap<ExportReader, ConstantFinder>;
  readonly #entered = new Set<Addable>();
  readonly #order: Addition[] = [];

  constructor(statement: ExportReader, submission: ExportReader, target: string) {
    this.#statement = statement;
    this.#submission = submission;
    this.#finders = new Map([statement, submission].map((reader) => [reader, new ConstantFinder(reader)]));
    for (const reader of [submission, statement]) {
      for (const [key, declaration] of declarationsByKey(reader))
        if (isAddable(declaration)) this.#declarations.set(key, { reader, declaration });
    }
    this.#declarations.delete(target);
  }

  run(): Addition[] {
    for (const reader of [this.#statement, this.#submission]) {
      for (const declaration of reader.data.declarations)
        for (const name of reader.declaredNames(declaration)) this.#add(reader.nameKey(name));
    }
    return this.#order;
  }

  #add(root: string): void {
    const stack: { readonly addition: Addition; readonly todo: string[] }[] = [];
    const enter = (key: string): void => {
      const addition = this.#declarations.get(key);
      if (addition === undefined || this.#entered.has(addition.declaration)) return;
      this.#entered.add(addition.declaration);
      stack.push({ addition, todo: this.#uses(addition) });
    };
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.todo.pop();
      if (next !== undefined) enter(next);
      else {
        stack.pop();
        this.#order.push(top.addition);
      }
    }
  }

  #uses({ reader, declaration }: Addition): string[] {
    const names = this.#finders.get(reader)?.of(rootsOf(declaration)) ?? [];
    return [...names].map((name) => reader.nameKey(name));
  }
}

const isAddable = (declaration: Declaration): declaration is Addable =>
  declaration.kind !== 'goal' && declaration.kind !== 'hole';
