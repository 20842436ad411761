package io.selfheal.rule;

import java.time.LocalDateTime;
import java.util.List;

/** Whether five fields of crontab(5) name a minute, worked out without a library. */
final class ByHand {
  private static final List<String> MONTHS =
      List.of(
          "", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
  private static final List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

  private ByHand() {}

  static boolean comes(String cron, LocalDateTime time) {
    String[] fields = cron.split(" ", -1);
    int week = time.getDayOfWeek().getValue();
    boolean dayOfMonth = in(fields[2], time.getDayOfMonth(), 1, 31, List.of());
    boolean dayOfWeek =
        in(fields[4], week, 0, 7, DAYS) || (week == 7 && in(fields[4], 0, 0, 7, DAYS));
    boolean either = !fields[2].equals("*") && !fields[4].equals("*");
    return in(fields[0], time.getMinute(), 0, 59, List.of())
        && in(fields[1], time.getHour(), 0, 23, List.of())
        && in(fields[3], time.getMonthValue(), 1, 12, MONTHS)
        && (either ? dayOfMonth || dayOfWeek : dayOfMonth && dayOfWeek);
  }

  private static boolean in(String field, int value, int least, int most, List<String> names) {
    for (String part : field.split(",", -1)) {
      String[] step = part.split("/", -1);
      String[] range = step[0].split("-", -1);
      boolean all = step[0].equals("*");
      int low = all ? least : number(range[0], names);
      int high =
          all || (range.length == 1 && step.length == 2)
              ? most
              : number(range[range.length - 1], names);
      int every = step.length == 2 ? Integer.parseInt(step[1]) : 1;
      if (value >= low && value <= high && (value - low) % every == 0) {
        return true;
      }
    }
    return false;
  }

  private static int number(String text, List<String> names) {
    int named = names.indexOf(text);
    return named >= 0 ? named : Integer.parseInt(text);
  }
}
