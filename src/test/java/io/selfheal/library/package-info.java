/**
 * Job libraries as their users run them: the real ones in processes of their own, and the tables of
 * others, written anew from their published columns.
 *
 * <p>{@code WorkPlace} is where all their jobs work, whatever the library: it writes down what
 * begins and what ends, and sees whether one job ever runs twice at once.
 */
@NullMarked
package io.selfheal.library;

import org.jspecify.annotations.NullMarked;
