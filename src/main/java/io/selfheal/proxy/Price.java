package io.selfheal.proxy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.config.Section;
import io.selfheal.message.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How an answer tells what its call cost: {@code most} is reserved before the call; after it each
 * number that a pointer (RFC 6901) finds in the answer's JSON costs its price.
 *
 * @param most {@code most}: what one call may cost, in millionths; 0 by default
 * @param parts {@code parts}: at least one
 */
record Price(long most, List<Part> parts) {
  private static final String AMOUNT = "an amount such as 0.0000025";

  /**
   * One number.
   *
   * @param pointer {@code pointer}: where it stands, such as {@code /usage/total_tokens}
   * @param each {@code each}: what one of it costs, in the budget's currency
   */
  record Part(JsonPointer pointer, BigDecimal each) {}

  Price {
    parts = List.copyOf(parts);
  }

  static Optional<Price> from(Section section) {
    OptionalLong most = OptionalLong.of(0);
    if (section.has("most")) {
      most = amount(section, "most").map(Money::micros).orElse(OptionalLong.empty());
      if (most.isEmpty()) {
        section.reject("most", "is not an amount from 0 to a billion", "write such as 0.05");
      }
    }
    List<Part> parts = new ArrayList<>();
    for (Section part : section.sections("parts")) {
      part(part).ifPresent(parts::add);
    }
    if (!section.says("parts")) {
      section.reject("parts", "is missing", "write - { pointer: /usage/tokens, each: 0.000002 }");
    }
    return parts.isEmpty() || most.isEmpty()
        ? Optional.empty()
        : Optional.of(new Price(most.getAsLong(), parts));
  }

  private static Optional<Part> part(Section section) {
    String pointer = section.required("pointer", "such as /usage/total_tokens (RFC 6901)");
    Optional<BigDecimal> each = amount(section, "each");
    if (each.isEmpty()) {
      section.reject("each", "is not an amount", "write " + AMOUNT);
      return Optional.empty();
    }
    try {
      return Optional.of(new Part(JsonPointer.compile(pointer), each.get()));
    } catch (IllegalArgumentException malformed) {
      section.reject("pointer", "\"" + pointer + "\" is no JSON pointer", "begin it with /");
      return Optional.empty();
    }
  }

  private static Optional<BigDecimal> amount(Section section, String name) {
    try {
      BigDecimal amount = new BigDecimal(section.text(name, "").strip());
      boolean sensible = amount.signum() >= 0 && Money.micros(amount).isPresent();
      return sensible ? Optional.of(amount) : Optional.empty();
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }

  /**
   * What an answer says that its call cost, in millionths; empty when it says nothing, so that what
   * was reserved is spent.
   */
  OptionalLong of(JsonNode answer) {
    BigDecimal sum = BigDecimal.ZERO;
    boolean said = false;
    for (Part part : parts) {
      JsonNode number = answer.at(part.pointer());
      if (number.isNumber() && Double.isFinite(number.doubleValue())) {
        said = true;
        sum = sum.add(part.each().multiply(number.decimalValue()));
      }
    }
    return said ? Money.micros(sum) : OptionalLong.empty();
  }
}
