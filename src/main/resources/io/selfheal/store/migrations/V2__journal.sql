-- Every event of every agent. A day is one partition, so that days are dropped whole.
-- json, not jsonb: readers get the very text that was streamed, and jsonb refuses \u0000.
CREATE TABLE selfheal.events (
    agent       text        NOT NULL,
    epoch       bigint      NOT NULL,
    "offset"    bigint      NOT NULL,
    time        timestamptz NOT NULL,
    id          uuid        NOT NULL,
    type        text        NOT NULL,
    severity    text        NOT NULL,
    subject     text        NOT NULL,
    incident_id text,
    sample      boolean     NOT NULL,
    json        json        NOT NULL,
    -- An event that is written again has the same place and the same time: it is kept once.
    PRIMARY KEY (agent, epoch, "offset", time)
) PARTITION BY RANGE (time);

CREATE INDEX events_incident ON selfheal.events (incident_id) WHERE incident_id IS NOT NULL;

-- Incidents as they are now. The id is a UUIDv7, so its order is that of time.
CREATE TABLE selfheal.incidents (
    id        text COLLATE "C" PRIMARY KEY,
    agent     text        NOT NULL,
    state     text        NOT NULL,
    is_over   boolean     NOT NULL,
    subject   text        NOT NULL,
    symptom   text        NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz,
    document  json        NOT NULL
);

CREATE INDEX incidents_open ON selfheal.incidents (id) WHERE NOT is_over;

-- Makes the partition of a day, UTC. Agents share the table: the lock lets one at a time do it.
CREATE FUNCTION selfheal.ensure_events_day(day date) RETURNS void
LANGUAGE plpgsql SET timezone = 'UTC' SET client_min_messages = 'warning' AS $$
BEGIN
    IF to_regclass(format('selfheal.events_%s', to_char(day, 'YYYYMMDD'))) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('selfheal.events'));
    EXECUTE format(
        'CREATE TABLE IF NOT EXISTS selfheal.events_%s PARTITION OF selfheal.events FOR VALUES FROM (%L) TO (%L)',
        to_char(day, 'YYYYMMDD'), day::timestamptz, (day + 1)::timestamptz);
END $$;

-- Drops the partitions of all days before one. Gives up after 5 s behind a long query; it is called again.
CREATE FUNCTION selfheal.drop_events_before(day date) RETURNS integer
LANGUAGE plpgsql SET lock_timeout = '5s' AS $$
DECLARE
    old record;
    dropped integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('selfheal.events'));
    FOR old IN
        SELECT c.oid::regclass AS name
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'selfheal.events'::regclass
          AND c.relname ~ '^events_\d{8}$'
          AND to_date(substr(c.relname, 8), 'YYYYMMDD') < day
    LOOP
        EXECUTE format('DROP TABLE %s', old.name);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
