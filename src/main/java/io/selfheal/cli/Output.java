package io.selfheal.cli;

/** The forms of output. */
enum Output {
  TABLE,
  JSON
}
