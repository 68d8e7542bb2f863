// What a command is: a value with its words, options, examples and what it does. `commands.ts`
// lists them all; `arguments.ts` reads a command line by them, and `help.ts` writes their help.

import type { Terminal } from '../printing/terminal.ts';

/** One option of a command. */
export interface Option {
  /** `boolean` options stand alone, `string` options take a value. */
  readonly type: 'string' | 'boolean';
  /** One letter, for `-j`. */
  readonly short?: string;
  /** True: may be given several times. */
  readonly multiple?: boolean;
  /** Name of the value in the help, for example `JSON`. */
  readonly value?: string;
  /** For the help: what it does, unit, default. */
  readonly doc: string;
}

/** Options by name, without the dashes. */
export type Options = Readonly<Record<string, Option>>;

type ValueOf<O extends Option> = O extends { type: 'boolean' }
  ? boolean
  : O extends { multiple: true }
    ? readonly string[]
    : string;

/** What was given, by name of the option. */
export type Values<O extends Options> = { readonly [Name in keyof O]?: ValueOf<O[Name]> };

/** One run of a command. */
export interface Invocation<O extends Options> {
  readonly values: Values<O>;
  /** What is no option, in order. */
  readonly positionals: readonly string[];
  readonly terminal: Terminal;
}

/** What stands in the help of a command. */
interface Described<O extends Options> {
  /** Its words, for example `task submit`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** Positionals in the help, for example `HANDLER [-]`. */
  readonly positionals: string;
  /** Fewest and most positionals. */
  readonly count: readonly [number, number];
  /** True: everything behind its words is handed on unread, `--help` too. */
  readonly passThrough?: boolean;
  /** More lines for the help. */
  readonly details?: readonly string[];
  readonly options: O;
  /** Whole command lines with what they do. */
  readonly examples: readonly (readonly [line: string, doc: string])[];
}

/** A command as it is written down. */
export interface CommandDefinition<O extends Options> extends Described<O> {
  /** Does it. Returns the exit code. */
  run(invocation: Invocation<O>): Promise<number>;
}

/** A command as it is listed, whatever its options. */
export interface Command extends Described<Options> {
  run(invocation: Invocation<Options>): Promise<number>;
}

/** Writes a command down; the types of its values follow from its options. */
export function defineCommand<const O extends Options>(command: CommandDefinition<O>): Command {
  // `arguments.ts` reads the values by these very options, so that they have the types of `O`.
  return command as unknown as Command;
}
