package io.selfheal.service;

import io.selfheal.bus.Time;
import io.selfheal.store.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What is shared with other agents, and with what of an earlier run. */
final class Togetherness {
  private static final String FILE = "services.shares";

  private final Shared shared;
  private final ShareFile file;
  private final @Nullable Shares shares;
  private @Nullable BudgetSharing budgets;
  private @Nullable BreakerSharing breakers;

  private Togetherness(Shared shared, ShareFile file, @Nullable Shares shares) {
    this.shared = shared;
    this.file = file;
    this.shares = shares;
  }

  /** Reads what an earlier run left. Blocks. */
  static Togetherness open(Memory memory, Path dataDir, Shared shared) {
    ShareFile file = new ShareFile(memory.lasts() ? dataDir.resolve(FILE) : null);
    if (shared.database() == null) {
      return new Togetherness(shared, file, null);
    }
    // Shares of which it is not known what was spent stay as they are, for nobody to use.
    Shares.Left left = memory.whole() ? file.read() : Shares.Left.nothing();
    return new Togetherness(shared, file, new Shares(left));
  }

  Allowances allowances() {
    return shares == null ? Allowances.WHOLE : shares;
  }

  /** Begins to share, when there is anything and anybody. */
  void start(Vertx vertx, Time time, Guard guard) {
    Database database = shared.database();
    if (shares == null || database == null || guard.all().isEmpty()) {
      return;
    }
    budgets = new BudgetSharing(vertx, time, shares, file, shared.agent(), database);
    breakers = new BreakerSharing(vertx, time, guard, shares::id, shared.agent(), database);
    budgets.start();
    breakers.start();
  }

  /** Shares no longer; what is not used of budgets is given back. */
  Future<Void> stop() {
    return breakers == null || budgets == null
        ? Future.succeededFuture()
        : Future.join(breakers.stop(), budgets.stop()).mapEmpty();
  }
}
