package io.selfheal.job;

/**
 * What the library's own tables say of a job's holder, beside the row of the job.
 *
 * @param orphaned whether the library itself, by its own rule, counts the job as orphaned
 * @param words the same as evidence for an operator
 */
record Testimony(boolean orphaned, String words) {}
