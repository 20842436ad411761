package io.selfheal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BroadTest {
  private final Broad broad = new Broad(List.of(Path.of("/srv/selfheal/data")));

  @ParameterizedTest
  @CsvSource({
    "/, holds",
    "/etc, too broad",
    "/etc/ssl, belongs to the system",
    "/usr, too broad",
    "/usr/lib/x, belongs to the system",
    "/usr/local, too broad",
    "/home, too broad",
    "/home/anna, whole directory",
    "/var, too broad",
    "/var/lib, too broad",
    "/var/log, too broad",
    "/tmp, too broad",
    "/proc/self, belongs to the system",
    "/dev/shm, too broad",
    "/boot/efi, belongs to the system",
    "/srv/selfheal/data, own",
    "/srv/selfheal/data/x, own",
    "/srv/selfheal, own",
    "relative/x, absolute",
    "/srv/../etc, absolute"
  })
  void isRefused(String path, String word) {
    String why = broad.why(Path.of(path)).orElseThrow();
    assertTrue(why.contains(word), why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/var/lib/models",
        "/home/anna/.cache",
        "/data",
        "/dev/shm/work",
        "/tmp/x",
        "/usr/local/app",
        "/srv/selfheal2",
        "/var/log/app",
        "/etcetera"
      })
  void mayBeDeclared(String path) {
    assertEquals(Optional.empty(), broad.why(Path.of(path)));
  }
}
