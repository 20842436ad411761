package io.selfheal.heal;

/** A guardrail by its name, which is that of its key where it has one, and what it says. */
record Checked(String guardrail, Ruling ruling) {}
