-- Everything that was decided on one job, by whichever agent: `why SOURCE/JOB` asks for it.
-- Only of jobs: readings of hosts and workers are the bulk of the table, and nobody looks them up so.
CREATE INDEX events_job ON selfheal.events (subject) WHERE starts_with(subject, 'job/');
