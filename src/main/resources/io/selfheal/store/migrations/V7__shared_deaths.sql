-- A worker that held several jobs died once: each has its share of the death. Shares that are not
-- whole, and the deaths of before, which are.
ALTER TABLE selfheal.deaths ALTER COLUMN points TYPE double precision;
