/** An SQL string literal for a LanceDB filter: quotes doubled; DataFusion knows no other escape. */
export function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export function equals(column: string, value: string): string {
  return `${column} = ${quote(value)}`;
}

/** `column IN (…)`; with no values, a filter that nothing passes. */
export function isOneOf(column: string, values: readonly string[]): string {
  return values.length === 0 ? 'false' : `${column} IN (${values.map(quote).join(', ')})`;
}

/** As a range, which an index on the column can answer; `prefix` must be ASCII without `~`. */
export function startsWith(column: string, prefix: string): string {
  return `${column} >= ${quote(prefix)} AND ${column} < ${quote(`${prefix}~`)}`;
}

export function allOf(...conditions: readonly (string | undefined)[]): string | undefined {
  const present = conditions.filter((condition) => condition !== undefined);
  return present.length === 0 ? undefined : present.map((condition) => `(${condition})`).join(' AND ');
}
