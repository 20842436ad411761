package io.selfheal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GrantsTest {
  @ParameterizedTest
  @CsvSource({
    // configured, by, least, most, there are to be
    "2, 1, 1, 4, 3",
    "2, 3, 1, 4, 4",
    "4, 1, 1, 4, 4",
    "2, -1, 1, 4, 1",
    "2, -5, 1, 4, 1",
    "2, -5, 0, 4, 0",
    // what is beyond a bound already is not driven back by it
    "5, 1, 1, 4, 5",
    "1, -1, 2, 4, 1",
  })
  void aChangeKeepsWithinItsBounds(int configured, int by, int least, int most, int wanted) {
    Grants after = Grants.NONE.change("a", configured, by, least, most);
    assertEquals(wanted, after.wanted(configured));
    assertEquals(configured, after.without("a").wanted(configured));
  }

  @Test
  void eachIncidentTakesBackItsOwnPartInAnyOrder() {
    Grants both = Grants.NONE.change("a", 2, 1, 1, 8).change("b", 2, 2, 1, 8);
    assertEquals(5, both.wanted(2));
    assertEquals(4, both.without("a").wanted(2));
    assertEquals(3, both.without("b").wanted(2));
    assertEquals(2, both.without("b").without("a").without("a").wanted(2));
    assertEquals(both, Grants.parse(both.text()));
    assertEquals(Grants.NONE, Grants.parse("nonsense\nmore\tnonsense\n"));
  }

  @Property
  void noSequenceOfChangesExceedsTheBoundsAndAllOfItCanBeTakenBack(
      @ForAll @IntRange(min = 1, max = 8) int configured,
      @ForAll @Size(max = 20) List<@IntRange(min = -5, max = 5) Integer> changes) {
    int least = Math.min(configured, 1);
    int most = Math.max(configured, 10);
    Grants grants = Grants.NONE;
    int incident = 0;
    for (int by : changes) {
      grants = grants.change("incident " + incident++ % 4, configured, by, least, most);
      int wanted = grants.wanted(configured);
      assertTrue(wanted >= least && wanted <= most, grants.toString());
      assertEquals(grants, Grants.parse(grants.text()));
    }
    for (int i = 0; i < 4; i++) {
      grants = grants.without("incident " + i);
    }
    assertEquals(configured, grants.wanted(configured));
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "1 2 | 1 | 1 | 4 | +w@3.service",
        "1 3 | 2 | 1 | 4 | +w@2.service +w@4.service",
        "1 2 3 4 | 1 | 1 | 4 | ''",
        "'' | 2 | 1 | 4 | +w@1.service +w@2.service",
        "1 2 7 | -2 | 1 | 4 | -w@7.service -w@2.service",
        "1 | -1 | 1 | 4 | ''",
        "'' | -1 | 0 | 4 | ''",
      },
      delimiter = '|')
  void whichInstancesOfATemplateChange(
      String running, int by, int least, int most, String changes) {
    TreeSet<Integer> now =
        Stream.of(running.split(" ", -1))
            .filter(text -> !text.isEmpty())
            .map(Integer::valueOf)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(
        changes, String.join(" ", TemplatePlan.change("w@.service", now, by, least, most)));
  }

  @Test
  void whichInstancesRun() {
    String text =
        """
        w@1.service  loaded    active   running w@1.service
        w@2.service  loaded    failed   failed  w@2.service
        w@3.service  loaded    inactive dead    w@3.service
        w@4.service  loaded    activating auto-restart w@4.service
        w@12.service loaded    active   running A worker
        w@x.service  loaded    active   running not a number
        ww@5.service loaded    active   running another
        """;
    assertEquals(
        Map.of(1, true, 4, true, 12, true).keySet(), TemplatePlan.running("w@.service", text));
  }
}
