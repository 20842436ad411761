package io.selfheal.worker;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** The scheduling priorities of threads: setpriority(2) and ioprio_set(2). */
@SuppressWarnings("restricted")
final class NativePriority {
  private static final int OF_ONE_THREAD = 0;
  private static final int IO_OF_ONE_THREAD = 1;
  private static final boolean ARM = System.getProperty("os.arch", "").equals("aarch64");
  private static final long IO_SET = ARM ? 30 : 251;
  private static final long IO_GET = ARM ? 31 : 252;

  private static final MethodHandle GET =
      function("getpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SET =
      function("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SYSCALL =
      function(
          "syscall",
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
          Linker.Option.firstVariadicArg(1));

  private NativePriority() {}

  /** -20 to 19; 0 for a thread that is gone. */
  static int nice(long tid) {
    return (int) called(() -> (int) GET.invokeExact(OF_ONE_THREAD, (int) tid));
  }

  /** A thread that is gone is let be. */
  static void nice(long tid, int nice) throws IOException {
    if (called(() -> (int) SET.invokeExact(OF_ONE_THREAD, (int) tid, nice)) < 0) {
      stillThere(tid, "nice " + nice);
    }
  }

  /** As ioprio_get(2) has it; 0: none of its own. */
  static int io(long tid) {
    long value = called(() -> (long) SYSCALL.invokeExact(IO_GET, (long) IO_OF_ONE_THREAD, tid, 0L));
    return (int) Math.max(0, value);
  }

  static void io(long tid, int priority) throws IOException {
    long answer =
        called(
            () ->
                (long) SYSCALL.invokeExact(IO_SET, (long) IO_OF_ONE_THREAD, tid, (long) priority));
    if (answer < 0) {
      stillThere(tid, "disk priority " + priority);
    }
  }

  private static void stillThere(long tid, String what) throws IOException {
    if (java.nio.file.Files.exists(java.nio.file.Path.of("/proc", Long.toString(tid)))) {
      throw new IOException("the kernel refused " + what + " for thread " + tid);
    }
  }

  private static long called(Call call) {
    try {
      return call.invoke();
    } catch (Throwable bug) {
      throw new IllegalStateException("a native call could not be made", bug);
    }
  }

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }

  @FunctionalInterface
  private interface Call {
    long invoke() throws Throwable;
  }
}
