package io.selfheal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.selfheal.message.JournalRequests.Events;
import io.selfheal.message.Recorded;
import io.selfheal.message.Severity;
import io.selfheal.message.TypePattern;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PageTest {
  private static final Filter ALL = new Filter(TypePattern.of(List.of()), null, null, null);

  private static Recorded event(long offset) {
    return new Recorded(
        1, offset, "id", Instant.EPOCH, "a.b", Severity.INFO, "s", null, false, new byte[0]);
  }

  /** Whatever is held, reading page by page gives all of it once, and tells of every hole. */
  @Property(tries = 300)
  void noEventIsSkippedAndNoHoleIsSilent(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 80) Integer> held,
      @ForAll @IntRange(min = 1, max = 20) int limit,
      @ForAll @IntRange(min = 1, max = 30) int scan) {
    long newest = 80;
    TreeSet<Integer> offsets = new TreeSet<>(held);
    long read = 0;
    boolean complete = true;
    long after = 0;
    boolean more = true;
    while (more) {
      List<Recorded> found =
          offsets.tailSet((int) after, false).stream().limit(scan).map(PageTest::event).toList();
      Events page = Page.replay(1, after, found, found.size() < scan, newest, ALL, limit);
      read += page.events().size();
      complete &= page.complete();
      assertTrue(page.last() > after || !page.more());
      after = page.last();
      more = page.more();
    }
    assertEquals(offsets.size(), read);
    assertEquals(offsets.size() == newest, complete);
    assertEquals(newest, after);
  }

  /** Two overlapping runs join without a double. */
  @Property(tries = 200)
  void runsJoin(
      @ForAll @IntRange(min = 0, max = 20) int first,
      @ForAll @IntRange(min = 1, max = 20) int from,
      @ForAll @IntRange(min = 0, max = 40) int to) {
    List<Recorded> joined = Page.join(run(1, first), run(from, to));
    List<Long> offsets = joined.stream().map(Recorded::offset).toList();
    assertEquals(List.copyOf(new TreeSet<>(offsets)), offsets);
  }

  private static List<Recorded> run(int from, int to) {
    return java.util.stream.LongStream.rangeClosed(from, to).mapToObj(PageTest::event).toList();
  }
}
