/**
 * On which settings the coordinators of a cluster must agree, and what is said when they do not.
 *
 * Whoever declares others dead or lost must judge by the same times; and the shortest retention would win. A setting that
 * only one of two coordinators knows is not compared: they are of different versions.
 */

/** Values by the names of settings; numbers are milliseconds or bytes, as the name says. */
export type AgreedSettings = Readonly<Record<string, number | string>>;

/** Another coordinator, as far as it matters here. */
export type SettingsHolder = {
  readonly id: string;
  readonly address: string;
  readonly host: string;
  readonly settings: AgreedSettings;
};

/** One setting with two values. */
export type Disagreement = {
  readonly name: string;
  readonly own: number | string;
  readonly other: number | string;
};

/** The settings that differ. */
export function disagreements(own: AgreedSettings, other: AgreedSettings): readonly Disagreement[] {
  return Object.entries(own).flatMap(([name, value]) => {
    const there = other[name];
    return there === undefined || there === value ? [] : [{ name, own: value, other: there }];
  });
}

/** For the person who started this one: what differs, where, and the way out. */
export function disagreementText(found: readonly Disagreement[], other: SettingsHolder): string {
  const told = found.map(
    ({ name, own, other: there }) =>
      `${name} (${valueText(name, own)} here, ${valueText(name, there)} there)`,
  );
  return (
    `Coordinator ${other.id} at ${other.address} (${other.host}) runs on the same database with other settings: ${told.join(', ')}. ` +
    'Give both the same values. To change them one coordinator after the other, start each with --change-settings.'
  );
}

function valueText(name: string, value: number | string): string {
  if (typeof value === 'string') return `"${value}"`;
  return name.includes('bytes') ? `${value} bytes` : `${value} ms`;
}
