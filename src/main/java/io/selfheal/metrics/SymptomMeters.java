package io.selfheal.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.selfheal.message.SymptomEvent;

/** What the rules saw. */
final class SymptomMeters {
  private final MeterRegistry registry;
  private final Label rules = new Label();
  private final Label symptoms = new Label();

  SymptomMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void hear(SymptomEvent event) {
    if (event instanceof SymptomEvent.Seen seen) {
      Counter.builder("selfheal_symptoms")
          .description("Symptoms that held for as long as their rule asks")
          .tag("rule", rules.of(seen.rule()))
          .tag("symptom", symptoms.of(seen.symptom()))
          .register(registry)
          .increment();
    }
  }
}
