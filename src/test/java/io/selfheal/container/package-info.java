/**
 * A small Debian, booted by a real systemd in a container, in which cases of other packages run.
 *
 * <p>{@code Container} boots it and gives back how each case ended; {@code Inside} is what runs in
 * it.
 */
@NullMarked
package io.selfheal.container;

import org.jspecify.annotations.NullMarked;
