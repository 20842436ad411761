package io.selfheal.bench;

import io.selfheal.bench.Yard.Broken;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The agent, as {@code agent.sh run} starts it. */
final class AgentTool implements Tool {
  static final String NAME = "Selfheal";

  private final Yard yard;
  private final AgentRules rules;
  private final House house;
  private final Ear ear;

  private AgentTool(Yard yard, AgentRules rules, House house) {
    this.yard = yard;
    this.rules = rules;
    this.house = house;
    this.ear = Ear.connect(house.port());
  }

  /** Starts it with the workers of a yard. */
  static AgentTool open(Yard yard) throws Exception {
    AgentRules rules = AgentRules.of(yard);
    return new AgentTool(yard, rules, House.open(rules.config()));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<String> settings() {
    return rules.settings();
  }

  @Override
  public Set<Fault> can() {
    return rules.can();
  }

  @Override
  public Yard yard() {
    return yard;
  }

  @Override
  public Instant detected(Broken broken) throws IOException, InterruptedException {
    return ear.await(broken.at(), "incident.opened", subject(broken)).time();
  }

  @Override
  public Instant healed(Broken broken) throws IOException, InterruptedException {
    Ear.Heard closed = ear.await(broken.at(), "incident.closed", subject(broken));
    String recovery = closed.data().path("recovery").asText();
    if (!recovery.equals("healed")) {
      throw new IOException("the incident of " + subject(broken) + " ended as " + recovery);
    }
    return closed.time();
  }

  private String subject(Broken broken) {
    return broken.fault().ofWorkers()
        ? "worker/" + broken.worker()
        : "mount" + yard.disk("" + broken.number());
  }

  @Override
  public void close() throws IOException, SQLException {
    ear.close();
    try {
      house.close();
    } finally {
      yard.close();
    }
  }
}
