/**
 * The coordinator as a process: flags and variables in, JSON lines out, SIGTERM or SIGINT to stop.
 *
 * Exit codes: 0 stopped in order, 1 could not start or go on, 2 wrong settings.
 */
import { realpathSync } from 'node:fs';
import { type Logger, pino } from 'pino';
import { ConfigError, helpText, loadConfig } from './config.ts';
import { startCoordinator } from './coordinator.ts';
import { startTelemetry } from './telemetry.ts';
import { programVersion } from './version.ts';

/** Runs a coordinator until it is told to stop; answers the exit code. */
export async function runCoordinator(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(helpText());
    return 0;
  }
  if (args.includes('--version')) {
    process.stdout.write(`muster-coordinator ${programVersion()}\n`);
    return 0;
  }
  try {
    const config = loadConfig(args, process.env);
    const logger = pino({
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
    });
    return await runUntilStopped(config, logger);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function runUntilStopped(
  config: ReturnType<typeof loadConfig>,
  logger: Logger,
): Promise<number> {
  const told = stopSignal(logger);
  const telemetry = await startTelemetry(config, process.env, logger);
  try {
    const coordinator = await startCoordinator(config, logger);
    await told;
    await coordinator.stop();
    return 0;
  } catch (error) {
    logger.fatal({ err: error }, error instanceof Error ? error.message : 'it cannot go on');
    return 1;
  } finally {
    await telemetry.stop();
  }
}

/** Settles at the first signal; the second one ends the process at once. */
function stopSignal(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    let count = 0;
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        count += 1;
        if (count > 1) process.exit(1);
        logger.info({ signal }, 'asked to stop; again: stop at once');
        resolve();
      });
  });
}

// Open handles that nobody closed must not keep a stopped coordinator alive.
if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename)
  process.exit(await runCoordinator(process.argv.slice(2)));
