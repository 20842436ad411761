package io.selfheal.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What SymptomWatch answers. */
public final class SymptomRequests {
  /** How one subject stands under one rule. */
  public static final Request<Look, Standing> LOOK =
      new Request<>("symptom.look", Look.class, Standing.class);

  /** The rules in force, with how their subjects stand. */
  public static final Request<ListRules, RuleStates> RULES =
      new Request<>("symptom.rules", ListRules.class, RuleStates.class);

  /** What a rule would have done over the stored readings. */
  public static final Request<Try, Tried> TRY =
      new Request<>("symptom.try", Try.class, Tried.class);

  private SymptomRequests() {}

  /** Asks for one subject. */
  public record Look(String rule, String subject) {}

  /**
   * How a subject stands.
   *
   * @param presence the newest reading; unknown when there is none
   * @param seen whether the symptom is there: it held for long enough, and is not yet measured gone
   * @param there how long it has been there without a break; zero when it is not
   * @param gone how long it has been gone without a break; zero when it is not
   * @param at when it was read; null when never
   */
  public record Standing(
      String subject,
      Presence presence,
      boolean seen,
      Duration there,
      Duration gone,
      String evidence,
      Map<String, Double> values,
      @Nullable Instant at) {
    /** Copies the values. */
    public Standing {
      values = Map.copyOf(values);
    }
  }

  /** Asks for the rules. */
  public record ListRules() {}

  /** The rules, in the order of the file. */
  public record RuleStates(List<RuleState> rules) {
    /** Copies the list. */
    public RuleStates {
      rules = List.copyOf(rules);
    }
  }

  /**
   * One rule.
   *
   * @param mode observe, approve or act
   * @param ladder the names of its remedies, in order
   * @param subjects how each stands
   * @param problem why it sees nothing; null when all is well
   */
  public record RuleState(
      String name,
      String version,
      String symptom,
      Severity severity,
      String mode,
      Duration lasting,
      Duration clear,
      List<String> ladder,
      List<Standing> subjects,
      @Nullable String problem) {
    /** Copies the lists. */
    public RuleState {
      ladder = List.copyOf(ladder);
      subjects = List.copyOf(subjects);
    }
  }

  /** Asks what a rule would have done since a moment. */
  public record Try(String rule, Instant since) {}

  /**
   * What it would have done.
   *
   * @param facts stored facts that were replayed
   * @param from the time of the first; null when there is none
   * @param occasions when it would have acted, oldest first; at most 1,000
   * @param more occasions that are not listed
   * @param recovered of all occasions, how many were over by themselves before it would have
   *     verified a remedy as failed
   * @param problem why it could not be tried; null when it was
   */
  public record Tried(
      String rule,
      long facts,
      @Nullable Instant from,
      List<Occasion> occasions,
      long more,
      long recovered,
      @Nullable String problem) {
    /** Copies the list. */
    public Tried {
      occasions = List.copyOf(occasions);
    }
  }

  /**
   * One occasion.
   *
   * @param cleared when the symptom was gone; null when it still was there at the end
   */
  public record Occasion(String subject, Instant at, String evidence, @Nullable Instant cleared) {}
}
