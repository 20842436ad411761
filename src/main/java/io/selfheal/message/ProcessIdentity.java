package io.selfheal.message;

/**
 * A process, told apart from any later one that is given the same pid.
 *
 * @param bootId {@code /proc/sys/kernel/random/boot_id}: pids and ticks mean nothing across boots
 * @param pid the process id in the agent's pid namespace; {@code > 0}
 * @param startTicks clock ticks from boot to start, field 22 of {@code /proc/PID/stat}
 */
public record ProcessIdentity(String bootId, long pid, long startTicks) {
  @Override
  public String toString() {
    return "pid " + pid + " (start " + startTicks + ")";
  }
}
