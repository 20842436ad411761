package io.selfheal.live;

import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.Recorded;
import java.util.ArrayList;
import java.util.List;

/** Finds what a page of the journal does not hold. */
final class Holes {
  private Holes() {}

  /**
   * The gaps of a page that was asked for behind {@code after}.
   *
   * @param whole the page was read without a filter: every offset that it lacks is a hole;
   *     otherwise only the journal knows, and says it by {@code complete}
   */
  static List<Gap> of(Events page, long after, boolean whole) {
    if (!whole) {
      long first = page.events().isEmpty() ? page.last() + 1 : page.events().getFirst().offset();
      return page.complete() || first - 1 <= after ? List.of() : List.of(gap(after + 1, first - 1));
    }
    List<Gap> gaps = new ArrayList<>();
    long expected = after + 1;
    for (Recorded event : page.events()) {
      if (event.offset() > expected) {
        gaps.add(gap(expected, event.offset() - 1));
      }
      expected = event.offset() + 1;
    }
    if (page.last() >= expected) {
      gaps.add(gap(expected, page.last()));
    }
    return gaps;
  }

  /** Queues events and gaps in the order of their offsets. */
  static void weave(List<Recorded> events, List<Gap> gaps, Outbox outbox) {
    int next = 0;
    for (Recorded event : events) {
      while (next < gaps.size() && gaps.get(next).from() < event.offset()) {
        outbox.add(gaps.get(next++));
      }
      outbox.keep(event);
    }
    gaps.subList(next, gaps.size()).forEach(outbox::add);
  }

  private static Gap gap(long from, long to) {
    return new Gap(from, to, Gap.Reason.NOT_HELD);
  }
}
