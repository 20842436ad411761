-- Procrastinate 3.4's tables, by their published columns, indexes and constraints, with triggers
-- that write the events that its own write. Like these they name nothing by its schema.
CREATE TYPE procrastinate_job_status AS ENUM (
  'todo', 'doing', 'succeeded', 'failed', 'cancelled', 'aborting', 'aborted');
CREATE TYPE procrastinate_job_event_type AS ENUM (
  'deferred', 'started', 'deferred_for_retry', 'failed', 'succeeded', 'cancelled',
  'abort_requested', 'aborted', 'scheduled', 'retried');
CREATE TABLE procrastinate_workers (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  last_heartbeat timestamptz NOT NULL DEFAULT now());
CREATE TABLE procrastinate_jobs (
  id bigserial PRIMARY KEY, queue_name varchar(128) NOT NULL, task_name varchar(128) NOT NULL,
  priority integer NOT NULL DEFAULT 0, lock text, queueing_lock text,
  args jsonb NOT NULL DEFAULT '{}', status procrastinate_job_status NOT NULL DEFAULT 'todo',
  scheduled_at timestamptz, attempts integer NOT NULL DEFAULT 0,
  abort_requested boolean NOT NULL DEFAULT false,
  worker_id bigint REFERENCES procrastinate_workers ON DELETE SET NULL,
  CONSTRAINT no_abort_of_waiting CHECK (NOT (status = 'todo' AND abort_requested)));
CREATE TABLE procrastinate_events (
  id bigserial PRIMARY KEY, job_id bigint NOT NULL REFERENCES procrastinate_jobs ON DELETE CASCADE,
  type procrastinate_job_event_type, at timestamptz DEFAULT now());
CREATE UNIQUE INDEX one_waits ON procrastinate_jobs (queueing_lock) WHERE status = 'todo';
CREATE UNIQUE INDEX one_runs ON procrastinate_jobs (lock) WHERE status = 'doing';
CREATE INDEX ON procrastinate_jobs (worker_id) WHERE worker_id IS NOT NULL AND status = 'doing';
CREATE INDEX ON procrastinate_jobs (queue_name);
CREATE INDEX ON procrastinate_jobs (id, lock) WHERE status IN ('todo', 'doing');
CREATE INDEX ON procrastinate_jobs (priority DESC, id) WHERE status = 'todo';
CREATE INDEX ON procrastinate_events (job_id);

CREATE FUNCTION write_status_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kind text := CASE
    WHEN tg_op = 'INSERT' THEN 'deferred'
    WHEN old.status = 'todo' AND new.status = 'doing' THEN 'started'
    WHEN old.status = 'doing' AND new.status = 'todo' THEN 'deferred_for_retry'
    WHEN old.status = 'failed' AND new.status = 'todo' THEN 'retried'
    WHEN old.status = 'doing' AND new.status IN ('failed', 'succeeded', 'aborted')
      THEN new.status::text
    WHEN old.status = 'todo' AND new.status IN ('cancelled', 'failed', 'succeeded')
      THEN 'cancelled' END;
BEGIN
  IF kind IS NOT NULL THEN
    INSERT INTO procrastinate_events (job_id, type)
      VALUES (new.id, kind::procrastinate_job_event_type);
  END IF;
  RETURN new;
END $$;
CREATE FUNCTION write_schedule_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO procrastinate_events (job_id, type, at)
    VALUES (new.id, 'scheduled'::procrastinate_job_event_type, new.scheduled_at);
  RETURN new;
END $$;
CREATE FUNCTION write_abort_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO procrastinate_events (job_id, type)
    VALUES (new.id, 'abort_requested'::procrastinate_job_event_type);
  RETURN new;
END $$;
CREATE TRIGGER status_events AFTER INSERT OR UPDATE OF status ON procrastinate_jobs
  FOR EACH ROW EXECUTE FUNCTION write_status_event();
CREATE TRIGGER abort_events AFTER UPDATE OF abort_requested ON procrastinate_jobs
  FOR EACH ROW WHEN (new.abort_requested) EXECUTE FUNCTION write_abort_event();
CREATE TRIGGER schedule_events AFTER UPDATE OR INSERT ON procrastinate_jobs
  FOR EACH ROW WHEN (new.scheduled_at IS NOT NULL AND new.status = 'todo')
  EXECUTE FUNCTION write_schedule_event();

-- What an application calls to retry a job, and what a worker calls when it takes one and ends it.
CREATE FUNCTION procrastinate_retry_job_v2(
  job bigint, due timestamptz, new_priority integer, new_queue varchar, new_lock varchar)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE procrastinate_jobs SET status = 'failed'
    WHERE id = job AND status = 'doing' AND abort_requested;
  IF NOT FOUND THEN
    UPDATE procrastinate_jobs
      SET status = 'todo', attempts = attempts + 1, scheduled_at = due,
        priority = coalesce(new_priority, priority), queue_name = coalesce(new_queue, queue_name),
        lock = coalesce(new_lock, lock)
      WHERE id = job AND status IN ('doing', 'failed');
  END IF;
END $$;
CREATE FUNCTION take(job bigint, worker bigint) RETURNS void LANGUAGE sql AS $$
  UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker
    WHERE id = job AND status = 'todo' $$;
CREATE FUNCTION succeed(job bigint) RETURNS void LANGUAGE sql AS $$
  UPDATE procrastinate_jobs SET status = 'succeeded', abort_requested = false,
    attempts = attempts + 1 WHERE id = job $$;
