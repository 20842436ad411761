-- Ids begin anew in a table that was emptied or made again, and other databases have the same ones:
-- deaths and dead letters are of jobs at one place. What was written before is of none that is
-- known, and counts no more.
ALTER TABLE selfheal.deaths ADD COLUMN place text NOT NULL DEFAULT '';
ALTER TABLE selfheal.deaths DROP CONSTRAINT deaths_pkey;
ALTER TABLE selfheal.deaths ADD PRIMARY KEY (source, place, job_id, claim);

ALTER TABLE selfheal.dead_letters ADD COLUMN place text NOT NULL DEFAULT '';
ALTER TABLE selfheal.dead_letters DROP CONSTRAINT dead_letters_source_job_id_claim_key;
ALTER TABLE selfheal.dead_letters ADD UNIQUE (source, place, job_id, claim);
