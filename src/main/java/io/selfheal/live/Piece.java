package io.selfheal.live;

/** What goes to a client next. */
sealed interface Piece permits Gap, Chunk {}
