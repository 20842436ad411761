-- One row for each worker that died on a job. The claim is the SHA-256 of what tells one attempt
-- from another, so that a death is counted once, whoever sees it and however often.
CREATE TABLE selfheal.deaths (
    source     text        NOT NULL,
    job_id     text        NOT NULL,
    claim      text        NOT NULL,
    table_name text        NOT NULL,
    points     smallint    NOT NULL,
    attempts   bigint,
    evidence   jsonb       NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, job_id, claim)
);

-- Jobs that are not tried again, with the deaths that are the reason. A row is intended before the
-- job is changed, and added when it is known to be.
CREATE TABLE selfheal.dead_letters (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source  text        NOT NULL,
    job_id  text        NOT NULL,
    claim   text        NOT NULL,
    effect  text        NOT NULL,
    reason  text        NOT NULL,
    reasons jsonb       NOT NULL,
    state   text        NOT NULL CHECK (state IN ('intended', 'added', 'redriven', 'discarded')),
    at      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (source, job_id, claim)
);

CREATE INDEX dead_letters_intended ON selfheal.dead_letters (source) WHERE state = 'intended';
