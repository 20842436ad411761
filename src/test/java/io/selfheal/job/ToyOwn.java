package io.selfheal.job;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rescue of the library itself: a transaction that may stay open while others act. */
final class ToyOwn {
  private final ToyGround ground;
  private final Set<String> jobs = new HashSet<>();

  ToyOwn(ToyGround ground) {
    this.ground = ground;
  }

  /** Whether it has the row of that job locked. */
  boolean at(String job) {
    return jobs.contains(job);
  }

  /** Rescues these, unless it is at it; its commit follows later. */
  void begin(List<String> orphans) throws SQLException {
    if (!jobs.isEmpty() || orphans.isEmpty()) {
      return;
    }
    Connection connection = ground.own;
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement(ground.library.own())) {
      for (String job : orphans) {
        statement.setString(1, job);
        statement.execute();
      }
    }
    jobs.addAll(orphans);
  }

  void end(boolean commits) throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    if (commits) {
      ground.own.commit();
    } else {
      ground.own.rollback();
    }
    ground.own.setAutoCommit(true);
    jobs.clear();
  }
}
