// What a long test is.

/** What was asked for. */
export interface Wanted {
  /** How long random seeds are played. */
  readonly minutes?: number | undefined;
  /** The one seed that is played. */
  readonly seed?: number | undefined;
}

/** A long test that prints what it sees. */
export interface Story {
  /** As in `make soak STORY=name`. */
  readonly name: string;
  /** One line for the help. */
  readonly about: string;
  /** True: every promise was kept. */
  run(wanted: Wanted): Promise<boolean>;
}
