package io.selfheal.service;

import io.selfheal.bus.Time;
import io.selfheal.store.Database;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether budgets are shared, and with what of an earlier run. */
final class Togetherness {
  private static final String FILE = "services.shares";

  private final Shared shared;
  private final ShareFile file;
  private final @Nullable Shares shares;

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

  /** Starts it; null when there is nobody to share with. */
  @Nullable BudgetSharing start(Vertx vertx, Time time) {
    Database database = shared.database();
    if (shares == null || database == null) {
      return null;
    }
    BudgetSharing sharing = new BudgetSharing(vertx, time, shares, file, shared.agent(), database);
    sharing.start();
    return sharing;
  }
}
