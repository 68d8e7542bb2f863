/**
 * The syntax of names: handlers, namespaces, labels, trace context. Each check answers what is wrong, or null.
 *
 * All of them are linear in the text, because the text comes from strangers.
 */
import { handlerLimits, labelLimits, namespaceLimits, scheduleLimits } from './limits.ts';
import type { Labels } from './task.ts';

const handlerPattern = /^[a-z][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)*$/;
const namespacePattern = /^[a-z][a-z0-9-]*$/;
const schedulePattern = /^[a-z0-9][a-z0-9._\-/]*$/;
const labelKeyPattern = /^[a-z][a-z0-9._\-/]*$/;
const traceparentPattern =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What is wrong with the name of a handler, or null. */
export function handlerNameFault(name: string): string | null {
  if (name === '') return 'is empty';
  if (name.length > handlerLimits.nameMaxBytes)
    return `is longer than ${handlerLimits.nameMaxBytes} bytes`;
  if (!handlerPattern.test(name))
    return 'must be dot-separated words of a-z 0-9 _ -, beginning with a letter, as in "email.send"';
  return null;
}

/** What is wrong with the name of a namespace, or null. */
export function namespaceNameFault(name: string): string | null {
  if (name === '') return 'is empty';
  if (name.length > namespaceLimits.nameMaxBytes)
    return `is longer than ${namespaceLimits.nameMaxBytes} bytes`;
  if (!namespacePattern.test(name)) return 'must be of a-z 0-9 -, beginning with a letter';
  return null;
}

/** What is wrong with the name of a schedule, or null. */
export function scheduleNameFault(name: string): string | null {
  if (name === '') return 'is empty';
  if (name.length > scheduleLimits.nameMaxBytes)
    return `is longer than ${scheduleLimits.nameMaxBytes} bytes`;
  if (!schedulePattern.test(name))
    return 'must be of a-z 0-9 . _ - /, beginning with a letter or digit, as in "reports/nightly"';
  return null;
}

/** What is wrong with one label, or null. */
export function labelFault(key: string, value: string): string | null {
  if (key === '') return 'has an empty key';
  if (key.length > labelLimits.keyMaxBytes)
    return `has a key longer than ${labelLimits.keyMaxBytes} bytes`;
  if (!labelKeyPattern.test(key))
    return 'has a key that is not of a-z 0-9 . _ - /, beginning with a letter';
  if (Buffer.byteLength(value) > labelLimits.valueMaxBytes)
    return `has a value longer than ${labelLimits.valueMaxBytes} bytes`;
  return null;
}

/** What is wrong with a set of labels, one text per fault, each naming its key. */
export function labelsFaults(labels: Labels): readonly string[] {
  const entries = Object.entries(labels);
  if (entries.length > labelLimits.labelsMax)
    return [`has ${entries.length} labels; at most ${labelLimits.labelsMax} are allowed`];
  return entries.flatMap(([key, value]) => {
    const fault = labelFault(key, value);
    return fault === null ? [] : [`label "${key.slice(0, 80)}" ${fault}`];
  });
}

/** True for a well-formed W3C `traceparent`. Malformed ones are dropped, as the standard asks. */
export function isTraceparent(text: string): boolean {
  return traceparentPattern.test(text);
}
