// Chance that can be repeated: a test prints its seed, and the variable MUSTER_TEST_SEED replays it.

/** A generator of numbers from 0 to 1, seeded for a test of this name. */
export function seeded(name: string): () => number {
  const given = process.env.MUSTER_TEST_SEED;
  const seed = given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
  console.log(`${name}: MUSTER_TEST_SEED=${seed}`);
  return mulberry(seed);
}

/** Mulberry32: small, fast, and good enough to choose moments. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
