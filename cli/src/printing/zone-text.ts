// Moments as the clock on the wall of a zone shows them.

/** A moment in a zone, such as `2031-04-05 08:07:08 +02:00 Sat`. Undefined: this machine does not know the zone. */
export function zoneText(time: Date, zone: string): string | undefined {
  const parts = partsOf(time, zone);
  if (parts === undefined) return undefined;
  const { year, month, day, hour, minute, second, timeZoneName = '', weekday } = parts;
  const offset = timeZoneName.replace('GMT', '') || '+00:00';
  return `${year}-${month}-${day} ${hour}:${minute}:${second} ${offset} ${weekday}`;
}

function partsOf(time: Date, zone: string): Record<string, string> | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      ...({ year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short' } as const),
      ...({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const),
      ...({ timeZone: zone, timeZoneName: 'longOffset' } as const),
    });
    return Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  } catch {
    return undefined;
  }
}
