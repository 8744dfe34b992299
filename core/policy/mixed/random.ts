/** Numbers in [0, 1). */
export type Random = () => number;

/** A generator that gives the same numbers for the same parts (sfc32, seeded by FNV-1a of the text). */
export function seeded(...parts: readonly (string | number)[]): Random {
  let a = fnv(parts.join('\n'), 0x811c9dc5);
  let b = fnv(parts.join('\n'), a);
  let c = fnv(parts.join('\n'), b);
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return (t >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

function fnv(text: string, start: number): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** A draw from Beta(a, b), both positive. */
export function beta(a: number, b: number, random: Random): number {
  const x = gamma(a, random);
  const y = gamma(b, random);
  if (x + y > 0) return x / (x + y);
  // Shapes near zero underflow: almost all of their weight lies at the ends.
  return random() < a / (a + b) ? 1 : 0;
}

/** Marsaglia and Tsang, "A simple method for generating gamma variables", 2000. */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - random();
    if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Box and Muller. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
