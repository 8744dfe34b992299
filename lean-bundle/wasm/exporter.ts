import {
  EXPORT_LIMITS,
  MalformedExportError,
  type Declaration,
  type DeclarationExport,
} from '../../core/lean/judge/export.ts';
import { ExpressionWriter, pushSubexpressions } from './expression-writer.ts';
import {
  CONSTANT_INFO,
  CONSTANT_VAL,
  CONSTRUCTOR_VAL,
  DEFINITION_VAL,
  EXPR_TAG,
  INDUCTIVE_VAL,
  LITERAL_TAG,
  OPAQUE_VAL,
  RECURSOR_VAL,
  SAFETY,
  THEOREM_VAL,
} from './layout.ts';
import { nameText } from './names.ts';
import { box, CorruptObjectError, type LeanObjects, type Ref } from './objects.ts';

export type ExportResult =
  | {
      readonly kind: 'exported';
      readonly data: DeclarationExport;
      readonly target: number;
      readonly marked: boolean;
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unsafe'; readonly name: string }
  | { readonly kind: 'too-large'; readonly detail: string };

export interface ExportRequest {
  /** The environment that elaboration left, borrowed. */
  readonly environment: Ref;
  /** Whether the libraries hold a constant: those are not exported. */
  readonly isLibrary: (key: string, name: Ref) => boolean;
  /** The target's name, borrowed. */
  readonly target: Ref;
  /** `goal`: the theorem without its proof, with what its type needs. `proof`: all that the proof needs. */
  readonly part: 'goal' | 'proof';
  /** A natural number that is looked for among the literals of the target's proof. */
  readonly mark: string | undefined;
}

/** A statement's own proof, `sorry` with a mark, is smaller by far. */
const MARK_SEARCH_LIMIT = 100_000;

/** A declaration that is unsafe or partial, which no proof may use. */
class UnsafeDeclaration extends Error {}

/** Exports a constant with everything it needs beyond the libraries, each declaration after those it uses. */
export function exportConstant(objects: LeanObjects, request: ExportRequest): ExportResult {
  const exporter = new Exporter(objects, request);
  try {
    return exporter.run();
  } catch (error) {
    if (error instanceof UnsafeDeclaration) return { kind: 'unsafe', name: error.message };
    if (error instanceof MalformedExportError || error instanceof CorruptObjectError) {
      return { kind: 'too-large', detail: error.message };
    }
    throw error;
  } finally {
    exporter.dispose();
  }
}

class Exporter {
  readonly #objects: LeanObjects;
  readonly #request: ExportRequest;
  readonly #writer: ExpressionWriter;
  readonly #declarations: Declaration[] = [];
  readonly #visited = new Set<number>();
  /** Look-ups' results, kept alive while their contents are read. */
  readonly #held: Ref[] = [];

  constructor(objects: LeanObjects, request: ExportRequest) {
    this.#objects = objects;
    this.#request = request;
    this.#writer = new ExpressionWriter(objects);
  }

  dispose(): void {
    for (const ref of this.#held) this.#objects.release(ref);
  }

  run(): ExportResult {
    const info = this.#find(this.#request.target);
    if (info === undefined) return { kind: 'missing' };
    const target = this.#writer.name(this.#request.target);
    this.#closure(target, this.#request.target);
    const { strings, names, levels, levelLists, exprs } = this.#writer;
    const data = {
      strings,
      names: new Int32Array(names),
      levels: new Int32Array(levels),
      levelLists: new Int32Array(levelLists),
      exprs: new Int32Array(exprs),
      declarations: this.#declarations,
    };
    return { kind: 'exported', data, target, marked: this.#isMarked(info) };
  }

  /** Whether a theorem's proof holds the mark. */
  #isMarked(info: Ref): boolean {
    const objects = this.#objects;
    const { mark } = this.#request;
    if (mark === undefined || objects.tag(info) !== CONSTANT_INFO.theorem) return false;
    const stack = [objects.field(objects.field(info, 0), THEOREM_VAL.value)];
    let steps = 0;
    for (let at = stack.pop(); at !== undefined && steps < MARK_SEARCH_LIMIT; at = stack.pop(), steps++) {
      if (objects.tag(at) !== EXPR_TAG.lit) pushSubexpressions(objects, at, stack);
      else if (isNatural(objects, objects.field(at, 0), mark)) return true;
    }
    return false;
  }

  /** Depth-first, iterative: a declaration is written when all that it uses has been. */
  #closure(target: number, targetRef: Ref): void {
    const stack: { declaration: Declaration | undefined; todo: number[] }[] = [];
    const enter = (name: number, ref: Ref): void => {
      if (this.#visited.has(name)) return;
      this.#visited.add(name);
      if (name !== target && this.#request.isLibrary(this.#writer.nameKey(name), ref)) return;
      const also: number[] = [];
      const declaration = this.#declaration(ref, name === target && this.#request.part === 'goal', also);
      const used = declaration === undefined ? [] : this.#writer.constantsOf(rootsOf(declaration));
      stack.push({ declaration, todo: [...also, ...used] });
      if (this.#visited.size > EXPORT_LIMITS.declarations)
        throw new MalformedExportError('too many declarations');
    };
    enter(target, targetRef);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.todo.pop();
      if (next !== undefined) enter(next, this.#writer.constantRef(next));
      else {
        stack.pop();
        if (top.declaration !== undefined) this.#declarations.push(top.declaration);
      }
    }
  }

  /** Writes a constant; undefined where it is written with another one, which is added to `also` (constructors, recursors). */
  #declaration(name: Ref, goal: boolean, also: number[]): Declaration | undefined {
    const objects = this.#objects;
    const info = this.#find(name);
    if (info === undefined) throw new CorruptObjectError('a constant that the environment does not have');
    const value = objects.field(info, 0);
    const common = (): { name: number; levelParams: number[]; type: number } => this.#common(value);
    switch (objects.tag(info)) {
      case CONSTANT_INFO.axiom:
        return { kind: goal ? 'goal' : 'axiom', ...common() };
      case CONSTANT_INFO.theorem:
        if (goal) return { kind: 'goal', ...common() };
        return {
          kind: 'theorem',
          ...common(),
          value: this.#writer.expr(objects.field(value, THEOREM_VAL.value)),
        };
      case CONSTANT_INFO.definition: {
        if (objects.scalarByte(value, DEFINITION_VAL.objects, 0) !== SAFETY.safe) this.#unsafe(name);
        return {
          kind: 'definition',
          ...common(),
          value: this.#writer.expr(objects.field(value, DEFINITION_VAL.value)),
          hints: this.#hints(objects.field(value, DEFINITION_VAL.hints)),
        };
      }
      case CONSTANT_INFO.opaque:
        if (objects.scalarByte(value, OPAQUE_VAL.objects, 0) !== 0) this.#unsafe(name);
        return {
          kind: 'opaque',
          ...common(),
          value: this.#writer.expr(objects.field(value, OPAQUE_VAL.value)),
        };
      case CONSTANT_INFO.inductive:
        return this.#inductive(name, value, also);
      case CONSTANT_INFO.constructor:
        also.push(this.#writer.constant(objects.field(value, CONSTRUCTOR_VAL.inductive)));
        return undefined;
      case CONSTANT_INFO.recursor: {
        const first = objects.list(objects.field(value, RECURSOR_VAL.all))[0];
        if (first === undefined) throw new CorruptObjectError('a recursor of nothing');
        also.push(this.#writer.constant(first));
        return undefined;
      }
      default:
        throw new CorruptObjectError('a constant of no known kind');
    }
  }

  #inductive(name: Ref, value: Ref, also: number[]): Declaration | undefined {
    const objects = this.#objects;
    const all = objects.list(objects.field(value, INDUCTIVE_VAL.all));
    const first = all[0];
    if (first === undefined) throw new CorruptObjectError('an inductive type of nothing');
    // A mutual block is written once, under its first type.
    if (this.#writer.name(first) !== this.#writer.name(name)) {
      also.push(this.#writer.constant(first));
      return undefined;
    }
    if (objects.scalarByte(value, INDUCTIVE_VAL.objects, INDUCTIVE_VAL.unsafeAt) !== 0) this.#unsafe(name);
    const types = all.map((typeName) => {
      this.#visited.add(this.#writer.name(typeName));
      const info = this.#find(typeName);
      if (info === undefined || objects.tag(info) !== CONSTANT_INFO.inductive) {
        throw new CorruptObjectError('a mutual block with a hole');
      }
      const member = objects.field(info, 0);
      const constructors = objects
        .list(objects.field(member, INDUCTIVE_VAL.constructors))
        .map((constructorName) => {
          this.#visited.add(this.#writer.name(constructorName));
          const constructorInfo = this.#find(constructorName);
          if (constructorInfo === undefined)
            throw new CorruptObjectError('an inductive type without its constructor');
          const { name: index, type } = this.#common(objects.field(constructorInfo, 0));
          return { name: index, type };
        });
      const { name: index, type } = this.#common(member);
      return { name: index, type, constructors };
    });
    return {
      kind: 'inductive',
      levelParams: this.#common(value).levelParams,
      numParams: objects.natNumber(objects.field(value, INDUCTIVE_VAL.numParams)),
      types,
    };
  }

  #common(value: Ref): { name: number; levelParams: number[]; type: number } {
    const objects = this.#objects;
    const constant = objects.field(value, 0);
    return {
      name: this.#writer.name(objects.field(constant, CONSTANT_VAL.name)),
      levelParams: objects
        .list(objects.field(constant, CONSTANT_VAL.levelParams))
        .map((p) => this.#writer.name(p)),
      type: this.#writer.expr(objects.field(constant, CONSTANT_VAL.type)),
    };
  }

  #hints(ref: Ref): 'opaque' | 'abbrev' | number {
    if (ref === box(0)) return 'opaque';
    if (ref === box(1)) return 'abbrev';
    return this.#objects.scalarU32(ref, 0, 0);
  }

  #unsafe(name: Ref): never {
    throw new UnsafeDeclaration(nameText(this.#objects, name));
  }

  #find(name: Ref): Ref | undefined {
    const objects = this.#objects;
    const found = objects.api.l_Lean_Environment_find_x3f(
      objects.retain(this.#request.environment),
      objects.retain(name),
      0,
    );
    if (objects.isScalar(found)) return undefined;
    this.#held.push(found);
    return objects.field(found, 0);
  }
}

function rootsOf(declaration: Declaration): number[] {
  if (declaration.kind === 'inductive') {
    return declaration.types.flatMap((type) => [type.type, ...type.constructors.map((c) => c.type)]);
  }
  return 'value' in declaration ? [declaration.type, declaration.value] : [declaration.type];
}

function isNatural(objects: LeanObjects, literal: Ref, digits: string): boolean {
  return objects.tag(literal) === LITERAL_TAG.nat && objects.natText(objects.field(literal, 0)) === digits;
}
