-- What each agent sees of the worker processes of its machine, for the agents elsewhere. A row is one
-- run of one agent, because names of agents and of hosts may be used twice. It is touched every few
-- seconds: room in the page, and no index on what changes, keep that a heap-only update.
CREATE TABLE selfheal.views (
    id        uuid        PRIMARY KEY,
    agent     text        NOT NULL,
    home      text        NOT NULL,
    host      text        NOT NULL,
    boot_id   text        NOT NULL,
    namespace text        NOT NULL,
    -- When the agent began to look, by the clock of this database.
    seen_at   timestamptz NOT NULL,
    -- Another number with every change of its processes, so that nobody reads them twice.
    version   bigint      NOT NULL
) WITH (fillfactor = 50);

-- The processes: those that live, and those that were seen to end a while ago.
CREATE TABLE selfheal.view_processes (
    view        uuid        NOT NULL REFERENCES selfheal.views (id) ON DELETE CASCADE,
    worker      text        NOT NULL,
    instance    text        NOT NULL,
    pid         bigint      NOT NULL,
    start_ticks bigint      NOT NULL,
    own_pid     bigint      NOT NULL,
    started_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    -- Whether it has ended and no process has its pid since.
    vacant      boolean     NOT NULL,
    PRIMARY KEY (view, pid, start_ticks)
);
