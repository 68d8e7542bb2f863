-- The number of the dial by which a session was attached last. A Hello that was on its way for long, from a dial that its agent
-- has given up, has a lower one, and an inventory of the past: it must not attach the session again.
ALTER TABLE sessions ADD COLUMN dial bigint NOT NULL DEFAULT 0;
