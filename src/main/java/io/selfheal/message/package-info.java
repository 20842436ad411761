/**
 * The shared vocabulary: immutable events, the requests between concerns with their replies, and
 * the addresses that they travel on.
 *
 * <p>Concerns never import each other; they meet here. This package imports nothing but the JDK.
 */
@NullMarked
package io.selfheal.message;

import org.jspecify.annotations.NullMarked;
