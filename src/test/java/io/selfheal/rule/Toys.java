package io.selfheal.rule;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Section;
import io.selfheal.message.Outcome;
import io.selfheal.message.RemedyRequests.Performed;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Symptoms and remedies that read keys of their own, as real ones do, and see and do nothing. */
public final class Toys {
  private Toys() {}

  /** Reads rules that name the symptoms and remedies given. */
  public static RulesReader reader(List<String> symptoms, List<String> remedies) {
    Map<String, Symptom> kinds = new TreeMap<>();
    symptoms.forEach(name -> kinds.put(name, new ToySymptom(name)));
    Map<String, Remedy> hands = new TreeMap<>();
    remedies.forEach(name -> hands.put(name, new ToyRemedy(name)));
    return new RulesReader(kinds, hands);
  }

  /** Rules in YAML that name {@code low_disk}, {@code clear_cache} and {@code notify}. */
  public static Rules read(String text) throws BadConfiguration {
    return reader(List.of("low_disk", "worker_lost"), List.of("clear_cache", "notify"))
        .read("rules.yaml", text);
  }

  /** Of {@code where} it knows {@code mount}, of {@code enter} and {@code leave} {@code used}. */
  private record ToySymptom(String name) implements Symptom {
    @Override
    public String description() {
      return "a toy";
    }

    @Override
    public Make read(Section where, Section enter, Section leave) {
      where.text("mount", "/");
      if (leave.share("used", 0.8) >= enter.share("used", 0.9)) {
        leave.reject("used", "is not below enter.used", "leave some room");
      }
      return () -> new Detector() {};
    }
  }

  /** It knows {@code until}. */
  private record ToyRemedy(String name) implements Remedy {
    @Override
    public String description() {
      return "a toy";
    }

    @Override
    public Act read(Section with) {
      with.share("until", 0.5);
      return new ToyAct();
    }
  }

  private record ToyAct() implements Act {
    @Override
    public Performed rehearse(Task task) {
      return perform(task);
    }

    @Override
    public Performed perform(Task task) {
      return new Performed(Outcome.DONE, "nothing", List.of(), null);
    }
  }
}
