// The work: counts lines, words and bytes of some files, per file extension.
//
// A line is a newline byte. A word is a run of bytes that are not ASCII white space.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { defineHandler } from '@muster/sdk';

/** Numbers of one extension, or of all. */
export interface Counts {
  readonly lines: number;
  readonly words: number;
  readonly bytes: number;
  readonly files: number;
}

/** What one task counts. */
export interface CountInput {
  readonly folder: string;
  /** Paths below the folder as latin1 text, one character per byte: file names need not be UTF-8. */
  readonly files: readonly string[];
}

/** What one task has counted. */
export interface CountOutput {
  readonly extensions: Readonly<Record<string, Counts>>;
  /** Files that could not be read, and why. */
  readonly unreadable: readonly string[];
}

/** Bytes that are read at a time. */
const chunkBytes = 256 * 1024;

/** 1 for the bytes that end a word: tab, newline, vertical tab, form feed, carriage return, space. */
const isSpace = new Uint8Array(256);
for (const byte of [9, 10, 11, 12, 13, 32]) isSpace[byte] = 1;

/** The handler that the agents run. */
export const countFiles = defineHandler({
  name: 'files.count',
  description: 'Counts lines, words and bytes of files, per extension.',
  timeout: '10m',
  retry: { maxAttempts: 3, initialDelay: '200ms' },
  async run({ folder, files }: CountInput, { progress, signal }): Promise<CountOutput> {
    const extensions = new Map<string, Counts>();
    const unreadable: string[] = [];
    const buffer = Buffer.alloc(chunkBytes);
    for (const [at, file] of files.entries()) {
      signal.throwIfAborted();
      progress(at, files.length);
      try {
        const path = Buffer.from(join(toLatin1(folder), file), 'latin1');
        const counts = await countFile(path, buffer, signal);
        const extension = extensionOf(file);
        extensions.set(extension, add(extensions.get(extension) ?? zero, counts));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        unreadable.push(`${fromLatin1(file)}: ${code}`);
      }
    }
    return { extensions: Object.fromEntries(extensions), unreadable };
  },
});

/** Nothing counted yet. */
export const zero: Counts = { lines: 0, words: 0, bytes: 0, files: 0 };

/** Both together. */
export function add(a: Counts, b: Counts): Counts {
  return {
    lines: a.lines + b.lines,
    words: a.words + b.words,
    bytes: a.bytes + b.bytes,
    files: a.files + b.files,
  };
}

async function countFile(path: Buffer, buffer: Buffer, signal: AbortSignal): Promise<Counts> {
  const file = await open(path, 'r');
  try {
    let counts: Counts = { ...zero, files: 1 };
    let inWord = false;
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return counts;
      counts = add(counts, countBytes(buffer, bytesRead, inWord));
      inWord = isSpace[buffer[bytesRead - 1] ?? 0] === 0;
    }
  } finally {
    await file.close();
  }
}

/** Counts the first bytes of a buffer; `inWord` is true if the byte before them belongs to a word. */
function countBytes(buffer: Buffer, bytes: number, inWord: boolean): Counts {
  let lines = 0;
  let words = 0;
  let before = inWord ? 0 : 1;
  for (let at = 0; at < bytes; at += 1) {
    const byte = buffer[at] as number;
    const space = isSpace[byte] as number;
    if (byte === 10) lines += 1;
    // A word begins where no space follows a space, or the start.
    words += before & (1 - space);
    before = space;
  }
  return { lines, words, bytes, files: 0 };
}

/** `.ts` of `a/b.test.ts`; empty for `Makefile` and `.gitignore`. */
function extensionOf(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? fromLatin1(name.slice(dot)) : '';
}

/** One character per byte of the UTF-8 text. */
export function toLatin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** The text of which `toLatin1` made one character per byte. */
export function fromLatin1(text: string): string {
  return Buffer.from(text, 'latin1').toString();
}
