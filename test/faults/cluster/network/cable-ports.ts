// The wires of one process, as its environment holds them.

/** The variable that names ports: JSON, from the port that is dialled to the one that is meant. */
export const cablesVariable = 'MUSTER_TEST_CABLES';
