import { quoted, type Cursor } from './cursor.ts';
import { TENSOR_TYPES } from './types.ts';

export interface Tensors {
  readonly count: number;
  /** Weights in all. */
  readonly parameters: number;
  /** Bytes of all tensors whose type is known. */
  readonly bytes: number;
  /** Bytes of each layer, `blk.N` of the names; what belongs to no layer is not in it. */
  readonly layerBytes: readonly number[];
  /** Bytes by tensor type. */
  readonly types: ReadonlyMap<string, number>;
  /** The file's least length. */
  readonly end: number;
}

const MAX_TENSORS = 1_000_000;
const MAX_NAME_BYTES = 1024;
/** `GGML_MAX_DIMS` in ggml.h. */
const MAX_DIMENSIONS = 4;
/** Far more than llama.cpp takes. */
export const MAX_LAYERS = 10_000;
/** Name's length, number of dimensions, one dimension, type, offset. */
const LEAST_BYTES = 8 + 4 + 8 + 4 + 8;

/**
 * Reads the list of tensors, whose data follows it, and sees that the file is long enough to hold them.
 * @throws UnreadableModelError
 */
export async function readTensors(cursor: Cursor, count: number, alignment: number): Promise<Tensors> {
  if (count > MAX_TENSORS || count * LEAST_BYTES > cursor.left) {
    cursor.fail('corrupt', `it cannot hold ${count} tensors`);
  }
  const types = new Map<string, number>();
  const layerBytes: number[] = [];
  let parameters = 0;
  let bytes = 0;
  let dataBytes = 0;
  for (let i = 0; i < count; i++) {
    const tensor = await readTensor(cursor, alignment);
    parameters += tensor.weights;
    bytes += tensor.bytes;
    dataBytes = Math.max(dataBytes, tensor.offset + tensor.bytes);
    types.set(tensor.type, (types.get(tensor.type) ?? 0) + tensor.bytes);
    if (tensor.layer !== undefined) {
      while (layerBytes.length <= tensor.layer) layerBytes.push(0);
      layerBytes[tensor.layer] = (layerBytes[tensor.layer] ?? 0) + tensor.bytes;
    }
  }
  // Nothing is aligned where nothing follows.
  const start = Math.ceil(cursor.position / alignment) * alignment;
  const end = dataBytes === 0 ? cursor.position : start + dataBytes;
  const length = cursor.position + cursor.left;
  if (end > length) {
    cursor.fail('truncated', `it is cut short: ${length} bytes of at least ${end}; get or copy it again`);
  }
  return { count, parameters, bytes, layerBytes, types, end };
}

async function readTensor(
  cursor: Cursor,
  alignment: number,
): Promise<{ type: string; weights: number; bytes: number; offset: number; layer: number | undefined }> {
  const name = await cursor.string("a tensor's name", MAX_NAME_BYTES);
  const dimensions = await cursor.u32();
  if (dimensions > MAX_DIMENSIONS)
    cursor.fail('corrupt', `the tensor ${quoted(name)} cannot have ${dimensions} dimensions`);
  let weights = 1;
  for (let d = 0; d < dimensions; d++) {
    weights *= await cursor.u64(`a dimension of the tensor ${quoted(name)}`);
    if (weights > Number.MAX_SAFE_INTEGER) cursor.fail('corrupt', `the tensor ${quoted(name)} is too large`);
  }
  const number = await cursor.u32();
  const offset = await cursor.u64(`the place of the tensor ${quoted(name)}`);
  if (offset % alignment !== 0) cursor.fail('corrupt', `the tensor ${quoted(name)} is not aligned`);
  const type = TENSOR_TYPES.get(number);
  const bytes = type === undefined ? 0 : Math.ceil(weights / type.weights) * type.bytes;
  if (!Number.isSafeInteger(offset + bytes))
    cursor.fail('corrupt', `the tensor ${quoted(name)} is too large`);
  const layer = Number(/^blk\.(\d{1,5})\./.exec(name)?.[1] ?? -1);
  if (layer >= MAX_LAYERS) cursor.fail('corrupt', `it cannot have ${layer} layers`);
  return {
    type: type?.name ?? `type ${number}`,
    weights,
    bytes,
    offset,
    layer: layer < 0 ? undefined : layer,
  };
}
