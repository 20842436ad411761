package io.selfheal.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MoneyTest {
  @Test
  void amountsAreWholeMillionthsAndWhatIsFinerIsRoundedUp() {
    Map.of(
            "0", 0L,
            "0.1", 100_000L,
            "12.345678", 12_345_678L,
            "0.0000001", 1L,
            "1e-999999999", 1L,
            "0.0000011", 2L,
            "1e3", 1_000_000_000L,
            "1000000000", Money.MOST)
        .forEach(
            (amount, micros) ->
                assertEquals(
                    OptionalLong.of(micros), Money.micros(new BigDecimal(amount)), amount));
  }

  @Test
  void whatIsNegativeOrAboveABillionIsNone() {
    for (String amount : new String[] {"-0.01", "1000000000.000001", "1e308", "1e999999999"}) {
      assertEquals(OptionalLong.empty(), Money.micros(new BigDecimal(amount)), amount);
    }
  }

  @Test
  void peopleReadTwoDecimalsAtLeast() {
    assertEquals("10.00", Money.decimal(10_000_000).toPlainString());
    assertEquals("0.00", Money.decimal(0).toPlainString());
    assertEquals("0.000001", Money.decimal(1).toPlainString());
  }

  @Test
  void aSumNeverTurnsOver() {
    long sum = 0;
    for (int i = 0; i < 20_000; i++) {
      long more = Money.sum(sum, Money.MOST);
      assertTrue(more >= sum);
      sum = more;
    }
    assertEquals(sum, Money.sum(sum, Long.MAX_VALUE));
    assertEquals(3, Money.sum(5, -2));
  }
}
