package io.selfheal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobIdsTest {
  private static final List<String> KNOWN =
      List.of(
          "17",
          "[\"thumb\", \"57d6\"]",
          "[\"mail\", \"57d7\"]",
          "[\"print\", \"57d7\"]",
          "[\"thumb\", \"57d6\"]",
          "[\"a\", \"say \\\"[hi]\\\"\"]",
          "[\"count\", 9]",
          "[]",
          "[broken");

  /** The places in {@link #KNOWN} that are meant. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      textBlock =
          """
          17                    | 0
          ["thumb", "57d6"]     | 1
          ["thumb","57d6"]      | 1
          [ "thumb" , "57d6" ]  | 1
          57d6                  | 1
          57d7                  | 2 3
          ["mail","57d7"]       | 2
          say "[hi]"            | 5
          ["a","say \\"[hi]\\""] | 5
          ["count",9]           | 6
          [broken               | 8
          9                     | -
          57d                   | -
          thumb                 | -
          "57d6"                | -
          ["57d6"]              | -
          ["thumb","57d6"] []   | -
          1                     | -
          """)
  void whatIsMeant(String typed, String places) {
    List<String> meant =
        places == null
            ? List.of()
            : Arrays.stream(places.split(" ")).map(at -> KNOWN.get(Integer.parseInt(at))).toList();
    assertEquals(meant, JobIds.meant(typed, KNOWN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      quoteCharacter = '`',
      textBlock =
          """
          57d6             | "57d6"]
          ["thumb","57d6"] | "57d6"]
          say "hi"         | "say \\"hi\\""]
          ["count",9]      | -
          []               | -
          """)
  void howItEnds(String typed, String ending) {
    assertEquals(Optional.ofNullable(ending), JobIds.ending(typed));
  }
}
