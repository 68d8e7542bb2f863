// Fields of manifests, which may be anything.

/** A map of a manifest. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as a map; empty if it is none. */
export function mapOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

/** The value as a list of maps; empty if it is none. */
export function mapsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(mapOf) : [];
}

/** The value as text; empty if there is none. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The fields that are not among `known`, with the path before them. */
export function leftOver(fields: Fields, path: string, known: readonly string[]): string[] {
  return Object.keys(fields)
    .filter((key) => !known.includes(key))
    .map((key) => `${path}.${key}`);
}
