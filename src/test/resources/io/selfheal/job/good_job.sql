-- The tables of GoodJob 4 that a rescue touches, by their published columns.
CREATE TABLE good_jobs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), queue_name text, priority integer,
  serialized_params jsonb, scheduled_at timestamp(6), performed_at timestamp(6),
  finished_at timestamp(6), error text, created_at timestamp(6) NOT NULL,
  updated_at timestamp(6) NOT NULL, active_job_id uuid, concurrency_key text,
  executions_count integer, job_class text, error_event smallint, labels text[],
  locked_by_id uuid, locked_at timestamp(6), lock_type smallint);
CREATE INDEX index_good_jobs_on_locked_by_id ON good_jobs (locked_by_id)
  WHERE locked_by_id IS NOT NULL;
CREATE TABLE good_job_processes (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), created_at timestamp(6) NOT NULL,
  updated_at timestamp(6) NOT NULL, state jsonb, lock_type smallint);
