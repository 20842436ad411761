package io.selfheal.store;

import java.util.List;

/**
 * What a migration did.
 *
 * @param before the version that was found; 0 for none
 * @param after the version now
 * @param applied what was applied by this run, in order, such as {@code 2 journal}; empty when the
 *     schema was up to date, or when another agent was faster
 */
public record MigrationReport(int before, int after, List<String> applied) {}
