package io.selfheal.message;

/**
 * A published stream of one type.
 *
 * @param address the address on the event bus
 * @param type what travels there; subtypes included
 */
public record Topic<E>(String address, Class<E> type) {}
