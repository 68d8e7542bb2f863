/**
 * The data with which a new embedded database begins, kept so that it is made once and not at every start.
 *
 * Opening PGlite took 3.5 s of CPU, nearly all of it in initdb, and takes 0.8 from a copy (measured). The copy lies in
 * the cache of the `node_modules` that PGlite lies in: it goes when that goes, and who can change it can change the code.
 * It depends on PGlite's version alone, not on our schema, is renamed into place when whole, and has a checksum (gzip).
 * Without one that opens, PGlite makes the data as ever.
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';

/** The file in which the copy is kept for this PGlite; null if there is no place for it. */
export function initialDataFile(): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
    const manifest = readFileSync(join(dirname(dirname(entry)), 'package.json'), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    const end = entry.lastIndexOf(`${sep}node_modules${sep}`);
    if (end === -1) return null;
    const cache = join(entry.slice(0, end), 'node_modules', '.cache', 'muster');
    return join(cache, `pglite-${version}.tar.gz`);
  } catch {
    return null;
  }
}

/** The kept copy, a tar; null if there is none, or none that is whole. */
export function readInitialData(file: string): Blob | null {
  try {
    return new Blob([gunzipSync(readFileSync(file))]);
  } catch {
    return null;
  }
}

/** Keeps what `dump` answers, a tar, if the place can be written; another process may do the same. */
export async function keepInitialData(file: string, dump: () => Promise<Blob>): Promise<void> {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // The place is tried before the work is done.
    const partial = mkdtempSync(`${file}.`);
    try {
      const tar = new Uint8Array(await (await dump()).arrayBuffer());
      const copy = gzipSync(tar, { level: constants.Z_BEST_SPEED });
      writeFileSync(join(partial, 'copy'), copy, { flush: true });
      renameSync(join(partial, 'copy'), file);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  } catch {
    // The next start makes its own data, and tries again to keep it.
  }
}
