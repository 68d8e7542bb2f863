// The regular files of a folder tree, as `find -type f` lists them: symbolic links are not followed.

import { readdir } from 'node:fs/promises';
import { fromLatin1, toLatin1 } from './handlers.ts';

/** What stands in a folder. */
export interface Listing {
  /** Paths below the folder, as latin1 text. */
  readonly files: readonly string[];
  /** Folders that cannot be read, and why. */
  readonly unreadable: readonly string[];
}

/** Lists all regular files below a folder. Throws if the folder itself cannot be read. */
export async function listFiles(folder: string): Promise<Listing> {
  const files: string[] = [];
  const unreadable: string[] = [];
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const path = Buffer.from(`${toLatin1(folder)}/${below}`, 'latin1');
    try {
      for (const entry of await readdir(path, { withFileTypes: true, encoding: 'buffer' })) {
        const name = below + entry.name.toString('latin1');
        if (entry.isDirectory()) waiting.push(`${name}/`);
        else if (entry.isFile()) files.push(name);
      }
    } catch (error) {
      if (below === '') throw error;
      unreadable.push(`${fromLatin1(below)}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
  return { files, unreadable };
}

/** Splits a list into parts of at most `size`. */
export function split<Item>(items: readonly Item[], size: number): Item[][] {
  const parts: Item[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
