-- River's table, by its published columns and constraints.
CREATE TYPE river_job_state AS ENUM (
  'available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running',
  'scheduled');
CREATE TABLE river_job (
  id bigserial PRIMARY KEY, state river_job_state NOT NULL DEFAULT 'available',
  attempt smallint NOT NULL DEFAULT 0, max_attempts smallint NOT NULL,
  attempted_at timestamptz, created_at timestamptz NOT NULL DEFAULT now(),
  finalized_at timestamptz, scheduled_at timestamptz NOT NULL DEFAULT now(),
  priority smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 1 AND 4),
  args jsonb NOT NULL DEFAULT '{}', attempted_by text[], errors jsonb[],
  kind text NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 127),
  metadata jsonb NOT NULL DEFAULT '{}', queue text NOT NULL DEFAULT 'default',
  tags varchar(255)[] NOT NULL DEFAULT '{}', unique_key bytea, unique_states bit(8),
  CONSTRAINT final_when_done CHECK (
    (finalized_at IS NOT NULL) = (state IN ('cancelled', 'completed', 'discarded'))));
CREATE INDEX ON river_job (kind);
CREATE INDEX ON river_job (state, queue, priority, scheduled_at, id);
