package io.selfheal;

import io.selfheal.api.ApiConfig;
import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Reading;
import io.selfheal.config.Section;
import io.selfheal.config.Setting;
import io.selfheal.heal.HealConfig;
import io.selfheal.host.HostConfig;
import io.selfheal.job.JobsConfig;
import io.selfheal.journal.JournalConfig;
import io.selfheal.live.LiveConfig;
import io.selfheal.proxy.ProxyConfig;
import io.selfheal.service.ServicesConfig;
import io.selfheal.store.StoreConfig;
import io.selfheal.worker.WorkersConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The whole configuration, read and checked once.
 *
 * @param file where it came from
 * @param name the agent's name; {@code auto} is the host's
 * @param dataDir the agent's directory; {@code auto} is systemd's, /var/lib/selfheal for root, or
 *     the user's state directory
 * @param rules {@code rules}: the file of the rules, from the directory of this one; by default
 *     {@code rules.yaml} there, if there is one
 * @param plugins {@code agent.plugins}: the folder of jars with further symptoms and remedies, from
 *     the directory of this file; {@code auto}, the default, is {@code plugins} in the data
 *     directory; it may be missing
 * @param settings every effective value, for people to see
 */
record AgentConfig(
    Path file,
    String name,
    Path dataDir,
    ApiConfig api,
    StoreConfig store,
    HostConfig host,
    WorkersConfig workers,
    JobsConfig jobs,
    ProxyConfig proxy,
    ServicesConfig services,
    HealConfig healing,
    JournalConfig journal,
    LiveConfig live,
    Optional<Path> rules,
    Path plugins,
    List<Setting> settings) {
  private static final String AUTO = "auto";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /** Reads the file. */
  static AgentConfig load(Path file, Environment environment) throws BadConfiguration {
    return parse(file, ConfigFile.read(file), environment);
  }

  /** Reads a text. */
  static AgentConfig parse(Path file, String text, Environment environment)
      throws BadConfiguration {
    Reading reading = new Reading(file.toString(), text, environment.variables());
    Section root = reading.root();
    Section agent = root.section("agent");
    String name = name(agent);
    String dataDir = agent.text("data_dir", AUTO);
    String plugins = agent.text("plugins", AUTO);
    ApiConfig api = ApiConfig.from(agent);
    StoreConfig store = StoreConfig.from(root.section("database"));
    HostConfig host = HostConfig.from(root.section("host"));
    WorkersConfig workers = WorkersConfig.from(root);
    JobsConfig jobs = JobsConfig.from(root, hostName());
    ServicesConfig services = ServicesConfig.from(root);
    ProxyConfig proxy = ProxyConfig.from(root, services.permitExpiries());
    HealConfig healing = HealConfig.from(root.section("healing"));
    JournalConfig journal = JournalConfig.from(root.section("journal"));
    LiveConfig live = LiveConfig.from(root.section("live"));
    Optional<Path> rules = RuleFile.of(file, root);
    Path data =
        dataDir.equals(AUTO) ? environment.defaultDataDir() : Path.of(dataDir).toAbsolutePath();
    Path folder = plugins(agent, plugins, file, data);
    reading.finish();
    return new AgentConfig(
        file,
        name,
        data,
        api,
        store,
        host,
        workers,
        jobs,
        proxy,
        services,
        healing,
        journal,
        live,
        rules,
        folder,
        reading.settings());
  }

  /** One that was named must be there: a typing error is not answered by none. */
  private static Path plugins(Section agent, String named, Path file, Path data) {
    if (named.equals(AUTO)) {
      return data.resolve("plugins");
    }
    Path folder = file.toAbsolutePath().resolveSibling(named);
    if (!Files.isDirectory(folder)) {
      agent.reject("plugins", "there is no folder " + folder, "make it, or say auto");
    }
    return folder;
  }

  private static String name(Section agent) {
    String name = agent.text("name", AUTO);
    String chosen = name.equals(AUTO) ? hostName() : name;
    if (!NAME.matcher(chosen).matches()) {
      agent.reject(
          "name",
          "\"" + chosen + "\" is not a name",
          "letters, digits, dots, dashes and underscores, at most 63");
    }
    return chosen;
  }

  /** The machine's name, as the kernel has it. */
  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unnamed) {
      return "localhost";
    }
  }
}
