package io.selfheal.config;

/**
 * One effective value, for people to see.
 *
 * @param key the dotted path
 * @param value as it is used; secrets are {@code ***}
 * @param source default, file:line or the environment variable
 */
public record Setting(String key, String value, String source) {}
