package io.selfheal.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arguments of a command as they may be shown: in a log, an event, an answer. Pure.
 *
 * <p>{@value Secret#MASK} stands for the password of every URL, and for every value whose name says
 * that it is secret: {@code --password=…}, {@code --token …}, {@code PGPASSWORD=…}, {@code
 * X-Api-Key: …}, also within one argument, such as a script of a shell. A name says so by its end:
 * {@code --password-file} and {@code --max-tokens} are shown. Where it cannot be told how far a
 * secret goes, rather too much is hidden. Weakness: a secret without a name, such as {@code -p x},
 * is shown.
 */
public final class Arguments {
  private static final String NAME =
      "[\\w.-]*?(?:password|passwd|passphrase|(?<!by|com)pass|(?<=[-_.;])pwd|secret|token"
          + "|credentials?|authorization|(?:api|access|secret|private|auth)[-_.]?key)";
  private static final String ASSIGNED = "[\"']?\\s?(?:=|:(?!//)\\s*)";
  private static final String QUOTED = "\"[^\"\\\\]*(?:\\\\.[^\"\\\\]*)*\"|'[^']*'";
  // A switch has no value: the next one is a switch of its own. A token may begin with one dash.
  private static final String FLAG = "-{1,2}+(?!no-)" + NAME;
  private static final String NO_FLAG = "(?!--|-\\w(?:\\s|$))";

  /** A port is no password; and a password should have no slash, but may. */
  private static final Pattern URL =
      pattern(
          "((?<![\\w+.-])[\\w+.-]+://[^\\s/?#:,\\[]*:)(?!\\d{1,5}(?:[/?#\\s]|$|[,;\"'](?![^\\s/?#]*@)))"
              + "(?:[^\\s/?#]+|\\S+?)@");

  private static final Pattern WHOLE = pattern("^(" + NAME + ASSIGNED + ").+$");
  private static final Pattern WITHIN =
      pattern(
          "(?<=[\\s?&;,\"'{(\\[])("
              + NAME
              + ASSIGNED
              + ")("
              + QUOTED
              + "|(?:Bearer|Basic|Token)\\s+\\S+|[^\\s&;]+)");
  private static final Pattern FLAG_WITHIN =
      pattern("((?<=^|[\\s\"'(])" + FLAG + "\\s+)" + NO_FLAG + "(" + QUOTED + "|\\S+)");
  private static final Pattern FLAG_ALONE = pattern("^" + FLAG + "$");
  private static final Pattern VALUE = pattern("^" + NO_FLAG + ".+$");

  private Arguments() {}

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }

  /** The same arguments, as many of them, without what is secret. */
  public static List<String> shown(List<String> arguments) {
    List<String> shown = new ArrayList<>(arguments.size());
    boolean secret = false;
    for (String argument : arguments) {
      shown.add(secret && VALUE.matcher(argument).matches() ? Secret.MASK : shown(argument));
      secret = FLAG_ALONE.matcher(argument).matches();
    }
    return List.copyOf(shown);
  }

  private static String shown(String argument) {
    Matcher whole = WHOLE.matcher(argument);
    if (whole.matches()) {
      return whole.group(1) + Secret.MASK;
    }
    String urls = URL.matcher(argument).replaceAll("$1" + Secret.MASK + "@");
    String values = WITHIN.matcher(urls).replaceAll(Arguments::masked);
    return FLAG_WITHIN.matcher(values).replaceAll(Arguments::masked);
  }

  /** Quotes stay around it. */
  private static String masked(MatchResult found) {
    String value = found.group(2);
    char last = value.charAt(value.length() - 1);
    boolean quoted = value.length() > 1 && value.charAt(0) == last && (last == '"' || last == '\'');
    String mask = quoted ? last + Secret.MASK + last : Secret.MASK;
    return Matcher.quoteReplacement(found.group(1) + mask);
  }
}
