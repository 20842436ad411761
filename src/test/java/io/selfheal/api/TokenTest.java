package io.selfheal.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
  @TempDir private Path dir;

  private String text() throws IOException {
    return Files.readString(dir.resolve("token")).strip();
  }

  @Test
  void itIsMadeOnceForTheOwnerOnlyAndKept() throws Exception {
    Token made = Token.in(dir.resolve("."));
    assertTrue(text().matches("[0-9a-f]{64}"));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("token"))));
    Token kept = Token.in(dir);
    for (Token token : List.of(made, kept)) {
      assertTrue(token.shownBy("Bearer " + text()));
      assertTrue(token.shownBy("bearer  " + text() + " "));
      assertFalse(token.shownBy("Bearer " + text() + "0"));
      assertFalse(token.shownBy("Bearer " + text().substring(1)));
      assertFalse(token.shownBy(text()));
      assertFalse(token.shownBy("Bearer "));
      assertFalse(token.shownBy(""));
    }
  }

  @Test
  void ofManyThatStartAtOnceAllHaveTheSame() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Token>> starts =
          IntStream.range(0, 16).<Callable<Token>>mapToObj(i -> () -> Token.in(dir)).toList();
      for (Future<Token> token : threads.invokeAll(starts)) {
        assertTrue(token.get().shownBy("Bearer " + text()));
      }
    }
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(List.of(dir.resolve("token")), files.collect(Collectors.toList()));
    }
  }

  @Test
  void whatOthersCouldReadIsClosed() throws Exception {
    Token.in(dir);
    Path file = dir.resolve("token");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Token.in(dir);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  @Test
  void aBrokenOneIsRefused() throws Exception {
    Files.writeString(dir.resolve("token"), "short\n");
    IOException refused = assertThrows(IOException.class, () -> Token.in(dir));
    assertTrue(refused.getMessage().contains("is not a token of 64 hex digits; delete it"));
    assertFalse(refused.getMessage().contains("short"));
  }
}
