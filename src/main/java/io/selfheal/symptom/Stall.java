package io.selfheal.symptom;

import io.selfheal.message.HostSample.Pressure;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.rule.Reading;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When waiting for memory counts. Pure. */
record Stall(Band some, Band full) {
  /**
   * What a pressure says.
   *
   * @param whose of the host, or of which control group
   * @param process that the group is judged for; null for the host
   */
  Reading judge(String subject, String whose, Pressure memory, @Nullable ProcessIdentity process) {
    double one = memory.someTenSeconds();
    double all = memory.fullTenSeconds();
    String evidence =
        "tasks of %s waited for memory %s of the last ten seconds, all of them at once %s"
            .formatted(whose, Amounts.share(one), Amounts.share(all));
    return new Reading(
        subject,
        Band.any(List.of(some.of(one), full.of(all))),
        evidence,
        Map.of("memory_some_share", one, "memory_full_share", all),
        process);
  }
}
