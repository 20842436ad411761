-- The schema itself is made by the migration. It holds what workers did and why they failed:
-- only its owner, and those whom the owner grants, may look in.
REVOKE ALL ON SCHEMA selfheal FROM PUBLIC;
