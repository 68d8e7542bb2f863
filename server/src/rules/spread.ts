/**
 * How agents come to be spread over coordinators: who has more than its share asks a few at a time to move.
 *
 *   even ─ clearly too many, at `patienceLooks` looks in a row ─▶ moving ─ no more than its share ─▶ even
 *
 * A share is the mean, rounded up. Moves begin when a coordinator is a tenth above it, and end when it is not above it at
 * all: in between it stays as it is, so that an agent more or less moves nobody. What is above the shares never exceeds what
 * is below them, so however many coordinators act at the same time, there is room for all that they send away.
 *
 * What is known of others is as old as their last sign of life. So after each few that were asked it waits for some looks, by
 * chance more or fewer, until they are counted where they have gone.
 */

/** A coordinator that takes agents, as another one sees it. */
export type AgentLoad = { readonly address: string; readonly sessions: number };

/** Looks in a row that must show an uneven spread before anybody is asked to move. */
export const patienceLooks = 5;
/** Agents that are asked at a time: so many, or this share of very many. */
const batchLeast = 20;
const batchShare = 0.05;
const slackShare = 0.1;
const restLooksLeast = 2;
const restLooksMore = 3;

/** Decides at every look how many agents should move now. */
export type SpreadRule = (own: number, others: readonly AgentLoad[]) => number;

/** The rule of one coordinator; `random`: 0 ≤ n < 1. */
export function createSpreadRule(random: () => number): SpreadRule {
  let unevenLooks = 0;
  let isMoving = false;
  let restLooks = 0;
  return (own, others) => {
    const most = shareOf(own, others);
    const excess = own - most;
    unevenLooks = excess >= Math.max(1, most * slackShare) ? unevenLooks + 1 : 0;
    if (excess <= 0) isMoving = false;
    else if (unevenLooks >= patienceLooks) isMoving = true;
    if (restLooks > 0) {
      restLooks -= 1;
      return 0;
    }
    if (!isMoving) return 0;
    restLooks = restLooksLeast + Math.floor(random() * restLooksMore);
    return Math.ceil(Math.min(excess / 2, Math.max(batchLeast, own * batchShare)));
  };
}

/** Agents that a coordinator should have at most; its own if there is no other. */
function shareOf(own: number, others: readonly AgentLoad[]): number {
  const all = others.reduce((sum, { sessions }) => sum + sessions, own);
  return Math.ceil(all / (others.length + 1));
}

/**
 * Where one agent should go, best first: to one of those with room up to their share, by chance as much as they have room.
 * Then to the others that have room; those that have none are not named.
 */
export function placesFor(
  own: number,
  others: readonly AgentLoad[],
  random: () => number,
): readonly string[] {
  const most = shareOf(own, others);
  const open = others.flatMap(({ address, sessions }) =>
    sessions < most ? [{ address, room: most - sessions }] : [],
  );
  const places: string[] = [];
  while (open.length > 0) {
    let at = random() * open.reduce((sum, { room }) => sum + room, 0);
    let index = open.findIndex(({ room }) => {
      at -= room;
      return at < 0;
    });
    if (index < 0) index = open.length - 1;
    for (const { address } of open.splice(index, 1)) places.push(address);
  }
  return places;
}

/** The same addresses in an order of chance, so that those who are told of them do not all go to the first. */
export function shuffled(addresses: readonly string[], random: () => number): string[] {
  return addresses
    .map((address) => ({ address, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ address }) => address);
}
