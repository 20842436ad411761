package io.selfheal.job;

import io.selfheal.config.Section;

/**
 * Knows how one job library lays out its table. One file a preset; add it to {@link Presets}. All a
 * preset says is in {@link Layout} and {@link Statements}: who reads, judges and rescues is the
 * same for all.
 */
interface Preset {
  /** The word in the configuration. */
  String name();

  /** Reads its own keys of a source; notes problems in the section instead of throwing. */
  Layout read(Section source);
}
