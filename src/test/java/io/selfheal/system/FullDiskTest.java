package io.selfheal.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No room on the disk of the data directory. */
@Timeout(180)
class FullDiskTest {
  private static final byte[] BLOCK = new byte[4096];

  @TempDir private Path directory;

  @Test
  void goesOnSaysSoDoesNothingWithoutAnIntentOnDiskAndRecovers() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4m", "selfheal-test", disk.toString()),
        "skipped: only root may mount the small disk that this test fills");
    try {
      onDisk(disk);
    } finally {
      assertTrue(run("umount", "-l", disk.toString()), "umount " + disk);
    }
  }

  private void onDisk(Path disk) throws Exception {
    PostgresUrl url = TestPostgres.freshDatabase();
    Sleeper sleeper = new Sleeper(directory.resolve("starts"));
    String config =
        "database: { url: \"%s\" }\n".formatted(url.reveal())
            + sleeper.run(1, "")
            + "healing: { verify_for: 0s }\n";
    try (AgentUnderTest agent = AgentUnderTest.configured(disk, "full", config)) {
      agent.startReady();
      Path filler = disk.resolve("filler");
      fill(filler);
      agent.await("it says that it is degraded", () -> status(agent, "journal").equals("degraded"));
      agent.await(
          "it says why",
          () -> agent.check("journal").path("detail").asText().contains("spool cannot be written"));

      long worker = agent.workerPid("w.1");
      agent.await("it works", () -> sleeper.started(worker));
      Marked.kill(worker);
      agent.await("healing waits", () -> status(agent, "healing").equals("degraded"));
      agent.await(
          "the death is seen",
          () -> agent.instance("w.1").path("liveness").asText().equals("lost"));
      assertEquals(1, sleeper.started().size(), "a remedy without an intent on disk");
      assertEquals(200, agent.get("/health/live").statusCode());

      Files.delete(filler);
      agent.await("the slot is filled", () -> agent.workerPid("w.1") != worker);
      agent.await("nothing is open", () -> agent.openIncidents() == 0);
      agent.await("all is well", () -> status(agent, "journal").equals("healthy"));
      agent.await("all is well", () -> status(agent, "healing").equals("healthy"));
      agent.await("it works", () -> sleeper.started(agent.workerPid("w.1")));
      assertEquals(2, sleeper.started().size());
      agent.awaitReady();
    }
  }

  private static String status(AgentUnderTest agent, String component) throws Exception {
    return agent.check(component).path("status").asText();
  }

  /** Writes until the disk takes no more. */
  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(BLOCK);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left")) {
        throw full;
      }
    }
  }

  private static boolean run(String... argv) throws Exception {
    Process process =
        new ProcessBuilder(argv).redirectErrorStream(true).redirectOutput(discard()).start();
    return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
  }

  private static ProcessBuilder.Redirect discard() {
    return ProcessBuilder.Redirect.DISCARD;
  }
}
