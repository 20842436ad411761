package io.selfheal.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  private static final URI BASE = URI.create("https://api.example.com/v1");

  @ParameterizedTest
  @CsvSource({
    "https://a.example,       '',             /",
    "https://a.example,       /,              /",
    "https://a.example,       ?q=1,           /?q=1",
    "https://a.example/v1,    '',             /v1",
    "https://a.example/v1,    /chat?x=/../,   /v1/chat?x=/../",
    "https://a.example/v1/,   /chat,          /v1/chat",
    "https://a.example/a%20b, /c%2Fd,         /a%20b/c%2Fd",
    "https://a.example/v1,    /a..b/...,      /v1/a..b/...",
    "https://a.example/v1,    //x,            /v1//x",
    "https://a.example/v1,    /http://x/,     /v1/http://x/"
  })
  void goesBelowTheBase(URI base, String rest, String uri) throws Exception {
    assertEquals(uri, Target.of(base, rest).uri());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/..",
        "/../admin",
        "/a/../../b",
        "/.",
        "/a/./b",
        "/%2e%2e/a",
        "/%2E%2e",
        "/.%2e/a",
        "/a%2f..%2fb",
        "/..%2fa",
        "/..\\a",
        "/a%5c..%5cb",
        "/%252e%252e/a",
        "/..;x=1/a",
        "/%2e%2e;x/a"
      })
  void nothingLeadsAway(String rest) {
    assertThrows(Target.Astray.class, () -> Target.of(BASE, rest));
  }

  @Property(tries = 2000)
  void whateverPassesStaysBelowTheBase(
      @ForAll
          @Chars({'.', '/', '%', '2', 'e', 'E', 'f', '5', 'c', ';', '\\', 'a'})
          @CharRange(from = 'a', to = 'b')
          @StringLength(max = 12)
          String rest) {
    String path = "/" + rest;
    try {
      String uri = Target.of(BASE, path).uri();
      assertTrue(uri.startsWith("/v1/"), uri);
      URI resolved = URI.create("https://h").resolve(safe(uri)).normalize();
      assertTrue(resolved.getRawPath().startsWith("/v1"), uri);
    } catch (Target.Astray refused) {
      assertFalse(String.valueOf(refused.getMessage()).isEmpty());
    } catch (IllegalArgumentException notAUri) {
      assertTrue(path.contains("%") || path.contains("\\"), path);
    }
  }

  private static String safe(String uri) {
    return uri.replace("\\", "/");
  }
}
