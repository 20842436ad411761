package io.selfheal.heal;

import io.selfheal.heal.Ruling.Allowed;
import io.selfheal.heal.Ruling.Ask;
import io.selfheal.heal.Ruling.Refuse;
import io.selfheal.rule.Mode;
import java.time.Duration;

/**
 * Where a rule asks a person, no answer is not a yes, and a yes does not hold for ever: what was
 * approved an hour ago was approved for another state of things.
 */
final class ApprovalCheck {
  private ApprovalCheck() {}

  static Ruling judge(Attempt attempt, Around around) {
    if (attempt.rule().mode() != Mode.APPROVE) {
      return new Allowed("the rule asks nobody");
    }
    Duration holds = attempt.rule().guards().approvalExpires();
    String within = Words.duration(holds);
    return switch (attempt.consent()) {
      case Consent.None none -> new Ask("the rule asks a person before each remedy");
      case Consent.Asked asked when past(asked.at(), holds, around) ->
          new Refuse("nobody answered within %s; asked at %s".formatted(within, asked.at().wall()));
      case Consent.Asked asked ->
          new Ask("asked at %s; waited for up to %s".formatted(asked.at().wall(), within));
      case Consent.Approved yes when past(yes.at(), holds, around) ->
          new Ask(
              "approved by %s at %s, more than %s ago: it is asked anew"
                  .formatted(yes.by(), yes.at().wall(), within));
      case Consent.Approved yes ->
          new Allowed("approved by %s at %s".formatted(yes.by(), yes.at().wall()));
      case Consent.Rejected no ->
          new Refuse("rejected by %s at %s".formatted(no.by(), no.at().wall()));
    };
  }

  private static boolean past(Moment at, Duration holds, Around around) {
    return around.now().since(at).compareTo(holds) >= 0;
  }
}
