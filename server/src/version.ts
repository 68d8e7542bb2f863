/**
 * The version of this program, from its own manifest, which lies elsewhere in the published package than in the sources.
 */
import { readFileSync } from 'node:fs';

/** For example `0.1.0`. */
export function programVersion(): string {
  const manifest = new URL(import.meta.resolve('@muster/server/package.json'));
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}
