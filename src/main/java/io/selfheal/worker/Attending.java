package io.selfheal.worker;

/** Holds the agent's {@link Attention} of now; touched on the verticle's context only. */
final class Attending {
  Attention now;

  Attending(Attention now) {
    this.now = now;
  }
}
