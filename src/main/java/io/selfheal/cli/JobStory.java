package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.List;

/** The text of {@code why SOURCE/JOB}. Pure. */
final class JobStory {
  private static final String END = System.lineSeparator();

  private JobStory() {}

  /**
   * @param all {@code job}; {@code events} of it, oldest first; {@code now}: the running job as
   *     {@code jobs stuck} has it, or null; {@code stuck}: whether it is; {@code problem}: why
   *     nobody knows; {@code known}: whether anything is; {@code example}: an id of the source as
   *     they are written, or null; {@code complete}
   */
  static String of(JsonNode all, ZoneId zone) {
    Moments moments = new Moments(zone);
    StringBuilder text = new StringBuilder();
    text.append("Job ").append(Words.text(all.path("job"))).append(END);
    text.append(END).append("WHAT WAS DECIDED").append(END);
    boolean any = false;
    String job = Words.text(all.path("job"));
    String id = job.substring(job.indexOf('/') + 1);
    for (JsonNode event : all.path("events")) {
      for (JsonNode decision :
          Decisions.is(event) ? Decisions.on(id, event) : List.<JsonNode>of()) {
        any = true;
        Decisions.tell(text, moments.day(event.path("time")) + incident(event), decision);
      }
    }
    if (!any) {
      text.append("  nothing: the journal has no decision on it").append(END);
    }
    if (!all.path("complete").asBoolean(true)) {
      text.append("  (the journal may have more)").append(END);
    }
    text.append(END).append("NOW").append(END);
    now(text, all);
    return text.toString();
  }

  private static String incident(JsonNode event) {
    return event.hasNonNull("incident_id")
        ? "  in incident " + event.path("incident_id").asText()
        : "";
  }

  private static void now(StringBuilder text, JsonNode all) {
    if (all.hasNonNull("now")) {
      boolean stuck = all.path("stuck").asBoolean(true);
      if (!stuck) {
        text.append("  running, and not stuck").append(END);
      }
      JobsPage.job(text, all.path("now"), stuck ? "next sweep: " : "");
      return;
    }
    text.append("  ").append(otherwise(all)).append(END);
    if (all.hasNonNull("example")) {
      String id = all.path("example").asText();
      text.append("  an id of this source looks like ")
          .append(id)
          .append("; its last part alone will do: ")
          .append(JobIds.last(id).orElse(id))
          .append(END);
    }
  }

  private static String otherwise(JsonNode all) {
    if (all.hasNonNull("problem")) {
      return "not known: " + all.path("problem").asText();
    }
    return all.path("known").asBoolean()
        ? "not running: it is over, or waits"
        : "nothing is known of a job with this id: no running row has it, and nothing was decided"
            + " on it; it is over, waits, or there is no such job";
  }
}
