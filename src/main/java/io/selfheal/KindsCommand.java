package io.selfheal;

import io.selfheal.cli.Cli;
import io.selfheal.json.Json;
import io.selfheal.rule.Remedy;
import io.selfheal.rule.Symptom;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rules kinds}: what rules can name, those of plugins too. Needs no running agent. */
@Command(
    name = "kinds",
    description = "Shows the symptoms and remedies that rules can name, those of plugins too.",
    mixinStandardHelpOptions = true)
final class KindsCommand implements Callable<Integer> {
  /** How it is printed. */
  enum Form {
    TABLE,
    JSON
  }

  private final Environment environment;

  @Option(names = "--config", paramLabel = "FILE", description = "Default: the one of run.")
  private @Nullable Path config;

  @Option(names = "-o", paramLabel = "FORM", description = "table (default) or json")
  private Form output = Form.TABLE;

  @Spec private @Nullable CommandSpec spec;

  KindsCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    Path file = environment.configFile(Optional.ofNullable(config));
    Kinds kinds = Kinds.of(AgentConfig.load(file, environment));
    Map<String, Map<String, String>> all = new TreeMap<>();
    all.put("remedies", described(kinds.remedies(), Remedy::description));
    all.put("symptoms", described(kinds.symptoms(), Symptom::description));
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (output == Form.JSON) {
      out.println(Json.text(all));
    } else {
      all.forEach((kind, described) -> print(out, kind, described));
    }
    out.flush();
    return Cli.OK;
  }

  private static <T> Map<String, String> described(
      Map<String, T> kinds, Function<T, String> description) {
    return kinds.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                each -> description.apply(each.getValue()),
                (one, same) -> one,
                TreeMap::new));
  }

  private static void print(PrintWriter out, String kind, Map<String, String> described) {
    out.println(kind.toUpperCase(Locale.ROOT));
    int width = described.keySet().stream().mapToInt(String::length).max().orElse(0);
    described.forEach(
        (name, words) -> out.println("  " + name + " ".repeat(width - name.length() + 2) + words));
  }
}
