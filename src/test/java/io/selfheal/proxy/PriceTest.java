package io.selfheal.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.core.JsonPointer;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PriceTest {
  private static final Price PRICE =
      new Price(
          50_000,
          List.of(
              new Price.Part(JsonPointer.compile("/usage/in"), new BigDecimal("0.0000025")),
              new Price.Part(JsonPointer.compile("/usage/out"), new BigDecimal("0.00001"))));

  private static OptionalLong cost(String type, String... parts) {
    CostReader reader = CostReader.of(PRICE, type);
    assertNotNull(reader);
    for (String part : parts) {
      reader.hear(Buffer.buffer(part));
    }
    return reader.cost();
  }

  @Test
  void eachNumberCostsItsPriceAndTheSumIsRoundedUp() {
    assertEquals(
        OptionalLong.of(33),
        cost("application/json; charset=utf-8", "{\"usage\":{\"in\":1", ",\"out\":3}}"));
    assertEquals(OptionalLong.of(10), cost("application/json", "{\"usage\":{\"out\":1}}"));
  }

  @Test
  void whatIsNotSaidIsNotZero() {
    assertEquals(OptionalLong.empty(), cost("application/json", "{\"usage\":{}}"));
    assertEquals(OptionalLong.empty(), cost("application/json", "{\"usage\":{\"in\":\"1\"}}"));
    assertEquals(OptionalLong.empty(), cost("application/json", "{\"usage\":"));
    assertEquals(OptionalLong.empty(), cost("application/json", "[]"));
    assertEquals(OptionalLong.empty(), cost("application/json", ""));
    assertNull(CostReader.of(PRICE, "text/html"));
    assertNull(CostReader.of(PRICE, null));
  }

  @Test
  void aNegativeOrAnEndlessSumIsNoCost() {
    assertEquals(OptionalLong.empty(), cost("application/json", "{\"usage\":{\"in\":-1}}"));
    assertEquals(OptionalLong.empty(), cost("application/json", "{\"usage\":{\"in\":1e308}}"));
    assertEquals(OptionalLong.empty(), cost("application/json", "{\"usage\":{\"in\":1e999}}"));
  }

  @Test
  void theLastEventThatSaysItCounts() {
    assertEquals(
        OptionalLong.of(5),
        cost(
            "text/event-stream",
            "data: {\"usage\":{\"in\":1}}\n\ndata: {\"usage\":{\"in\":2}}\n\n",
            "data: {\"text\":\"a\"}\n\ndata: [DONE]\n\n"));
    String much = "data: {\"text\":\"" + "x".repeat(1000) + "\"}\n\n";
    assertEquals(
        OptionalLong.of(5),
        cost("text/event-stream", much.repeat(300), "data: {\"usage\":{\"in\":2}}\n\n"));
  }

  @Test
  void anAnswerThatIsTooLargeTellsNothing() {
    String large = "{\"a\":\"" + "x".repeat(1 << 20) + "\",\"usage\":{\"in\":1}}";
    assertEquals(OptionalLong.empty(), cost("application/json", large));
  }
}
