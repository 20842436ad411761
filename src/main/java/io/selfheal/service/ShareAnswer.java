package io.selfheal.service;

/**
 * How a share of a budget stands after it was asked for.
 *
 * @param valid whether the turn was the agent's; if not, nothing was changed
 * @param ours whether this run was the last to change it, before
 * @param turn of the share now; negative: it is not there
 * @param granted what the agent may use
 * @param free what nobody holds
 * @param unused what other living agents hold and have not used, as far as is known
 * @param amount the smallest that a living agent has configured
 * @param agents that hold a share and are seen, this one among them
 */
record ShareAnswer(
    BudgetKey budget,
    boolean valid,
    boolean ours,
    long turn,
    long granted,
    long free,
    long unused,
    long amount,
    int agents) {}
