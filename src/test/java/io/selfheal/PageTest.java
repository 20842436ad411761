package io.selfheal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import io.selfheal.store.PostgresUrl;
import io.selfheal.store.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page, in a real browser, on a real agent, while a real process dies. */
class PageTest {
  private static final List<Path> BROWSERS =
      Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
          .map(Path::of)
          .toList();
  private static final LocatorAssertions.ContainsTextOptions PATIENT =
      new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

  @TempDir private Path directory;

  @Test
  @Timeout(180)
  void showsADeathAndItsHealingLive() throws Exception {
    Path chromium =
        BROWSERS.stream().filter(Files::isExecutable).findFirst().orElse(Path.of("none"));
    assumeTrue(Files.isExecutable(chromium), "no Chromium on this machine: the page is not tried");
    int port = freePort();
    Agent agent =
        new Agent(
            config(port),
            Kinds.own(Path.of("unused")),
            RuleFile.read(Optional.empty(), Kinds.own(Path.of("unused"))));
    agent.start().await(60, TimeUnit.SECONDS);
    try (Playwright playwright =
            Playwright.create(
                new Playwright.CreateOptions()
                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = launch(playwright, chromium)) {
      look(browser, "http://127.0.0.1:" + port + "/");
    } finally {
      agent.stop("the test is over", Duration.ofSeconds(20));
    }
  }

  private static void look(Browser browser, String address) {
    List<String> complaints = new ArrayList<>();
    Page page = browser.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.navigate(address);
    see(page, "#workers", "sleeper.1");
    see(page, "#workers", "running");
    see(page, "#host", "Memory");
    see(page, "#jobs", "None are configured");
    see(page, "#overall", "All is well");

    String pid = page.locator("#workers tbody tr td").nth(1).textContent();
    ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();
    see(page, "#feed", "worker.lost");
    see(page, "#incidents", "closed");
    see(page, "#incidents", "restart_worker");
    see(page, "#overall", "All is well");

    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      page.screenshot(
          new Page.ScreenshotOptions()
              .setFullPage(true)
              .setPath(
                  Path.of(
                      "target",
                      "page-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + ".png")));
    }
    assertEquals(List.of(), complaints, "the browser complained");
  }

  private static void see(Page page, String place, String text) {
    Locator locator = page.locator(place);
    PlaywrightAssertions.assertThat(locator).containsText(text, PATIENT);
  }

  private static Browser launch(Playwright playwright, Path chromium) {
    return playwright
        .chromium()
        .launch(
            new BrowserType.LaunchOptions()
                .setExecutablePath(chromium)
                .setArgs(
                    List.of(
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync")));
  }

  private AgentConfig config(int port) throws Exception {
    PostgresUrl database = TestPostgres.freshDatabase();
    String text =
        """
        agent: { name: page, data_dir: %s, http: { port: %d } }
        workers:
          - name: sleeper
            run: { command: [sleep, "1000"], on_stop: stop, stop_grace: 1s }
        """
            .formatted(directory.resolve("data"), port);
    Files.createDirectories(directory.resolve("data"));
    return AgentConfig.parse(
        Path.of("agent.yaml"),
        text,
        new Environment(Map.of("SELFHEAL_DATABASE_URL", database.reveal())));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
