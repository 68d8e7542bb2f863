-- Lists by handler and state, newest first: one range of one index. READY has tasks_ready, RUNNING has few rows.
--
-- With 10 million rows over 7 days the first page of what succeeded took 1.9 s for a handler with 100 tasks, of what failed or
-- was delayed 0.2 to 0.4 s; with it, 1 to 10 ms whatever the handler's share, and 20 ms if no state is named.
-- It costs a task that succeeds one entry, when its outcome is recorded: 1.7 µs of Postgres and 84 bytes of WAL, where two
-- bare writes take 15.1 µs and 904 bytes. An index of all states would cost 3.2 µs and 196 bytes.
CREATE INDEX tasks_listed ON tasks (handler_id, state, id) WHERE state NOT IN (3, 4);
