/**
 * The table behind `dlsym`, laid out so that a look-up needs no parsing: a 32-bit count of cells (a power of two),
 * then that many cells {offset of the name, value}, open addressing by FNV-1a, then the names, NUL-terminated. Offset 0
 * marks an empty cell. The 200,000 names take 16 MB of file and no time at start-up.
 */
export function encodeSymbols(symbols: ReadonlyMap<string, number>): Buffer {
  const cells = 2 ** Math.ceil(Math.log2(symbols.size * 2 + 1));
  const headerBytes = 4 + cells * 8;
  const names: Buffer[] = [];
  const table = Buffer.alloc(headerBytes);
  table.writeUInt32LE(cells, 0);
  let offset = headerBytes;
  for (const [name, value] of symbols) {
    const text = Buffer.from(`${name}\0`);
    let cell = fnv1a(text) & (cells - 1);
    while (table.readUInt32LE(4 + cell * 8) !== 0) cell = (cell + 1) & (cells - 1);
    table.writeUInt32LE(offset, 4 + cell * 8);
    table.writeInt32LE(value | 0, 8 + cell * 8);
    names.push(text);
    offset += text.length;
  }
  return Buffer.concat([table, ...names]);
}

/** FNV-1a over the bytes up to the NUL. */
function fnv1a(text: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of text) {
    if (byte === 0) break;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}

/**
 * JavaScript for the glue: a function `leanSymbol(heap, pointer)` that answers from such a table; undefined where the
 * name is unknown. It is source text because the glue is a script that the pthread workers load by file name.
 */
export const SYMBOL_LOOKUP_SOURCE = `
var leanSymbolTable;
var leanSymbol = (heap, pointer) => {
  if (leanSymbolTable === undefined) {
    var file = require("fs").readFileSync(__dirname + "/symbols.bin");
    leanSymbolTable = { file, view: new DataView(file.buffer, file.byteOffset, file.length), mask: file.readUInt32LE(0) - 1 };
  }
  var { file, view, mask } = leanSymbolTable;
  var hash = 0x811c9dc5;
  for (var p = pointer; heap[p] !== 0; p++) hash = Math.imul(hash ^ heap[p], 0x01000193);
  for (var cell = (hash >>> 0) & mask; ; cell = (cell + 1) & mask) {
    var at = view.getUint32(4 + cell * 8, true);
    if (at === 0) return undefined;
    var i = 0;
    while (heap[pointer + i] === file[at + i] && file[at + i] !== 0) i++;
    if (heap[pointer + i] === file[at + i]) return view.getInt32(8 + cell * 8, true);
  }
};
var leanSymbolNamed = (name) => leanSymbol(Buffer.from(name + "\\0"), 0);
`;
