/**
 * Selectors that no agent can match, or that are not well formed: found before they are stored, because a task that waits for an
 * agent that cannot exist says nothing by itself.
 *
 * Within the limits, whatever some labels match has no fault, and whatever none can match has one: but for bounds that
 * only the length or the precision of a label's number keeps apart.
 */
import { labelFault } from '../../names.ts';
import { cutText } from '../../text.ts';
import { placementLimits } from '../limits.ts';
import { meets, type Selector, type Term } from './selector.ts';

/** A field of the selector, and what is wrong with it. */
export type SelectorFault = { readonly field: string; readonly description: string };

/** A requirement and its field. */
type Requirement = { readonly term: Term; readonly field: string };

const { requirementsMax, preferencesMax, valuesMax, preferenceWeightMin, preferenceWeightMax } =
  placementLimits;

/** Of the text of one term, so that a fault fits into the details of an error. */
const termMaxBytes = 200;
/** Terms that are named beside the one that nothing is left of. */
const othersNamedMax = 4;

const signs = {
  ...{ EQUALS: '=', NOT_EQUALS: '!=', IN: 'in', NOT_IN: 'not in' },
  ...{ GREATER: '>', AT_LEAST: '>=', LESS: '<', AT_MOST: '<=' },
};

/** Why a selector cannot be kept, or null. */
export function selectorFault(selector: Selector): SelectorFault | null {
  return formFault(selector) ?? contradiction(selector.require);
}

/** A term as people read it, like `zone in (a, b)` or `gpu >= 2`; a long one is cut. */
export function termText(term: Term): string {
  switch (term.operator) {
    case 'EXISTS':
      return `${term.label} exists`;
    case 'NOT_EXISTS':
      return `${term.label} does not exist`;
    default:
      return cutText(`${term.label} ${signs[term.operator]} ${operandText(term)}`, termMaxBytes);
  }
}

function operandText(term: Exclude<Term, { readonly operator: 'EXISTS' | 'NOT_EXISTS' }>): string {
  if ('number' in term) return `${term.number}`;
  return 'value' in term ? term.value : `(${term.values.join(', ')})`;
}

function formFault({ require, prefer }: Selector): SelectorFault | null {
  if (require.length > requirementsMax)
    return tooMany('require', require.length, requirementsMax, 'requirements');
  if (prefer.length > preferencesMax)
    return tooMany('prefer', prefer.length, preferencesMax, 'preferences');
  for (const [index, term] of require.entries()) {
    const description = termFault(term);
    if (description !== null) return { field: `require[${index}]`, description };
  }
  for (const [index, { term, weight }] of prefer.entries()) {
    const description = termFault(term) ?? weightFault(weight);
    if (description !== null) return { field: `prefer[${index}]`, description };
  }
  return null;
}

function tooMany(field: string, count: number, max: number, noun: string): SelectorFault {
  return { field, description: `has ${count} ${noun}; at most ${max} are allowed` };
}

function weightFault(weight: number): string | null {
  if (weight >= preferenceWeightMin && weight <= preferenceWeightMax && Number.isInteger(weight))
    return null;
  return `has the weight ${weight}; it must be a whole number from ${preferenceWeightMin} to ${preferenceWeightMax}`;
}

function termFault(term: Term): string | null {
  const values = valuesOf(term) ?? [];
  if (values.length > valuesMax)
    return `has ${values.length} values; at most ${valuesMax} are allowed`;
  const fault = ['', ...values]
    .map((value) => labelFault(term.label, value))
    .find((text) => text !== null);
  if (fault !== undefined) return `names a label that ${fault}`;
  if (values.length === 0 && term.operator === 'IN')
    return `is "${termText(term)}", which nothing can meet; name a value, or ask for EXISTS`;
  if ('number' in term && !Number.isFinite(term.number))
    return `compares "${term.label}" with ${term.number}; name a number`;
  return null;
}

/** The values that a term names; null: it names none. */
function valuesOf(term: Term): readonly string[] | null {
  if ('value' in term) return [term.value];
  return 'values' in term ? term.values : null;
}

function contradiction(require: readonly Term[]): SelectorFault | null {
  const requirements = require.map((term, index) => ({ term, field: `require[${index}]` }));
  for (const group of Map.groupBy(requirements, ({ term }) => term.label).values()) {
    const fault = pairFault(group) ?? valuesFault(group);
    if (fault !== null) return fault;
  }
  return null;
}

/** Two requirements on one label that exclude each other. */
function pairFault(group: readonly Requirement[]): SelectorFault | null {
  for (const [index, later] of group.entries())
    for (const earlier of group.slice(0, index)) {
      const advice = clash(earlier.term, later.term);
      if (advice === null) continue;
      const [one, other] = [later, earlier].map(({ term }) => `"${termText(term)}"`);
      return {
        field: later.field,
        description: `is ${one}, which excludes ${earlier.field}, ${other}; ${advice}`,
      };
    }
  return null;
}

/** A requirement each of whose values is excluded by another one, though none of these excludes them all. */
function valuesFault(group: readonly Requirement[]): SelectorFault | null {
  for (const { term, field } of group) {
    const values = openValues(term);
    if (values === null) continue;
    const against = values.flatMap(
      (value) => group.find((other) => !allows(other.term, value)) ?? [],
    );
    if (against.length < values.length) continue;
    const others = new Set(against.map((other) => `${other.field}, "${termText(other.term)}"`));
    const named = [...others].slice(0, othersNamedMax);
    if (named.length < others.size) named.push('others');
    return {
      field,
      description: `is "${termText(term)}", of which nothing is left by ${named.join(', and by ')}; drop one of them, or name another value`,
    };
  }
  return null;
}

/** The way out if no label meets both terms, or null. */
function clash(a: Term, b: Term): string | null {
  const [as, bs] = [openValues(a), openValues(b)];
  const isEmpty =
    (as !== null && !as.some((value) => allows(b, value))) ||
    (bs !== null && !bs.some((value) => allows(a, value)));
  const either = [...new Set([...(as ?? []), ...(bs ?? [])])];
  if (isEmpty && as !== null && bs !== null && either.length <= valuesMax)
    return `if either will do, ask for "${termText({ label: a.label, operator: 'IN', values: either })}" instead`;
  if ((isAbsent(a) && needsLabel(b)) || (isAbsent(b) && needsLabel(a))) return 'drop one of them';
  if (isEmpty) return 'drop one of them, or name a value that meets both';
  return isApart(a, b) || isApart(b, a)
    ? 'drop one of them, or move a bound so that numbers lie between them'
    : null;
}

/** The only values that a term allows; null: there are more than it names. */
function openValues(term: Term): readonly string[] | null {
  return term.operator === 'EQUALS' || term.operator === 'IN' ? valuesOf(term) : null;
}

function allows(term: Term, value: string): boolean {
  return meets({ [term.label]: value }, term);
}

function isAbsent({ operator }: Term): boolean {
  return operator === 'NOT_EXISTS';
}

function needsLabel({ operator }: Term): boolean {
  return operator !== 'NOT_EXISTS' && operator !== 'NOT_EQUALS' && operator !== 'NOT_IN';
}

/** Whether every number above the first bound is above the second one, which is an upper one. */
function isApart(lower: Term, upper: Term): boolean {
  if (lower.operator !== 'GREATER' && lower.operator !== 'AT_LEAST') return false;
  if (upper.operator !== 'LESS' && upper.operator !== 'AT_MOST') return false;
  if (lower.number !== upper.number) return lower.number > upper.number;
  return lower.operator === 'GREATER' || upper.operator === 'LESS';
}
