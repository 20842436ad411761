package io.selfheal.message;

/**
 * A question to the owner of some state, answered once.
 *
 * @param address the address on the event bus; it has exactly one answerer
 * @param query what is asked
 * @param reply what is answered
 */
public record Request<Q, R>(String address, Class<Q> query, Class<R> reply) {}
