package io.selfheal.store;

import io.selfheal.config.Secret;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Where a PostgreSQL is and how to log in. Prints itself without the password.
 *
 * @param host a name or an address; never a Unix socket
 * @param port 1 to 65535; default 5432
 * @param database default: the user's name
 * @param user required
 * @param password blank when there is none
 * @param sslMode default {@code prefer}, as in libpq
 * @param options the other parameters: {@code sslrootcert}, {@code application_name}, {@code
 *     options}, {@code search_path}
 */
public record PostgresUrl(
    String host,
    int port,
    String database,
    String user,
    Secret password,
    SslMode sslMode,
    Map<String, String> options) {
  private static final String ROOT_CERTIFICATE = "sslrootcert";

  /** Keeps the options in order, so that equal URLs look equal. */
  public PostgresUrl {
    options = Map.copyOf(options);
  }

  /**
   * Reads {@code postgresql://user:password@host:port/database?sslmode=…}, percent-decoded.
   *
   * @throws IllegalArgumentException with the cause and a hint, and without the password
   */
  public static PostgresUrl parse(String text) {
    return PostgresUrlParser.parse(text);
  }

  /** The same server with another database. */
  public PostgresUrl withDatabase(String other) {
    return new PostgresUrl(host, port, other, user, password, sslMode, options);
  }

  /** For vertx-pg-client. */
  public PgConnectOptions toConnectOptions() {
    PgConnectOptions connect =
        new PgConnectOptions()
            .setHost(host)
            .setPort(port)
            .setDatabase(database)
            .setUser(user)
            .setPassword(password.reveal())
            .setSslMode(sslMode);
    options.forEach(
        (name, value) -> {
          if (!name.equals(ROOT_CERTIFICATE)) {
            connect.addProperty(name, value);
          }
        });
    if (sslMode != SslMode.DISABLE) {
      connect.setSslOptions(sslOptions());
    }
    return connect;
  }

  /**
   * As libpq: prefer and require encrypt only, verify-ca checks the issuer, verify-full the name
   * too.
   */
  private ClientSSLOptions sslOptions() {
    ClientSSLOptions ssl = new ClientSSLOptions();
    ssl.setHostnameVerificationAlgorithm(sslMode == SslMode.VERIFY_FULL ? "HTTPS" : "");
    String certificate = options.get(ROOT_CERTIFICATE);
    if (certificate != null) {
      ssl.setTrustOptions(new PemTrustOptions().addCertPath(certificate));
    }
    boolean verifies = sslMode == SslMode.VERIFY_CA || sslMode == SslMode.VERIFY_FULL;
    return ssl.setTrustAll(!verifies && certificate == null);
  }

  /** For JDBC; user and password are handed over beside it. */
  public String jdbcUrl() {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("sslmode", sslMode.value);
    options.forEach(
        (name, value) ->
            parameters.put(
                switch (name) {
                  case "application_name" -> "ApplicationName";
                  case "search_path" -> "currentSchema";
                  default -> name;
                },
                value));
    boolean verifies = sslMode == SslMode.VERIFY_CA || sslMode == SslMode.VERIFY_FULL;
    if (verifies && !options.containsKey(ROOT_CERTIFICATE)) {
      parameters.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
    }
    return "jdbc:postgresql://" + location() + "?" + query(parameters);
  }

  /** The whole URL, with the password; for the environment of a child process, never for a log. */
  public String reveal() {
    Map<String, String> parameters = new TreeMap<>(options);
    parameters.put("sslmode", sslMode.value);
    return "postgresql://"
        + encode(user)
        + ":"
        + encode(password.reveal())
        + "@"
        + location()
        + "?"
        + query(parameters);
  }

  @Override
  public String toString() {
    return "postgresql://" + encode(user) + ":" + Secret.MASK + "@" + location();
  }

  private String location() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return shown + ":" + port + "/" + encode(database);
  }

  private static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> parameter.getKey() + "=" + encode(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
