package io.selfheal.worker;

/**
 * Where pids mean something: one boot of one machine, and one pid namespace of it. Two agents in
 * the same place see the same processes.
 *
 * @param host the kernel's host name; two machines may have the same
 * @param bootId tells machines apart, and one boot from the next
 * @param namespace the pid namespace, as {@code /proc/self/ns/pid} names it
 */
record Place(String host, String bootId, String namespace) {
  // PROC_PID_INIT_INO of the kernel: the number of the first pid namespace.
  private static final String FIRST_NAMESPACE = "pid:[4026531836]";

  /** Whether its pids are those of the whole machine. */
  boolean root() {
    return namespace.equals(FIRST_NAMESPACE);
  }

  /** Whether the same pid means the same process; host names may be changed at any time. */
  boolean sharesPidsWith(Place other) {
    return bootId.equals(other.bootId) && namespace.equals(other.namespace);
  }
}
