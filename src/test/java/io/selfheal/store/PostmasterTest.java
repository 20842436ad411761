package io.selfheal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostmasterTest {
  @Test
  void readsTheFileAsItGrows() {
    List<String> whole =
        List.of("42", "/data", "1795316327", "23456", "", "127.0.0.1", " 2147107 5", "ready   ");

    assertEquals(Optional.of(new Postmaster(42, 23456, true)), Postmaster.parse(whole));
    assertEquals(
        Optional.of(new Postmaster(42, 23456, false)), Postmaster.parse(whole.subList(0, 7)));
    assertEquals(Optional.of(new Postmaster(42, 0, false)), Postmaster.parse(whole.subList(0, 1)));
    assertEquals(Optional.empty(), Postmaster.parse(List.of()));
    assertEquals(Optional.empty(), Postmaster.parse(List.of("4x")));
  }

  @Test
  void knowsThePidOfASingleUserServer() {
    assertEquals(Optional.of(new Postmaster(42, 0, false)), Postmaster.parse(List.of("-42")));
  }
}
