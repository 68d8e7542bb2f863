/**
 * Zones of the IANA database as stretches of constant offset, in which the clock on the wall runs like any other.
 *
 * The runtime's own data is asked (`Intl`), a few dozen times for each year of a zone, and what it says is kept. A wall
 * time is written as milliseconds too: those that UTC shows when its clock stands like the one on the wall.
 */

/** A stretch of time; `to` is not part of it. Milliseconds since 1970. The wall shows `instant + offset`. */
export type Stretch = { readonly from: number; readonly to: number; readonly offset: number };

/** A zone. */
export type Zone = {
  readonly name: string;
  /** The stretch in which the instant lies. It may end where nothing changes: at the end of a year, for one. */
  stretchAt(instant: number): Stretch;
};

const dayMs = 86_400_000;
/** Between two looks; no zone has ever changed its clock twice within a week, and back to where it was. */
const lookEveryMs = 5 * dayMs;
const yearsMax = 200;
const zonesMax = 1_000;

const zones = new Map<string, Zone>();

/** The zone of a name, such as `Europe/Berlin`; null: there is none. */
export function zoneOf(name: string): Zone | null {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const offsetAt = clockOf(name);
  if (offsetAt === null) return null;
  const zone = createZone(name, offsetAt);
  if (zones.size >= zonesMax) zones.clear();
  zones.set(name, zone);
  return zone;
}

function createZone(name: string, offsetAt: (instant: number) => number): Zone {
  const years = new Map<number, readonly Stretch[]>();

  function stretchesOf(year: number): readonly Stretch[] {
    const known = years.get(year);
    if (known !== undefined) return known;
    if (years.size >= yearsMax) years.clear();
    const stretches = findStretches(Date.UTC(year, 0), Date.UTC(year + 1, 0), offsetAt);
    years.set(year, stretches);
    return stretches;
  }

  return {
    name,
    stretchAt(instant) {
      const stretches = stretchesOf(new Date(instant).getUTCFullYear());
      const found = stretches.find(({ to }) => instant < to);
      if (found === undefined) throw new RangeError(`${instant} is no instant of a year.`);
      return found;
    },
  };
}

function findStretches(
  begin: number,
  end: number,
  offsetAt: (instant: number) => number,
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let from = begin;
  let offset = offsetAt(begin);
  for (let seen = begin; seen < end - 1; ) {
    const next = Math.min(seen + lookEveryMs, end - 1);
    if (offsetAt(next) === offset) {
      seen = next;
      continue;
    }
    const to = findChange(seen, next, offset, offsetAt);
    stretches.push({ from, to, offset });
    from = to;
    seen = to;
    offset = offsetAt(to);
  }
  return [...stretches, { from, to: end, offset }];
}

/** The first second that no longer has the offset: somewhere after `low`, at `high` at the latest. */
function findChange(
  low: number,
  high: number,
  offset: number,
  offsetAt: (instant: number) => number,
): number {
  let [before, after] = [Math.floor(low / 1000), Math.ceil(high / 1000)];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle * 1000) === offset) before = middle;
    else after = middle;
  }
  return after * 1000;
}

/** How far the wall is ahead of UTC, in milliseconds; null for an unknown zone. */
function clockOf(name: string): ((instant: number) => number) | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  } catch {
    return null;
  }
  return (instant) => {
    const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(instant)) shown[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  };
}
