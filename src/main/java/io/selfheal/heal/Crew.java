package io.selfheal.heal;

import java.util.OptionalInt;

/**
 * The processes of the worker that a remedy acts on.
 *
 * @param worker its name
 * @param running how many run and are in no remedy's hands, the remedy's own subject among them;
 *     empty when that is not known
 * @param healing how many others are being stopped, restarted or drained right now
 * @param subjectRuns whether the subject is one of those that run; a process that is dead is
 *     restarted without a loss
 */
record Crew(String worker, OptionalInt running, int healing, boolean subjectRuns) {}
