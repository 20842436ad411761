package io.selfheal.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What went wrong with a file, in words: the JDK's own are often a bare name. */
public final class Failure {
  private Failure() {}

  /** Why, without the file's name. */
  public static String why(IOException failure) {
    return switch (failure) {
      case NoSuchFileException gone -> "is not there";
      case AccessDeniedException denied ->
          "may not be used by the agent's user " + System.getProperty("user.name");
      case FileSystemException said when said.getReason() != null -> said.getReason();
      default -> String.valueOf(failure.getMessage());
    };
  }

  /** Whether there is no room on the disk, or none for this user. */
  public static boolean noRoom(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("No space left") || message.contains("quota exceeded");
  }
}
