// What really ran, known independently of the database: handlers append one line per event to a file,
// each by one write to a descriptor opened with O_APPEND, so that lines of several processes never mix
// and survive SIGKILL (not the loss of power: there is no fsync). The checker holds it to the promises.

export {};
