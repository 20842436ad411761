package io.selfheal.api;

/** The body of a changing call. Its components are its fields; reading is strict. */
interface Body {
  /** Notes what is wrong with the values. */
  void check(FieldCheck check);
}
