package io.selfheal.job;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.library.LibrarySchemas;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a source fails at is told by its first cause, not by what that leads to. */
class CauseTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void aColumnOfAnotherType() {
    rig.sql(LibrarySchemas.of("river"))
        .deployWith("preset: river")
        .sql("ALTER TABLE river_job ALTER attempted_by TYPE text USING attempted_by::text")
        .tick();
    String problem = String.valueOf(rig.source().problem());
    assertTrue(problem.contains("cannot subscript type text"), problem);
  }
}
