package io.selfheal.symptom;

import io.selfheal.config.Section;
import io.selfheal.rule.Symptom;
import java.util.List;

/**
 * The breaker of a service is open: its calls fail at once. Subject: {@code service/NAME}.
 *
 * <p>Keys of {@code where}: {@code service}, a name or a list of names (default: every service).
 * Services are those of {@code services} in the agent's configuration, and the databases that the
 * agent itself uses: its own is {@code database}, that of a source is {@code source_NAME}, unless
 * it is the agent's own. There are no keys of {@code enter} and {@code leave}: when a breaker opens
 * and closes is its own matter. While it lets a call through to see, it is neither.
 */
final class ServiceDown implements Symptom {
  @Override
  public String name() {
    return "service_down";
  }

  @Override
  public String description() {
    return "the breaker of a service is open";
  }

  @Override
  public Make read(Section where, Section enter, Section leave) {
    List<String> services = where.texts("service", List.of());
    return () -> new BreakerDetector(services);
  }
}
