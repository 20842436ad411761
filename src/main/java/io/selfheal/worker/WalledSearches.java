package io.selfheal.worker;

import io.selfheal.message.WorkerRequests.Holder;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for holders behind the walls of other pid namespaces: once for all holders of a question,
 * and not again while it asks for claims that were known before the last look. On the verticle's
 * context.
 */
final class WalledSearches {
  private final Tools tools;
  private @Nullable WalledSearch last;

  WalledSearches(Tools tools) {
    this.tools = tools;
  }

  /**
   * @param holders each with a pid
   * @param now the moment of the evidence, on the forward clock
   */
  Future<Walls> of(List<Holder> holders, long now) {
    Set<Long> pids =
        holders.stream().map(holder -> holder.pid().getAsLong()).collect(Collectors.toSet());
    WalledSearch before = last;
    if (before != null && holders.stream().allMatch(holder -> before.covers(holder, now))) {
      return tools.blocking(() -> before.walls(tools.proc(), pids));
    }
    long begun = tools.time().mark();
    return tools
        .blocking(() -> WalledSearch.of(tools.proc(), begun))
        .compose(
            search -> {
              last = search;
              return tools.blocking(() -> search.walls(tools.proc(), pids));
            });
  }
}
