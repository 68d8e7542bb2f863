// Names that schedules and handlers get when they come from elsewhere: valid ones, near to what was there, each once.

const nameMax = 128;

/** Gives names, none of them twice: a second `backup` becomes `backup-2`. */
export class NameGiver {
  readonly #given = new Set<string>();

  /** A valid name near to `wish`; `otherwise` where nothing of it can be kept. */
  give(wish: string, otherwise: string): string {
    const base = scheduleName(wish) || otherwise;
    let name = base;
    for (let number = 2; this.#given.has(name); number += 1)
      name = `${base.slice(0, nameMax - 8)}-${number}`;
    this.#given.add(name);
    return name;
  }
}

/** The text as a name of a schedule; empty where nothing of it can be kept. */
export function scheduleName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9._/-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, nameMax)
    .replace(/[^a-z0-9]+$/, '');
}

/** The text as a name of a handler, `demoJobHandler` as `demo-job-handler`; empty where nothing of it can be kept. */
export function handlerName(text: string): string {
  const words = text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .split(/[./\\:]+/)
    .map((word) => word.replace(/[^a-z0-9_-]+/g, '-').replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, ''))
    .filter((word) => word !== '');
  return words
    .join('.')
    .replace(/^[^a-z]+/, '')
    .slice(0, nameMax)
    .replace(/[^a-z0-9]+$/, '');
}

/** True if the name could be one of IANA's time zones here. */
export function isZone(name: string): boolean {
  try {
    return name !== '' && new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

const descriptionBytesMax = 1024;

/** A description cut to what is allowed, and a warning if it was. */
export function fitDescription(text: string): { description?: string; warnings: string[] } {
  if (text === '') return { warnings: [] };
  if (Buffer.byteLength(text) <= descriptionBytesMax) return { description: text, warnings: [] };
  let cut = text;
  while (Buffer.byteLength(cut) > descriptionBytesMax - 3) cut = cut.slice(0, -1);
  return {
    description: `${cut.toWellFormed().replace(/\ufffd$/, '')}…`,
    warnings: ['The description was longer than 1 KiB and is cut.'],
  };
}
