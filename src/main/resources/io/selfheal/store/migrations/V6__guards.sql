-- What agents that guard the same services share. An agent is known by an id of its data directory:
-- names of agents may be used twice. A row is touched every few seconds: room in the page, and no
-- index on what changes, keep that a heap-only update.
CREATE TABLE selfheal.guards (
    id      uuid        PRIMARY KEY,
    agent   text        NOT NULL,
    -- By the clock of this database.
    seen_at timestamptz NOT NULL
) WITH (fillfactor = 50);

-- One budget in one period, in millionths of its currency. Whoever changes a share of it locks its
-- row before, so that the sum of the shares cannot exceed the amount.
CREATE TABLE selfheal.budgets (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service   text        NOT NULL,
    currency  text        NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL,
    -- The smallest that an agent of those that live has configured.
    amount    bigint      NOT NULL,
    -- The sum of the shares.
    granted   bigint      NOT NULL,
    UNIQUE (service, currency, starts_at, ends_at)
) WITH (fillfactor = 50);

-- What one agent may use of it. The share of an agent that died stays until the period ends: only its
-- own file knows what it has spent.
CREATE TABLE selfheal.budget_shares (
    budget     bigint      NOT NULL REFERENCES selfheal.budgets (id) ON DELETE CASCADE,
    guard      uuid        NOT NULL,
    agent      text        NOT NULL,
    -- As this agent has it configured.
    amount     bigint      NOT NULL,
    granted    bigint      NOT NULL,
    -- Spent and reserved, as it was told last.
    used       bigint      NOT NULL,
    seen_at    timestamptz NOT NULL,
    -- Goes up with each change, so that one that comes late changes nothing.
    turn       bigint      NOT NULL,
    -- The run of the agent that changed it last.
    run        uuid        NOT NULL,
    PRIMARY KEY (budget, guard)
) WITH (fillfactor = 50);

CREATE INDEX budget_shares_guard ON selfheal.budget_shares (guard);

-- The breakers that agents have open by their own experience: not those that they opened because
-- others did.
CREATE TABLE selfheal.breakers (
    guard     uuid        NOT NULL REFERENCES selfheal.guards (id) ON DELETE CASCADE,
    service   text        NOT NULL,
    -- Another with each opening.
    epoch     bigint      NOT NULL,
    -- Both by the clock of this database; from the second on the agent looks with a few calls.
    opened_at timestamptz NOT NULL,
    until     timestamptz NOT NULL,
    reason    text        NOT NULL,
    PRIMARY KEY (guard, service)
) WITH (fillfactor = 50);
