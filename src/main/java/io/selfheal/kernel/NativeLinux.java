package io.selfheal.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The system calls that the JDK has no face for. Each returns what the kernel returns: a negative
 * errno on failure. The numbers of the two pidfd calls are the same on every architecture.
 */
@SuppressWarnings("restricted")
public final class NativeLinux {
  /** The descriptor is no other program's. */
  public static final int CLOSE_ON_EXEC = 0x80000;

  /** A capability is missing. */
  public static final int EPERM = 1;

  /** There is no such file. */
  public static final int ENOENT = 2;

  /** There is no such process. */
  public static final int ESRCH = 3;

  /** A signal came meanwhile. */
  public static final int EINTR = 4;

  /** The file's owner and mode do not allow it. */
  public static final int EACCES = 13;

  /** What the file stood for is gone. */
  public static final int ENODEV = 19;

  /** A value that the kernel does not take. */
  public static final int EINVAL = 22;

  /** The file system is mounted read-only. */
  public static final int EROFS = 30;

  /** The kernel is too old for the call. */
  public static final int ENOSYS = 38;

  /** The kernel was built or booted without it. */
  public static final int EOPNOTSUPP = 95;

  private static final long PIDFD_SEND_SIGNAL = 424;
  private static final long PIDFD_OPEN = 434;

  // _IOWR(0xFF, 11, struct pidfd_info) of linux/pidfd.h, in its first size.
  private static final long PIDFD_GET_INFO = 0xC040FF0BL;
  private static final long PIDFD_INFO_BYTES = 64;
  private static final long PIDFD_INFO_EXIT = 1 << 3;
  private static final long EXIT_CODE_AT = 60;
  private static final int CLOCK_BOOTTIME = 7;
  private static final int SC_CLOCK_TICKS = 2;
  private static final int SC_PAGE_SIZE = 30;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SYSCALL =
      function(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));
  private static final MethodHandle EPOLL_CREATE =
      function("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle EPOLL_CONTROL =
      function("epoll_ctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle EPOLL_WAIT =
      function(
          "epoll_wait", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle EVENT =
      function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle EVENT_WRITE =
      function("eventfd_write", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle IOCTL =
      function(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle WRITE =
      function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOCK =
      function("clock_gettime", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle SYSCONF =
      function("sysconf", FunctionDescriptor.of(JAVA_LONG, JAVA_INT));

  private NativeLinux() {}

  /** A file descriptor that stands for a process. */
  public static int pidfdOpen(long pid) {
    return (int) checked(state -> (long) SYSCALL.invokeExact(state, PIDFD_OPEN, pid, 0L, 0L, 0L));
  }

  /** Signals the process that the descriptor stands for, and no other. */
  public static int pidfdSendSignal(int fd, int signal) {
    return (int)
        checked(
            state ->
                (long)
                    SYSCALL.invokeExact(
                        state, PIDFD_SEND_SIGNAL, (long) fd, (long) signal, 0L, 0L));
  }

  /**
   * How the process that the descriptor stands for ended, as wait(2) gives it. Empty while it lives
   * or is a zombie, and on a kernel older than 6.15, which forgets it when the parent has asked.
   */
  public static OptionalInt pidfdExit(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(PIDFD_INFO_BYTES, 8);
      info.set(JAVA_LONG, 0, PIDFD_INFO_EXIT);
      long result = checked(state -> (int) IOCTL.invokeExact(state, fd, PIDFD_GET_INFO, info));
      boolean told = result >= 0 && (info.get(JAVA_LONG, 0) & PIDFD_INFO_EXIT) != 0;
      return told ? OptionalInt.of(info.get(JAVA_INT, EXIT_CODE_AT)) : OptionalInt.empty();
    }
  }

  static int epollCreate(int flags) {
    return (int) checked(state -> (int) EPOLL_CREATE.invokeExact(state, flags));
  }

  static int epollControl(int epoll, int operation, int fd, MemorySegment event) {
    return (int)
        checked(state -> (int) EPOLL_CONTROL.invokeExact(state, epoll, operation, fd, event));
  }

  /** Blocks for ever: only for a platform thread, since it would pin a virtual one. */
  static int epollWait(int epoll, MemorySegment events, int room) {
    return (int) checked(state -> (int) EPOLL_WAIT.invokeExact(state, epoll, events, room, -1));
  }

  static int eventfd(int flags) {
    return (int) checked(state -> (int) EVENT.invokeExact(state, 0, flags));
  }

  static int eventfdWrite(int fd, long value) {
    return (int) checked(state -> (int) EVENT_WRITE.invokeExact(state, fd, value));
  }

  /** A path as it is written; a link at its end is followed. */
  public static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path);
      return (int) checked(state -> (int) OPEN.invokeExact(state, name, flags));
    }
  }

  /** Writes a text and the zero behind it, as some files of the kernel want it. */
  public static int writeText(int fd, String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(text);
      return (int) checked(state -> (long) WRITE.invokeExact(state, fd, bytes, bytes.byteSize()));
    }
  }

  /** Ends a descriptor. */
  public static int close(int fd) {
    return (int) checked(state -> (int) CLOSE.invokeExact(state, fd));
  }

  /**
   * Time since boot, suspension included: the clock that start ticks are of. Not {@code
   * /proc/uptime}, which containers overlay with their own.
   */
  public static Duration sinceBoot() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(16, 8);
      long result = checked(state -> (int) CLOCK.invokeExact(state, CLOCK_BOOTTIME, time));
      if (result < 0) {
        throw new IllegalStateException("clock_gettime failed with errno " + -result);
      }
      return Duration.ofSeconds(time.get(JAVA_LONG, 0), time.get(JAVA_LONG, 8));
    }
  }

  /** Ticks of a second in {@code /proc/PID/stat}. */
  public static long ticksPerSecond() {
    return checked(state -> (long) SYSCONF.invokeExact(state, SC_CLOCK_TICKS));
  }

  /** Bytes of a page of memory. */
  public static long pageBytes() {
    return checked(state -> (long) SYSCONF.invokeExact(state, SC_PAGE_SIZE));
  }

  private static long checked(Call call) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CAPTURED);
      long result = call.invoke(state);
      return result < 0 ? -(long) (int) ERRNO.get(state, 0L) : result;
    } catch (Throwable bug) {
      throw new IllegalStateException("a native call could not be made", bug);
    }
  }

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, all);
  }

  @FunctionalInterface
  private interface Call {
    long invoke(MemorySegment state) throws Throwable;
  }
}
