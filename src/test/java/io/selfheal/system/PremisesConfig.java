package io.selfheal.system;

import io.selfheal.store.SqlProcess;
import io.selfheal.symptom.SmallGroup;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration and the rules of {@link Premises}, with its own paths and ports. */
final class PremisesConfig {
  private final Premises premises;
  private final Map<String, String> marks;

  /**
   * @param name of the agent
   * @param port of its API
   */
  PremisesConfig(Premises premises, String name, int port) throws IOException {
    this.premises = premises;
    this.marks = marks(name, port);
  }

  private static String source(String name, String more) {
    return """
      - name: %1$s
        table: public.%1$s
        columns: { id: id, state: state, started: started_at, attempts: attempts, holder: holder }
        states: { ready: ready, running: running, failed: failed, dead_letter: dead }
        sweep_every: 500ms
        %2$s
    """
        .formatted(name, more);
  }

  private String sources(int pooler) {
    String through =
        premises
            .url
            .reveal()
            .replace("127.0.0.1:" + premises.url.port() + "/", "127.0.0.1:" + pooler + "/");
    String held = "holder: { worker: %s, format: \"{host}:{pid}\" }\n    stuck_after: %s";
    return source("jobs", held.formatted("fatal", "1h") + "\n    poison_after: 2")
        + source("held", held.formatted("holder", "2s"))
        + source("images", held.formatted("images", "1h"))
        + source("mails", held.formatted("mails", "1h"))
        + source("bills", held.formatted("mails", "1h") + "\n    database: \"" + through + "\"");
  }

  private Map<String, String> marks(String name, int port) throws IOException {
    int pooler = AgentUnderTest.freePort();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Map<String, String> marks = new LinkedHashMap<>();
    marks.put("SOURCES", sources(pooler));
    marks.put("GROUPED", grouped());
    marks.put("MEMORY", memory());
    marks.put(
        "TOILER",
        "%s, -XX:+UseSerialGC, -XX:TieredStopAtLevel=1, -Xmx24m, -cp, \"%s\", %s, \"%s\""
            .formatted(java, SqlProcess.classPath(), Toiler.class.getName(), premises.directory));
    marks.put("DATABASE", premises.url.reveal());
    marks.put("JDBC", SqlProcess.login(premises.url, "toiler"));
    marks.put("POSTGRES", "" + premises.url.port());
    marks.put("POOLER", "" + pooler);
    marks.put("AGENT", "http://127.0.0.1:" + port);
    marks.put("TOKEN", premises.directory.resolve(name).resolve("token").toString());
    for (String web : List.of("HUNG", "LATE", "BUSY")) {
      marks.put(web, "" + AgentUnderTest.freePort());
    }
    marks.put("DIRECTORY", premises.directory.toString());
    return marks;
  }

  /** A resource in which each mark has its place taken. */
  String filled(String resource) throws IOException {
    try (InputStream file = Premises.class.getResourceAsStream(resource)) {
      if (file == null) {
        throw new FileNotFoundException(resource);
      }
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> mark : marks.entrySet()) {
        text = text.replace("@" + mark.getKey() + "@", mark.getValue());
      }
      return text;
    }
  }

  /** Both read a file again and again, when they are sick: for one it does not fit. */
  private String grouped() {
    return premises.hasGroups()
        ? grouped("cramped", premises.cramped.orElseThrow())
            + grouped("roomy", premises.roomy.orElseThrow())
        : "";
  }

  private String grouped(String name, SmallGroup group) {
    String script =
        "%1$s while [ ! -e %2$s/sick.$$ ]; do sleep 0.2; done; head -c 33554432 /dev/zero >"
            + " %2$s/%3$s; for i in 1 2; do while [ -e %2$s/sick.$$ ]; do cat %2$s/%3$s >"
            + " /dev/null; done & done; wait; exec sleep 1000";
    return "  - name: %s\n    run: { command: [bash, -c, \"%s\"] }\n"
        .formatted(name, script.formatted(group.enter(), premises.directory, name));
  }

  private String memory() {
    return premises.hasGroups()
        ? """
          - name: memory
            symptom: memory_pressure
            where: { worker: [cramped, roomy] }
            enter: { some: 3%%, full: 3%% }
            clear_for: 1s
            verify_within: 90s
            ladder: [ { remedy: run_command, with: { command: [sh, -c, "echo 268435456 > %s"] } } ]
        """
            .formatted(premises.limit())
        : "";
  }
}
