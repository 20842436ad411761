package io.selfheal.worker;

import io.selfheal.kernel.NativeLinux;
import io.selfheal.message.ProcessIdentity;
import java.util.OptionalInt;

/** The kernel's handle of one process: it never comes to mean another one. */
final class Pidfd implements AutoCloseable {
  /** What came of opening one. */
  sealed interface Opening {
    /** It is held. */
    record Held(Pidfd pidfd) implements Opening {}

    /** The process is gone. */
    record Gone() implements Opening {}

    /** The process may exist; the kernel gives no handle of it. */
    record Refused(int errno) implements Opening {}
  }

  /** What came of a signal. */
  enum Sent {
    SENT,
    GONE,
    NOT_ALLOWED,
    FAILED
  }

  private int fd;

  private Pidfd(int fd) {
    this.fd = fd;
  }

  /**
   * Opens the handle of a process.
   *
   * <p>The race: between reading the start ticks and opening, the process may end and its pid be
   * given to another. So the ticks are read again while the handle is held: if they are still the
   * expected ones the handle is of that process, because a pid cannot be reused before its process
   * is gone, and the handle was opened before this second look.
   */
  static Opening open(ProcessIdentity process, Proc proc) {
    int fd = NativeLinux.pidfdOpen(process.pid());
    if (fd == -NativeLinux.ESRCH) {
      return new Opening.Gone();
    }
    if (fd < 0) {
      return new Opening.Refused(-fd);
    }
    Pidfd pidfd = new Pidfd(fd);
    boolean same =
        proc.stat(process.pid())
            .filter(stat -> stat.startTicks() == process.startTicks())
            .isPresent();
    if (!same) {
      pidfd.close();
      return new Opening.Gone();
    }
    return new Opening.Held(pidfd);
  }

  /** 0, or the errno with which this kernel, or a filter of system calls, refuses handles. */
  static int refusal() {
    int fd = NativeLinux.pidfdOpen(ProcessHandle.current().pid());
    if (fd < 0) {
      return -fd;
    }
    NativeLinux.close(fd);
    return 0;
  }

  int descriptor() {
    return fd;
  }

  /** Sends a signal; to this process only. */
  Sent send(int signal) {
    if (fd < 0) {
      return Sent.GONE;
    }
    return switch (-NativeLinux.pidfdSendSignal(fd, signal)) {
      case 0 -> Sent.SENT;
      case NativeLinux.ESRCH -> Sent.GONE;
      case NativeLinux.EPERM -> Sent.NOT_ALLOWED;
      default -> Sent.FAILED;
    };
  }

  /** The status of its end, where the kernel keeps it for who holds a handle. */
  OptionalInt exit() {
    return fd < 0 ? OptionalInt.empty() : NativeLinux.pidfdExit(fd);
  }

  @Override
  public void close() {
    if (fd >= 0) {
      NativeLinux.close(fd);
      fd = -1;
    }
  }
}
