import { CONSTANT_VAL, EXPR_TAG } from './layout.ts';
import { CorruptObjectError, type LeanObjects, type Ref } from './objects.ts';
import { nameText } from './names.ts';

/** Fields of `Kernel.Environment` and of its `SMap` of constants: the libraries' in a table, those added since in a tree. */
const KERNEL_ENVIRONMENT = { constants: 0 } as const;
const CONSTANTS = { added: 1 } as const;
/** `PersistentHashMap.Node`, and the `Entry`s of one; a null entry is a scalar. */
const NODE_TAG = { entries: 0, collision: 1 } as const;
const ENTRY_TAG = { entry: 0, node: 1 } as const;

const SYNTAX = 'Lean.Syntax';
/** What Lean declares for the tactics of a parameter. */
const AUTO = /(?:^|\.)_auto[^.]*$/;

/**
 * Whether a source has declared a `Syntax` of its own. Lean evaluates such a constant where the type of a parameter names it as its
 * tactics, and such a type can be had without writing it.
 * @param environment borrowed
 */
export function declaresSyntax(objects: LeanObjects, environment: Ref): boolean {
  const kernel = objects.api.lean_elab_environment_to_kernel_env(objects.retain(environment));
  try {
    const added = objects.field(objects.field(kernel, KERNEL_ENVIRONMENT.constants), CONSTANTS.added);
    for (const [name, info] of entries(objects, added)) {
      const type = objects.field(objects.field(objects.field(info, 0), 0), CONSTANT_VAL.type);
      if (objects.tag(type) !== EXPR_TAG.const || nameText(objects, objects.field(type, 0)) !== SYNTAX)
        continue;
      if (!AUTO.test(nameText(objects, name))) return true;
    }
    return false;
  } finally {
    objects.release(kernel);
  }
}

function* entries(objects: LeanObjects, root: Ref): Generator<readonly [name: Ref, info: Ref]> {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (objects.tag(node) === NODE_TAG.collision) {
      const infos = objects.elements(objects.field(node, 1));
      for (const [i, name] of objects.elements(objects.field(node, 0)).entries()) {
        const info = infos[i];
        if (info === undefined) throw new CorruptObjectError('a name without a constant');
        yield [name, info];
      }
      continue;
    }
    for (const entry of objects.elements(objects.field(node, 0))) {
      if (objects.isScalar(entry)) continue;
      if (objects.tag(entry) === ENTRY_TAG.entry) yield [objects.field(entry, 0), objects.field(entry, 1)];
      else open.push(objects.field(entry, 0));
    }
  }
}
