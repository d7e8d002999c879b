/** The other side of `view/packing.py`: a document from the short text that a widget carries. Pure. */

interface Packed {
  ''?: number | string[] | { names: string[]; values: unknown[] };
  columns?: unknown[];
}

export function unpack(text: string): unknown {
  const [texts, value] = JSON.parse(text) as [string[], unknown];
  return unpacked(value, texts);
}

function unpacked(value: unknown, texts: string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(one => unpacked(one, texts));
  if (!Object.hasOwn(value, '')) return object(Object.keys(value), Object.values(value).map(one => unpacked(one, texts)));
  const { '': what, columns } = value as Packed;
  if (typeof what === 'number') return texts[what];
  if (!Array.isArray(what)) return object(what!.names, what!.values.map(one => unpacked(one, texts)));
  const found = (columns ?? []).map(column => unpacked(column, texts) as unknown[]);
  return found[0].map((_, row) => object(what, found.map(column => column[row])));
}

/** Names come from outside: `__proto__` is a field like any other. */
function object(names: string[], values: unknown[]): object {
  return Object.fromEntries(names.map((name, at) => [name, values[at]]));
}
