-- Tables of Que 2 (schema version 7), written anew from their published columns.
CREATE TABLE que_jobs (
  id bigserial PRIMARY KEY,
  priority smallint NOT NULL DEFAULT 100,
  run_at timestamptz NOT NULL DEFAULT now(),
  job_class text NOT NULL,
  error_count integer NOT NULL DEFAULT 0,
  last_error_message text CHECK (char_length(last_error_message) <= 500),
  queue text NOT NULL DEFAULT 'default' CHECK (char_length(queue) <= 100),
  last_error_backtrace text CHECK (char_length(last_error_backtrace) <= 10000),
  finished_at timestamptz,
  expired_at timestamptz,
  args jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(args) = 'array'),
  data jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(data) = 'object'),
  job_schema_version integer NOT NULL,
  kwargs jsonb NOT NULL DEFAULT '{}'
);

CREATE INDEX que_poll_idx ON que_jobs (job_schema_version, queue, priority, run_at, id)
  WHERE finished_at IS NULL AND expired_at IS NULL;

CREATE UNLOGGED TABLE que_lockers (
  pid integer PRIMARY KEY,
  worker_count integer NOT NULL,
  worker_priorities integer[] NOT NULL,
  ruby_pid integer NOT NULL,
  ruby_hostname text NOT NULL,
  queues text[] NOT NULL,
  listening boolean NOT NULL,
  job_schema_version integer DEFAULT 1
);
