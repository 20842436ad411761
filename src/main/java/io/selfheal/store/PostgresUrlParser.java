package io.selfheal.store;

import io.selfheal.config.Secret;
import io.vertx.pgclient.SslMode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PostgreSQL URL. Never repeats any of its text but known-harmless parts: a password may be
 * anywhere. Pure.
 */
final class PostgresUrlParser {
  private static final Pattern FORM =
      Pattern.compile("postgres(?:ql)?://([^/?#]*)(?:/([^?#]*))?(?:\\?([^#]*))?");
  private static final Pattern HOST_PORT =
      Pattern.compile("(\\[[0-9a-fA-F:.%]+\\]|[a-zA-Z0-9._-]+)(?::([0-9]{1,5}))?");
  private static final String SHAPE = "postgresql://user:password@host:5432/database";
  private static final int DEFAULT_PORT = 5432;
  private static final int HIGHEST_PORT = 65_535;
  private static final TreeSet<String> OPTIONS =
      new TreeSet<>(List.of("sslrootcert", "application_name", "options", "search_path"));

  private PostgresUrlParser() {}

  static PostgresUrl parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw bad(
          "it is not a PostgreSQL URL",
          "write " + SHAPE + ", with / ? # @ in the password percent-encoded");
    }
    String authority = matcher.group(1);
    int at = authority.lastIndexOf('@');
    if (at < 1) {
      throw bad("it names no user", "write " + SHAPE);
    }
    String[] login = authority.substring(0, at).split(":", 2);
    Matcher place = HOST_PORT.matcher(authority.substring(at + 1));
    if (!place.matches()) {
      throw bad(
          "its host and port cannot be read", "one host name or address, then :5432 or nothing");
    }
    String user = decode(login[0], "user");
    String password = login.length > 1 ? decode(login[1], "password") : "";
    String database = decode(orEmpty(matcher.group(2)), "database");
    Map<String, String> parameters = parameters(orEmpty(matcher.group(3)));
    SslMode sslMode = sslMode(parameters.remove("sslmode"));
    return new PostgresUrl(
        place.group(1).replaceAll("[\\[\\]]", ""),
        port(place.group(2)),
        database.isEmpty() ? user : database,
        user,
        new Secret(password),
        sslMode,
        parameters);
  }

  private static int port(@Nullable String digits) {
    int port = digits == null ? DEFAULT_PORT : Integer.parseInt(digits);
    if (port < 1 || port > HIGHEST_PORT) {
      throw bad("its port is " + port, "a port is 1 to " + HIGHEST_PORT);
    }
    return port;
  }

  private static SslMode sslMode(@Nullable String written) {
    if (written == null) {
      return SslMode.PREFER;
    }
    return Arrays.stream(SslMode.values())
        .filter(mode -> mode.value.equals(written))
        .findFirst()
        .orElseThrow(() -> bad("its sslmode is not known", "one of " + sslModes()));
  }

  private static String sslModes() {
    return Arrays.stream(SslMode.values())
        .map(mode -> mode.value)
        .collect(Collectors.joining(", "));
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new TreeMap<>();
    for (String parameter : query.split("&", -1)) {
      if (parameter.isEmpty()) {
        continue;
      }
      String[] parts = parameter.split("=", 2);
      if (!parts[0].equals("sslmode") && !OPTIONS.contains(parts[0])) {
        String hint = "allowed: sslmode, " + String.join(", ", OPTIONS);
        throw bad("it has a parameter that the agent does not know", hint);
      }
      parameters.put(parts[0], parts.length > 1 ? decode(parts[1], parts[0]) : "");
    }
    return parameters;
  }

  private static String decode(String text, String part) {
    try {
      // URLDecoder is for forms, where + is a space; in a URL it is itself.
      String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (decoded.indexOf('\0') < 0) {
        return decoded;
      }
    } catch (IllegalArgumentException malformed) {
      throw bad("its " + part + " has a % that two hex digits do not follow", "write % as %25");
    }
    throw bad("its " + part + " holds a zero byte", "PostgreSQL knows none");
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static IllegalArgumentException bad(String cause, String hint) {
    return new IllegalArgumentException(cause + "; " + hint);
  }
}
