package io.selfheal.remedy;

import io.selfheal.json.Json;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.message.Severity;
import io.selfheal.message.SymptomEvent;
import io.selfheal.rule.Act;
import io.selfheal.rule.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a webhook, the log, or both. */
record NotifyAct(Optional<Webhook> webhook, boolean log) implements Act {
  private static final Logger LOG = LoggerFactory.getLogger(NotifyAct.class);

  /** What is told. */
  record Notice(
      String incidentId,
      String rule,
      String ruleVersion,
      String symptom,
      String subject,
      Severity severity,
      String summary,
      Map<String, Double> values) {
    static Notice of(Task task) {
      SymptomEvent.Seen seen = task.seen();
      return new Notice(
          task.incidentId(),
          seen.rule(),
          seen.ruleVersion(),
          seen.symptom(),
          seen.subject(),
          seen.severity(),
          seen.summary(),
          seen.values());
    }
  }

  @Override
  public Performed rehearse(Task task) {
    List<String> whom = new ArrayList<>();
    webhook.ifPresent(one -> whom.add(one.shown()));
    if (log) {
      whom.add("the log");
    }
    return new Performed(
        Outcome.DONE,
        "would tell " + String.join(" and ", whom),
        List.of(Json.text(Notice.of(task))),
        null);
  }

  @Override
  public Performed perform(Task task) throws InterruptedException, TimeoutException {
    if (log) {
      SymptomEvent.Seen seen = task.seen();
      LOG.warn(
          "Incident {}: {} by rule {}: {}",
          task.incidentId(),
          seen.subject(),
          seen.rule(),
          seen.summary());
    }
    if (webhook.isEmpty()) {
      return new Performed(Outcome.DONE, "written to the log", List.of(), null);
    }
    String key = task.incidentId() + " " + task.seen().rule();
    return webhook.get().post(task.around().bus(), Json.text(Notice.of(task)), key);
  }
}
