// A command line of cron as input of `shell.exec`, which runs programs and no shell: a plain command becomes the program and
// its arguments, anything else is given to a shell.

/** Input of `shell.exec`, as far as a crontab can fill it. */
export interface ShellInput {
  readonly command: string;
  readonly args?: readonly string[];
  readonly stdin?: string;
}

/** What a shell would do something with. Quotes are left to it too. */
const shellSigns = /[|&;<>()$`"'\\*?[\]#~={}!]/;

/** Programs that run what their first argument names. */
const interpreters =
  /^(?:php|python|python\d[\d.]*|bash|sh|dash|zsh|node|perl|ruby|nice|ionice|sudo|exec|env|time|java)$/;

/** The input for a command, and what should be known about it. */
export function shellInput(
  written: string,
  shell: string,
): { input: ShellInput; warnings: string[] } {
  const { command, stdin } = splitInput(written);
  const warnings = [];
  if (stdin !== undefined)
    warnings.push(
      '"%" in a command of cron begins its standard input and a new line of it: it is taken as that.',
    );
  const given = stdin === undefined ? {} : { stdin };
  if (!shellSigns.test(command)) {
    const [program = '', ...args] = command.split(/\s+/);
    return {
      input: { command: program, ...(args.length > 0 ? { args } : {}), ...given },
      warnings,
    };
  }
  warnings.push(
    `The command needs a shell: the agent's list for shell.exec must allow ${shell}, and with it everything. Better make it a script of its own.`,
  );
  return { input: { command: shell, args: ['-c', command], ...given }, warnings };
}

/** The first % that is not escaped ends the command; what follows is its standard input, each further % a line break. */
function splitInput(written: string): { command: string; stdin: string | undefined } {
  const parts = written.split(/(?<!\\)%/);
  const [command = '', ...lines] = parts.map((part) => part.replaceAll('\\%', '%'));
  return {
    command: command.trim(),
    stdin: lines.length === 0 ? undefined : `${lines.join('\n')}\n`,
  };
}

/** What a command is about, for the name of its schedule: the program, or the script that an interpreter runs. */
export function commandName(written: string): string {
  const words = written
    .replace(/^(?:\s*cd\s+\S+\s*(?:&&|;))+/, '')
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^["'([]+|["')\];]+$/g, ''));
  const named = words.filter((word) => word !== '' && !word.startsWith('-') && !/^\w+=/.test(word));
  const [program = ''] = named;
  const isRunner = interpreters.test(baseName(program));
  return baseName(isRunner ? (named[1] ?? program) : program);
}

function baseName(path: string): string {
  const last =
    path
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? '';
  return last.replace(/\.(?:sh|py|php|rb|pl|js|ts|jar|bash)$/, '');
}
