/**
 * What the kernel offers and the JDK has no face for: system calls, and to sleep until one of many
 * descriptors has news.
 *
 * <p>Shared by what watches processes and what watches pressure. It knows neither.
 */
@NullMarked
package io.selfheal.kernel;

import org.jspecify.annotations.NullMarked;
