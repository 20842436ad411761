package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.container.Systemd;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What befalls the units, and what the agent says of it. */
final class UnitFates {
  private final UnitPremises premises;
  private final Healed healed;
  private final Map<String, Instant> caused = new HashMap<>();

  UnitFates(UnitPremises premises) {
    this.premises = premises;
    this.healed = new Healed(premises.agent);
  }

  /** All at once. */
  void befall() throws Exception {
    premises.hushed = true;
    caused.put(premises.subject("hungry"), Instant.now());
    Files.writeString(UnitPremises.BURN, "");
    Files.writeString(UnitPremises.BROKEN, "");
    Systemd.run("stop", "--no-block", "stopped", "failing", "deaf", "starting");
    Systemd.run("restart", "restarted");
    premises.unit("deployed").with("Environment=RELEASE=2").write();
    Systemd.run("daemon-reload");
    Systemd.run("restart", "deployed");
    Systemd.run("restart", "spoiled");
    for (String killed : List.of("plain", "itself", "later", "looping", "crashing", "weary")) {
      signal(killed, "KILL");
    }
    signal("quitting", "USR1");
    Systemd.mask("masked");
    signal("masked", "KILL");
    signal("halted", "STOP");
    caused.put(premises.subject("iced"), Instant.now());
    Files.writeString(Systemd.group(premises.pid("iced")).resolve("cgroup.freeze"), "1");
    Systemd.await("weary", "SubState", "auto-restart");
    Systemd.run("stop", "weary");
  }

  /** Sends a signal to the main process of a unit. */
  void signal(String name, String signal) throws Exception {
    caused.put(premises.subject(name), Instant.now());
    premises.unit(name).signal(signal);
  }

  /** Waits until the one incident of a rule about a subject is over. */
  JsonNode over(String rule, String subject) throws IOException, InterruptedException {
    return healed.over(rule, subject);
  }

  /** Waits until it is, sees that it was seen in time, and was healed. */
  JsonNode healed(String rule, String symptom, String subject, Duration stated)
      throws IOException, InterruptedException {
    Instant since = caused.getOrDefault(subject, Instant.MIN);
    JsonNode incident = healed.beside(new Healed.Fault(rule, symptom, subject, since, stated));
    assertEquals("closed", incident.path("state").asText(), incident.toPrettyString());
    return incident;
  }

  /** Waits until a person has it, and is told so. */
  JsonNode escalated(String rule, String subject, String words)
      throws IOException, InterruptedException {
    JsonNode incident = healed.over(rule, subject);
    String whole = incident.toPrettyString();
    assertEquals("escalated", incident.path("state").asText(), whole);
    assertTrue(incident.path("result").asText().contains(words), whole);
    return incident;
  }

  /** It was started so often, and the newest process is the one that the agent watches. */
  void started(String name, int times) throws Exception {
    UnitWorker unit = premises.unit(name);
    premises.agent.await(name + " is watched", () -> premises.watched(unit));
    assertEquals(times, unit.started().size(), name);
    assertEquals("active", Systemd.show(name, "ActiveState"), name);
  }
}
