// How command lines are read, and how wrong ones are refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commands } from '../commands.ts';
import { UsageError } from '../exit-codes.ts';
import { findCommand, readArguments } from './arguments.ts';

/** The message with which a command line is refused. */
function refusal(words: readonly string[]): string {
  try {
    const { command, rest } = findCommand(words, commands);
    readArguments(command, rest);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  throw new Error(`${words.join(' ')} was not refused.`);
}

describe('a command line', () => {
  it('finds the command with the most words', () => {
    const { command, rest } = findCommand(['agents', 'drain', 'worker'], commands);
    assert.equal(command.name, 'agents drain');
    assert.deepEqual(rest, ['worker']);
    assert.equal(findCommand(['agents'], commands).command.name, 'agents');
    const named = findCommand(['handlers', '--', 'flow'], commands);
    assert.equal(named.command.name, 'handlers');
    assert.deepEqual(readArguments(named.command, named.rest).positionals, ['flow']);
  });

  it('reads options, repeated ones, short ones and positionals', () => {
    const words = ['task', 'submit', 'a.b', '--input={"x":1}', '-l', 'a=1', '--label', 'b=2', '-w'];
    const { command, rest } = findCommand(words, commands);
    const { values, positionals } = readArguments(command, rest);
    assert.deepEqual({ ...values }, { input: '{"x":1}', label: ['a=1', 'b=2'], wait: true });
    assert.deepEqual(positionals, ['a.b']);
  });

  it('takes a value that looks like an option only after an equals sign', () => {
    assert.match(
      refusal(['task', 'submit', 'a.b', '--priority', '-5']),
      /--priority=-XYZ|ambiguous/,
    );
    const { command, rest } = findCommand(['task', 'submit', 'a.b', '--priority=-5'], commands);
    assert.equal(readArguments(command, rest).values.priority, '-5');
  });

  it('names the nearest command', () => {
    assert.equal(refusal(['servr']), 'There is no command "servr". Did you mean "server"?');
    assert.equal(refusal(['wibble']), 'There is no command "wibble". "muster --help" lists them.');
    assert.match(
      refusal(['task', 'sumbit']),
      /no command "muster task sumbit". Did you mean "task submit"/,
    );
    assert.match(refusal(['task']), /"muster task" needs one more word: submit, get, list/);
  });

  it('names the nearest option', () => {
    assert.equal(
      refusal(['task', 'list', '--handlr', 'x']),
      '"muster task list" has no option "--handlr". Did you mean "--handler"?',
    );
    assert.match(refusal(['doctor', '--wibble']), /no option "--wibble". Known: --http, /);
  });

  it('refuses what is missing and what is too much', () => {
    assert.equal(refusal(['task', 'get']), 'Something is missing: muster task get ID');
    assert.match(refusal(['task', 'get', 'a', 'b']), /"b" is too much: muster task get ID/);
    assert.match(refusal(['task', 'list', '--limit']), /--limit/);
  });

  it('hands settings of the server on unread', () => {
    const { command, rest } = findCommand(['server', '--grpc-address', '0.0.0.0:1'], commands);
    assert.deepEqual(readArguments(command, rest).positionals, ['--grpc-address', '0.0.0.0:1']);
  });
});

describe('every command', () => {
  it('has a summary, an example that begins with it, and documented options', () => {
    for (const { name, summary, examples, options } of commands) {
      assert.match(summary, /^[A-Z].*\.$/, name);
      assert.ok(examples.length > 0, name);
      for (const [line] of examples) assert.match(line, new RegExp(`muster ${name}`), name);
      for (const option of Object.values(options)) assert.match(option.doc, /\.$/, name);
    }
  });

  it('has examples that it can read itself', () => {
    for (const { examples } of commands) {
      for (const [line] of examples) {
        const words = shellWords(line.slice(line.lastIndexOf('muster ') + 'muster '.length));
        const { command, rest } = findCommand(words, commands);
        readArguments(command, rest);
      }
    }
  });
});

/** The words of a simple shell line, up to a pipe. */
function shellWords(line: string): string[] {
  const words: string[] = line.match(/'[^']*'|"[^"]*"|[^\s]+/g) ?? [];
  const end = words.indexOf('|');
  return words
    .slice(0, end < 0 ? words.length : end)
    .map((word) => word.replace(/^['"]|['"]$/g, ''));
}
