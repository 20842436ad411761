/**
 * The PostgreSQL that agents share: pool, migrations and the embedded default.
 *
 * <p>{@code Store} is the face that the composition root uses. {@code Database} is handed to the
 * concerns: a pool behind a breaker, which exists before PostgreSQL answers. {@code
 * EmbeddedPostgres} keeps a real PostgreSQL in the data directory when no other is configured.
 */
@NullMarked
package io.selfheal.store;

import org.jspecify.annotations.NullMarked;
