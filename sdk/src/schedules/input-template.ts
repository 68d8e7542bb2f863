// Inputs that the coordinator completes: JSON text with marks such as `{{local_date}}`, each
// replaced by a whole JSON value. So a mark stands where a value may stand, and not in quotes.

import { nearestName } from '../nearest.ts';
import { invalidOption } from '../options.ts';

const marks = [
  ...(['nominal_time', 'local_time', 'local_date', 'schedule', 'key', 'previous_output'] as const),
];
const known = new RegExp(`\\{\\{(?:${marks.join('|')})\\}\\}`, 'g');
const templateBytesMax = 64 * 1_024;

/** Refuses a template that is too long, or that no values of its marks make JSON (OPTION_INVALID). */
export function checkTemplate(what: string, template: string): void {
  const option = 'inputTemplate';
  if (typeof template !== 'string') throw invalidOption(what, option, template, 'text');
  const bytes = Buffer.byteLength(template);
  if (bytes > templateBytesMax) {
    throw invalidOption(what, option, `${bytes} bytes long`, `at most ${templateBytesMax} bytes`);
  }
  try {
    JSON.parse(template.replace(known, '""'));
  } catch (cause) {
    throw invalidOption(what, option, shortened(template), `JSON${hint(template, cause)}`);
  }
}

function hint(template: string, cause: unknown): string {
  if (new RegExp(`"[^"]*${known.source}`).test(template) && isJsonInQuotes(template)) {
    return ' with its marks outside of quotes, since each becomes a JSON value with quotes of its own';
  }
  for (const [, word = ''] of template.matchAll(/\{\{\s*([\w.-]*)\s*\}\}/g)) {
    if ((marks as readonly string[]).includes(word)) continue;
    const near = nearestName(word, marks);
    const way = near === undefined ? `known are ${marks.join(', ')}` : `did you mean {{${near}}}?`;
    return `, and {{${word}}} is no known mark: ${way}`;
  }
  return ` when its marks are replaced: ${cause instanceof Error ? cause.message : String(cause)}`;
}

/** True if the text would be JSON with a plain word for each mark. */
function isJsonInQuotes(template: string): boolean {
  try {
    JSON.parse(template.replace(known, 'x'));
    return true;
  } catch {
    return false;
  }
}

/** A value of an option that may be long, as an error shows it. */
export function shortened(text: unknown): unknown {
  return typeof text === 'string' && text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
