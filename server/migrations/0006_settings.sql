-- The settings on which all coordinators of a cluster must agree, as this one has them, by name. Empty: it told none, as those of
-- earlier versions; then there is nothing to compare.
ALTER TABLE coordinators ADD COLUMN settings jsonb NOT NULL DEFAULT '{}';
