-- Claims that begin after a key.

-- A claim may begin after the last task of an earlier one: (-priority, due_at, id) > (…) is one range of an index only if
-- all of its columns ascend. Without that a claim walks every dead entry before it, for as long as an old snapshot keeps
-- them: see server/src/store/leases/claim.ts.
DROP INDEX tasks_ready;
CREATE INDEX tasks_ready ON tasks (handler_id, (-priority::integer), due_at, id) WHERE state = 3;
