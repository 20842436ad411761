/**
 * HTTP over loopback and a Unix domain socket: one routes class for each resource.
 *
 * <p>Every request passes the same gate (Host, Origin, token), is read strictly and becomes one
 * question to the owner of the state; nothing is kept here. Every error is a problem document (RFC
 * 9457). {@code openapi/selfheal.yaml} describes exactly these routes.
 */
@NullMarked
package io.selfheal.api;

import org.jspecify.annotations.NullMarked;
