// Handlers may be limited and paused before any agent registers them, so a wrong name is no error; but it deserves a word.

import { type Client, MusterError } from '@muster/sdk';

/** What to say of a handler that no agent has ever registered, with the nearest known name. Undefined: it is registered. */
export async function hintUnregistered(client: Client, name: string): Promise<string | undefined> {
  const { namespace } = client;
  try {
    await client.services.handlers.getHandler({ namespace, name });
    return undefined;
  } catch (error) {
    if (!(error instanceof MusterError) || error.reason !== 'HANDLER_NOT_FOUND') throw error;
    return `${error.message} It holds once an agent registers it.`;
  }
}
