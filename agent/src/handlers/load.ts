// Loads files of handlers: `muster agent FILE…`, and the children of `isolation: 'process'`.

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type AnyHandler, MusterError } from '@muster/sdk';
import { isHandlerDefinition } from '@muster/sdk/internal';

/**
 * The handlers that a module exports, by themselves or in arrays, each remembering the file, so that a child process
 * can load it too. Throws OPTION_INVALID, naming the file, if it cannot be loaded or exports none.
 *
 * @param file path (relative to the working directory) or `file:` URL
 */
export async function loadHandlers(file: string | URL): Promise<AnyHandler[]> {
  const url = fileUrl(file);
  const found = definitions(Object.values(await importModule(url)));
  if (found.length > 0) return found.map((each) => withFile(each, url));
  const message = `${shown(url)} exports no handlers. Export what defineHandler({ ... }) returns.`;
  throw new MusterError('OPTION_INVALID', message, { metadata: { file: shown(url) } });
}

/** The handler of this name in a module. Throws OPTION_INVALID if there is none. */
export async function loadHandler(file: string | URL, name: string): Promise<AnyHandler> {
  const handlers = await loadHandlers(file);
  const found = handlers.find((handler) => handler.name === name);
  if (found) return found;
  const names = handlers.map((handler) => handler.name).join(', ');
  const message = `${shown(fileUrl(file))} exports no handler "${name}". It exports: ${names}.`;
  throw new MusterError('OPTION_INVALID', message, { metadata: { file: shown(fileUrl(file)) } });
}

/** The `file:` URL of a path or URL. */
export function fileUrl(file: string | URL): URL {
  if (file instanceof URL) return file;
  return file.startsWith('file:') ? new URL(file) : pathToFileURL(resolve(file));
}

async function importModule(url: URL): Promise<Record<string, unknown>> {
  try {
    return (await import(url.href)) as Record<string, unknown>;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const message = `${shown(url)} cannot be loaded: ${why}`;
    throw new MusterError('OPTION_INVALID', message, { cause, metadata: { file: shown(url) } });
  }
}

/** Each definition once, however often it is exported. */
function definitions(exported: readonly unknown[]): AnyHandler[] {
  const all = exported.flatMap((value) => (Array.isArray(value) ? value : [value]));
  return [...new Set(all.filter(isHandlerDefinition))];
}

function withFile(handler: AnyHandler, url: URL): AnyHandler {
  return handler.file === undefined ? Object.freeze({ ...handler, file: url.href }) : handler;
}

function shown(url: URL): string {
  return decodeURIComponent(url.pathname);
}
