// One run of the command, from its words to its exit code. Every error ends here, as one line
// that says what happened and what to do; `MUSTER_DEBUG=1` adds where it came from.

import { MusterError } from '@muster/sdk';
import { findCommand, readArguments } from './command-line/arguments.ts';
import { commandHelp, generalHelp, groupHelp } from './command-line/help.ts';
import { commands } from './commands.ts';
import { exitCodeOf, exitCodes, UsageError } from './exit-codes.ts';
import type { Terminal } from './printing/terminal.ts';
import { printable } from './printing/terminal.ts';
import { version } from './version.ts';

/** Runs the command that `words` name. Returns the exit code; never throws. */
export async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await route(words, terminal);
  } catch (error) {
    terminal.note(printable(`muster: ${describe(error)}`, true));
    if (error instanceof UsageError && error.command !== '')
      terminal.note(`"muster ${error.command} --help" shows the way.`);
    const isDefect = exitCodeOf(error) === exitCodes.internal.code;
    if (isDefect || process.env.MUSTER_DEBUG) terminal.note(stackOf(error));
    return exitCodeOf(error);
  }
}

async function route(words: readonly string[], terminal: Terminal): Promise<number> {
  const [first] = words;
  if (first === '--version' || first === '-v' || first === 'version') {
    terminal.out(version);
    return exitCodes.ok.code;
  }
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    return help(words.slice(1), terminal, first === undefined);
  }
  if (words.length === 2 && isHelp(words[1]) && isGroup(first)) {
    for (const line of groupHelp(first, commands)) terminal.out(line);
    return exitCodes.ok.code;
  }
  const { command, rest } = findCommand(words, commands);
  const { values, positionals } = readArguments(command, rest);
  if (values.help === true) {
    for (const line of commandHelp(command)) terminal.out(line);
    return exitCodes.ok.code;
  }
  // `readArguments` read them by the options of this very command.
  return command.run({ values: values as never, positionals, terminal });
}

function help(words: readonly string[], terminal: Terminal, bare: boolean): number {
  const [first = ''] = words;
  const lines =
    words.length === 0
      ? generalHelp(commands)
      : words.length === 1 && isGroup(first)
        ? groupHelp(first, commands)
        : commandHelp(findCommand(words, commands).command);
  for (const line of lines) bare ? terminal.note(line) : terminal.out(line);
  return bare ? exitCodes.usage.code : exitCodes.ok.code;
}

function isHelp(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}

/** True for words that begin commands without being one. */
function isGroup(word: string): boolean {
  return (
    commands.some(({ name }) => name.startsWith(`${word} `)) &&
    !commands.some(({ name }) => name === word)
  );
}

function describe(error: unknown): string {
  if (!(error instanceof MusterError))
    return error instanceof Error ? error.message : String(error);
  const violations = error.violations
    .filter(({ description }) => !error.message.includes(description))
    .map(({ field, description }) => `\n  ${field}: ${description}`);
  const hint = error.reason === 'UNREACHABLE' ? '\n"muster doctor" looks for the reason.' : '';
  return `${error.message}${violations.join('')}${hint} [${error.reason}]`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? '') : '';
}
