package io.selfheal.message;

import java.util.List;

/** What ErrorDesk answers. */
public final class ErrorRequests {
  /** Takes reports of failures. */
  public static final Request<Report, Taken> REPORT =
      new Request<>("error.report", Report.class, Taken.class);

  private ErrorRequests() {}

  /** The reports, in the order in which they happened. */
  public record Report(List<ErrorReport> errors) {
    /** Copies the list. */
    public Report {
      errors = List.copyOf(errors);
    }
  }

  /** The id that each got, in the same order; one that was taken before has the id of then. */
  public record Taken(List<String> ids) {
    /** Copies the list. */
    public Taken {
      ids = List.copyOf(ids);
    }
  }
}
