package io.selfheal.service;

/**
 * What an agent asks of its share of one budget, in millionths.
 *
 * @param amount as it is configured here
 * @param keep what it holds on to whatever the answer is: it uses no more until that comes
 * @param want what it would like to hold; at least {@code keep}
 * @param used spent and reserved
 * @param claim whether it does not know how its share stands: that can only become more then
 * @param known the turn of its share that it knows
 * @param turn the next turn; each is sent once
 */
record ShareAsk(
    BudgetKey budget,
    long amount,
    long keep,
    long want,
    long used,
    boolean claim,
    long known,
    long turn) {}
