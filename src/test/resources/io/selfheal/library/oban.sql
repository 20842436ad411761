-- Oban's table, by its published columns and constraints.
CREATE TYPE oban_job_state AS ENUM (
  'available', 'scheduled', 'executing', 'retryable', 'completed', 'discarded', 'cancelled');
CREATE TABLE oban_jobs (
  id bigserial PRIMARY KEY, state oban_job_state NOT NULL DEFAULT 'available',
  queue text NOT NULL DEFAULT 'default' CHECK (char_length(queue) BETWEEN 1 AND 127),
  worker text NOT NULL CHECK (char_length(worker) BETWEEN 1 AND 127),
  args jsonb NOT NULL DEFAULT '{}', errors jsonb[] NOT NULL DEFAULT '{}',
  attempt integer NOT NULL DEFAULT 0, max_attempts integer NOT NULL DEFAULT 20,
  inserted_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  scheduled_at timestamp NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  attempted_at timestamp, completed_at timestamp, attempted_by text[], discarded_at timestamp,
  priority integer NOT NULL DEFAULT 0, tags text[] DEFAULT '{}', meta jsonb DEFAULT '{}',
  cancelled_at timestamp,
  CONSTRAINT attempt_range CHECK (attempt BETWEEN 0 AND max_attempts),
  CONSTRAINT positive_max_attempts CHECK (max_attempts > 0));
CREATE INDEX ON oban_jobs (state, queue, priority, scheduled_at, id);
