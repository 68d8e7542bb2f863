/** Faults of selectors: whatever can match has none, whatever cannot has one, which says what to do. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { matches, meets, type Preference, type Selector, type Term } from './selector.ts';
import { selectorFault, termText } from './selector-fault.ts';

const label = 'x';
const equals = (value: string): Term => ({ label, operator: 'EQUALS', value });
const differs = (value: string): Term => ({ label, operator: 'NOT_EQUALS', value });
const within = (...values: string[]): Term => ({ label, operator: 'IN', values });
const outside = (...values: string[]): Term => ({ label, operator: 'NOT_IN', values });
const exists: Term = { label, operator: 'EXISTS' };
const absent: Term = { label, operator: 'NOT_EXISTS' };
const greater = (number: number): Term => ({ label, operator: 'GREATER', number });
const atLeast = (number: number): Term => ({ label, operator: 'AT_LEAST', number });
const less = (number: number): Term => ({ label, operator: 'LESS', number });
const atMost = (number: number): Term => ({ label, operator: 'AT_MOST', number });

const selectorWith = (require: readonly Term[], prefer: readonly Preference[] = []): Selector => ({
  ...{ require, prefer, avoidEarlierAgents: null },
});
const faultOf = (require: readonly Term[], prefer: readonly Preference[] = []) => {
  const fault = selectorFault(selectorWith(require, prefer));
  return fault === null ? null : `${fault.field} ${fault.description}`;
};

/** Terms on one label, or two, over a few values that are all alike numbers, or nearly. */
const anyLabel = fc.constantFrom('x', 'x', 'y');
const anyValue = fc.constantFrom('1', '2', '2.0', '3', 'a', 'b');
const anyValues = fc.array(anyValue, { minLength: 1, maxLength: 4 });
const anyTerm: fc.Arbitrary<Term> = fc.oneof(
  fc.record({
    label: anyLabel,
    operator: fc.constantFrom('EQUALS', 'NOT_EQUALS'),
    value: anyValue,
  }),
  fc.record({ label: anyLabel, operator: fc.constantFrom('IN', 'NOT_IN'), values: anyValues }),
  fc.record({ label: anyLabel, operator: fc.constantFrom('EXISTS', 'NOT_EXISTS') }),
  fc.record({
    label: anyLabel,
    operator: fc.constantFrom('GREATER', 'AT_LEAST', 'LESS', 'AT_MOST'),
    number: fc.constantFrom(1, 2, 3),
  }),
);
const anyTerms = fc.array(anyTerm, { maxLength: 5 });
/** Every value that can tell such terms apart; null: the label is not there. */
const tellingValues: readonly (string | null)[] = [
  ...[null, '1', '2', '2.0', '3', 'a', 'b', 'other', '0', '4'],
  ...['01', '02', '03', '1.5', '2.5'],
];

describe('a selector', () => {
  it('that some labels match has no fault', () => {
    const anyLabels = fc.dictionary(anyLabel, fc.oneof(anyValue, fc.constantFrom('0', '1.5', '9')));
    fc.assert(
      fc.property(anyTerms, anyLabels, (terms, labels) => {
        const require = terms.filter((term) => meets(labels, term));
        const selector = selectorWith(require);
        assert.ok(matches(selector, { agentId: 'a', labels }, new Set()));
        assert.equal(selectorFault(selector), null);
      }),
    );
  });

  it('that no labels match has a fault', () => {
    let found = 0;
    fc.assert(
      fc.property(anyTerms, (require) => {
        const isOpen = (name: string) =>
          tellingValues.some((value) =>
            require
              .filter((term) => term.label === name)
              .every((term) => meets(value === null ? {} : { [name]: value }, term)),
          );
        const fault = selectorFault(selectorWith(require));
        if (fault !== null) found += 1;
        assert.equal(fault === null, isOpen('x') && isOpen('y'), require.map(termText).join(' & '));
      }),
      { numRuns: 2_000 },
    );
    assert.ok(found > 200, `only ${found} selectors had a fault`);
  });

  it('may be empty, and prefer what it does not require', () => {
    assert.equal(faultOf([]), null);
    assert.equal(faultOf([equals('a')], [{ term: equals('b'), weight: 1 }]), null);
    assert.equal(faultOf([outside()]), null);
  });
});

describe('a contradiction', () => {
  const pairs: readonly [Term, Term, RegExp][] = [
    [equals('1'), equals('2'), /if either will do, ask for "x in \(1, 2\)"/],
    [within('a', 'b'), within('c'), /ask for "x in \(a, b, c\)"/],
    [within('a', 'b'), equals('c'), /ask for "x in \(a, b, c\)"/],
    [equals('a'), differs('a'), /drop one of them, or name a value that meets both/],
    [within('a', 'b'), outside('b', 'a'), /name a value that meets both/],
    [equals('a'), atLeast(5), /name a value that meets both/],
    [within('1', '2'), greater(2), /name a value that meets both/],
    [exists, absent, /drop one of them$/],
    [equals('a'), absent, /drop one of them$/],
    [less(5), absent, /drop one of them$/],
    [greater(5), less(3), /move a bound so that numbers lie between them/],
    [atLeast(5), less(5), /move a bound/],
    [greater(5), atMost(5), /move a bound/],
    [greater(5), less(5), /move a bound/],
  ];

  for (const [one, other, wayOut] of pairs)
    it(`of ${termText(one)} and ${termText(other)} names both, and the way out`, () => {
      for (const [earlier, later] of [
        [one, other],
        [other, one],
      ] as const) {
        const text = faultOf([{ ...exists, label: 'y' }, earlier, later]) ?? '';
        assert.ok(
          text.startsWith(
            `require[2] is "${termText(later)}", which excludes require[1], "${termText(earlier)}"; `,
          ),
          text,
        );
        if (/x in/.test(wayOut.source)) assert.match(text, /if either will do, ask for "x in/);
        else assert.match(text, wayOut);
      }
      assert.match(faultOf([one, other]) ?? '', wayOut);
    });

  it('of three terms names them all', () => {
    assert.equal(
      faultOf([within('a', 'b'), differs('a'), differs('b')]),
      'require[0] is "x in (a, b)", of which nothing is left by require[1], "x != a", and by require[2], "x != b"; drop one of them, or name another value',
    );
  });

  it('of long terms is told in little text, without advice that would be refused', () => {
    const values = Array.from({ length: 32 }, (_, n) => `${n}`.padEnd(128, 'x'));
    const pair = faultOf([within(...values), equals('z')]) ?? '';
    assert.match(pair, /; drop one of them, or name a value that meets both$/);
    const many =
      faultOf([within(...values.slice(0, 15)), ...values.slice(0, 15).map(differs)]) ?? '';
    assert.match(many, /by require\[1\].*by require\[4\], "[^"]*", and by others; drop one/);
    for (const text of [pair, many]) assert.ok(Buffer.byteLength(text) < 1_500, text);
  });

  it('is none where bounds meet in one number, or labels differ', () => {
    assert.equal(faultOf([atLeast(5), atMost(5)]), null);
    assert.equal(faultOf([atLeast(5), atMost(5), differs('5')]), null);
    assert.equal(faultOf([greater(3), less(5)]), null);
    assert.equal(faultOf([equals('a'), { ...absent, label: 'y' }]), null);
  });
});

describe('the form', () => {
  it('has limits', () => {
    const many = Array.from({ length: 17 }, (_, n) => differs(`${n}`));
    assert.match(faultOf(many) ?? '', /^require has 17 requirements; at most 16 are allowed/);
    const preferences = many.map((term) => ({ term, weight: 1 }));
    assert.match(faultOf([], preferences) ?? '', /^prefer has 17 preferences; at most 16/);
    assert.equal(faultOf(many.slice(1), preferences.slice(1)), null);
    const values = Array.from({ length: 33 }, (_, n) => `${n}`);
    assert.match(faultOf([within(...values)]) ?? '', /^require\[0\] has 33 values; at most 32/);
    assert.equal(faultOf([within(...values.slice(1))]), null);
  });

  it('asks for weights that are whole numbers from 1 to 100', () => {
    for (const weight of [0, 101, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY])
      assert.match(
        faultOf([], [{ term: exists, weight }]) ?? '',
        /^prefer\[0\] has the weight .*; it must be a whole number from 1 to 100$/,
      );
    for (const weight of [1, 100]) assert.equal(faultOf([], [{ term: exists, weight }]), null);
  });

  it('asks for values, numbers and labels that can be', () => {
    assert.match(faultOf([exists, within()]) ?? '', /^require\[1\] is "x in \(\)", which nothing/);
    assert.match(faultOf([], [{ term: within(), weight: 1 }]) ?? '', /^prefer\[0\] is "x in \(\)"/);
    for (const number of [Number.NaN, Number.NEGATIVE_INFINITY])
      assert.match(faultOf([less(number)]) ?? '', /^require\[0\] compares "x" with .*; name a num/);
    assert.match(faultOf([{ ...exists, label: 'Zone' }]) ?? '', /label that has a key that is not/);
    assert.match(faultOf([equals('y'.repeat(129))]) ?? '', /a value longer than 128 bytes/);
  });
});
