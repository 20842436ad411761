package io.selfheal.api;

import io.selfheal.config.Section;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where the API listens.
 *
 * @param host {@code agent.http.host}: an IP address or localhost; default 127.0.0.1
 * @param port {@code agent.http.port}: 0 to 65535, 0 takes any free one; default 7717
 * @param hosts {@code agent.http.hosts}: further names, with or without a port, under which a proxy
 *     reaches the agent; default none
 * @param allowRemote {@code agent.http.allow_remote}: whether {@code host} may be other than
 *     loopback; reading then needs the token too; default false
 * @param socket {@code agent.socket}: auto, off or an absolute path; default auto
 */
public record ApiConfig(
    String host, int port, List<String> hosts, boolean allowRemote, SocketPlace socket) {

  /** The longest path of a Unix domain socket on Linux, in bytes: sun_path less its end mark. */
  static final int LONGEST_SOCKET_PATH = 107;

  private static final Pattern NAME =
      Pattern.compile("(\\[[0-9a-f:.]+]|[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?)(:[1-9][0-9]{0,4})?");

  /** Where the Unix domain socket is. */
  public sealed interface SocketPlace {}

  /**
   * {@code /run/selfheal/selfheal.sock} where that folder belongs to the owner of the data
   * directory, else {@code selfheal.sock} in the data directory.
   */
  public record Auto() implements SocketPlace {}

  /** No socket. */
  public record Off() implements SocketPlace {}

  /** This one. */
  public record At(Path path) implements SocketPlace {}

  /** Copies the names. */
  public ApiConfig {
    hosts = List.copyOf(hosts);
  }

  /** Reads the keys {@code http} and {@code socket} of the section {@code agent}. */
  public static ApiConfig from(Section agent) {
    Section http = agent.section("http");
    boolean allowRemote = http.flag("allow_remote", false);
    return new ApiConfig(
        host(http, allowRemote),
        http.integer("port", 7717, 0, 65535),
        hosts(http),
        allowRemote,
        socket(agent));
  }

  /** Whether only this machine can connect. */
  boolean loopback() {
    return isLoopback(host);
  }

  private static String host(Section http, boolean allowRemote) {
    String host = http.text("host", "127.0.0.1").strip().toLowerCase(Locale.ROOT);
    String bare = host.startsWith("[") && host.endsWith("]") ? bare(host) : host;
    if (!bare.equals("localhost") && !isLiteral(bare)) {
      http.reject(
          "host", "\"" + host + "\" is not an IP address or localhost", "127.0.0.1 is usual");
      return "127.0.0.1";
    }
    if (!isLoopback(bare) && !allowRemote) {
      http.reject(
          "host",
          "\"" + host + "\" can be reached from other machines",
          "use 127.0.0.1 or ::1, or set agent.http.allow_remote: true;"
              + " then reading needs the token too, and nothing is encrypted");
    }
    return bare;
  }

  private static String bare(String bracketed) {
    return bracketed.substring(1, bracketed.length() - 1);
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
  }

  private static boolean isLiteral(String host) {
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException aName) {
      return false;
    }
  }

  private static List<String> hosts(Section http) {
    List<String> hosts =
        http.texts("hosts", List.of()).stream()
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .toList();
    for (String name : hosts) {
      if (!NAME.matcher(name).matches()) {
        http.reject(
            "hosts",
            "\"" + name + "\" is not a host name",
            "write names as in a Host header: selfheal.example.org or selfheal.example.org:8443");
      }
    }
    return hosts;
  }

  private static SocketPlace socket(Section agent) {
    String text = agent.text("socket", "auto").strip();
    return switch (text) {
      case "auto" -> new Auto();
      case "off" -> new Off();
      default -> at(agent, text);
    };
  }

  private static SocketPlace at(Section agent, String text) {
    if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
      agent.reject(
          "socket", "\"" + text + "\" is not an absolute path", "auto, off or an absolute path");
      return new Auto();
    }
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_SOCKET_PATH) {
      agent.reject(
          "socket",
          "the path has " + length + " bytes, Linux takes " + LONGEST_SOCKET_PATH,
          "choose a shorter one, for example /run/selfheal/selfheal.sock");
      return new Auto();
    }
    return new At(Path.of(text));
  }
}
