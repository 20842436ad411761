package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** The text of {@code dead-letters list}. Pure. */
final class DeadLettersPage {
  private static final String END = System.lineSeparator();

  private DeadLettersPage() {}

  static String of(JsonNode answer) {
    Table table = new Table("ID", "JOB", "AT", "STATE", "EFFECT", "DEATHS");
    StringBuilder why = new StringBuilder();
    for (JsonNode letter : answer.path("dead_letters")) {
      table.row(
          Words.text(letter.path("id")),
          letter.path("source").asText() + "/" + letter.path("job_id").asText(),
          Words.text(letter.path("at")),
          Words.text(letter.path("state")),
          Words.text(letter.path("effect")),
          String.valueOf(letter.path("reasons").size()));
      why.append(why(letter));
    }
    if (table.empty()) {
      return "There is no dead letter: no job was put aside because its workers died on it."
          + END
          + "Jobs without an attempt left are where their library has failed ones; why SOURCE/JOB"
          + " tells of each."
          + END;
    }
    String next =
        answer.hasNonNull("next")
            ? "More: dead-letters list --cursor " + answer.path("next").asText() + END
            : "";
    return table + END + why + next;
  }

  /** The reason, then each death with its evidence. */
  private static String why(JsonNode letter) {
    StringBuilder text = new StringBuilder();
    text.append(Words.text(letter.path("id")))
        .append(": ")
        .append(Words.text(letter.path("reason")))
        .append(END);
    for (JsonNode death : letter.path("reasons")) {
      text.append("    ").append(Words.text(death.path("at")));
      for (JsonNode evidence : death.path("evidence")) {
        text.append("; ").append(evidence.asText());
      }
      text.append(END);
    }
    return text.toString();
  }
}
