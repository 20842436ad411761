package io.selfheal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.config.BadConfiguration;
import io.selfheal.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: looks at everything that the agent needs, and says how to mend what is wrong. */
@Command(
    name = "doctor",
    description = {
      "Looks at everything that the agent needs, changes nothing, says how to mend.",
      "0 when nothing failed, 1 when something did; also without a running agent."
    },
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
  private final Cli cli;
  private final String version;
  private final Examiner examiner;

  @Mixin private Connection connection = new Connection();

  @Option(names = "-o", paramLabel = "FORM", description = "table (default) or json")
  private Output output = Output.TABLE;

  @Spec private @Nullable CommandSpec spec;

  /** Sees what can be seen without asking an agent; changes nothing. */
  public interface Examiner {
    /** The machine, the configuration and the files. */
    List<Finding> host(Connection connection);

    /** The agent's database. */
    List<Finding> database(Connection connection);

    /** The sources, each as an agent would tell it. */
    List<JsonNode> sources(Connection connection);
  }

  /** With the version of this program. */
  public DoctorCommand(Cli cli, String version, Examiner examiner) {
    this.cli = cli;
    this.version = version;
    this.examiner = examiner;
  }

  @Override
  public Integer call() throws Exception {
    List<Finding> findings = new ArrayList<>(examiner.host(connection));
    findings.addAll(examiner.database(connection));
    findings.addAll(agent());
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (output == Output.JSON) {
      boolean well = DoctorPage.well(findings);
      out.println(Json.text(Json.tree(Map.of("well", well, "findings", findings))));
    } else {
      out.print(DoctorPage.of(findings, cli.colour()));
    }
    out.flush();
    return DoctorPage.well(findings) ? Cli.OK : Cli.ERROR;
  }

  private List<Finding> agent() throws InterruptedException {
    try (AgentClient client = new AgentClient(connection.endpoint(cli))) {
      JsonNode agent = client.get("/api/v1/agent");
      List<Finding> findings = new ArrayList<>();
      findings.add(AgentFindings.agent(agent, version));
      findings.addAll(AgentFindings.components(client.ask("/health/ready").body()));
      findings.add(AgentFindings.healing(client.get("/api/v1/healing")));
      findings.addAll(AgentFindings.rules(client.get("/api/v1/rules").path("rules")));
      for (JsonNode source : client.get("/api/v1/jobs/sources").path("sources")) {
        findings.add(AgentFindings.source(source));
      }
      for (JsonNode worker : client.get("/api/v1/workers").path("workers")) {
        findings.add(AgentFindings.worker(worker));
      }
      return findings;
    } catch (BadConfiguration told) {
      return List.of(Finding.warn("agent", "not asked: its address is not known", ""));
    } catch (AgentFailure failure) {
      return without(failure);
    }
  }

  private List<Finding> without(AgentFailure failure) {
    List<Finding> findings = new ArrayList<>();
    String said = String.valueOf(failure.getMessage());
    findings.add(
        failure.absent()
            ? Finding.warn("agent", "does not run", "start it with: agent.sh run")
            : Finding.fail("agent", said, "see its log"));
    examiner.sources(connection).forEach(source -> findings.add(AgentFindings.source(source)));
    return findings;
  }
}
