package io.selfheal.message;

import org.jspecify.annotations.Nullable;

/** What HostSampler answers. */
public final class HostRequests {
  /** The newest reading. */
  public static final Request<Read, Newest> READ =
      new Request<>("host.read", Read.class, Newest.class);

  private HostRequests() {}

  /** Asks for the newest reading. */
  public record Read() {}

  /** The newest reading; null before the first. */
  public record Newest(@Nullable HostSample host) {}
}
