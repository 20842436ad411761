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

  /** The rules, in the order of the file; behind them those that come with the agent. */
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
   * @param lasting how long the symptom must hold to count
   * @param clear how long it must be gone to count as healed
   * @param ladder the names of its remedies, in order
   * @param verifyWithin how long after a remedy it may take to be gone
   * @param subjects how each stands
   * @param problem why it sees nothing; null when all is well
   * @param builtIn it comes with the agent: the configuration's section {@code healing} says how
   *     long things may take, and its subjects are those of its incidents
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
      Duration verifyWithin,
      RuleGuardrails guardrails,
      List<Standing> subjects,
      @Nullable String problem,
      boolean builtIn) {
    /** Copies the lists. */
    public RuleState {
      ladder = List.copyOf(ladder);
      subjects = List.copyOf(subjects);
    }
  }

  /**
   * What can hold or refuse the remedies of one rule, as the rules file has it.
   *
   * @param most 2147483647: any number
   * @param maintenance each window in words
   * @param debt 2147483647: any number
   */
  public record RuleGuardrails(
      Duration cooldown,
      int most,
      Duration within,
      int backoff,
      double share,
      boolean keepLast,
      List<String> after,
      List<String> maintenance,
      Duration approvalExpires,
      int debt) {
    /** Copies the lists. */
    public RuleGuardrails {
      after = List.copyOf(after);
      maintenance = List.copyOf(maintenance);
    }
  }

  /** Asks what a rule would have done since a moment. */
  public record Try(String rule, Instant since) {}

  /**
   * What it would have done, guardrails aside. Of a rule whose detector looks by itself, which the
   * journal does not keep, only its own sightings are told.
   *
   * @param facts stored facts that were replayed
   * @param from the time of the first; null when there is none
   * @param to the time of the last; null when there is none
   * @param complete whether these are all facts since then; otherwise {@code gap} says why not
   * @param gap what is missing, in words for an operator; null when nothing is
   * @param occasions when it would have acted, oldest first; at most 1,000
   * @param more occasions that are not listed
   * @param recovered of all occasions, how many were over by themselves before it would have
   *     verified a remedy as failed
   * @param problem why it could not be tried; null when it was
   */
  public record Tried(
      String rule,
      String version,
      long facts,
      @Nullable Instant from,
      @Nullable Instant to,
      boolean complete,
      @Nullable String gap,
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
   * @param at when the symptom counted
   * @param cleared when it was measured gone; null when it still was there at the end
   * @param remedy what the agent really did about the subject meanwhile, so that it was not over by
   *     itself; null when nothing
   */
  public record Occasion(
      String subject,
      Instant at,
      String evidence,
      @Nullable Instant cleared,
      @Nullable String remedy) {}
}
