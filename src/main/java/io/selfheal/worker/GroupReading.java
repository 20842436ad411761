package io.selfheal.worker;

/**
 * What a process's control group says at a moment.
 *
 * @param oomKills how many processes of the group the kernel has killed for memory; -1 when that is
 *     not known
 * @param counted the file that says so; empty when none does
 * @param alone whether no other process is in that group
 * @param freezer what holds the process frozen, in words; empty when nothing does
 * @param thaw why it cannot even be killed, and what helps; empty when it can
 */
record GroupReading(long oomKills, String counted, boolean alone, String freezer, String thaw) {
  /** Nothing is known. */
  static final GroupReading NONE = new GroupReading(-1, "", false, "", "");

  /** The kernel's letter for a process of the group: what the freezer holds shows no T. */
  char state(char letter) {
    return freezer.isEmpty() || letter == 'Z' ? letter : 'T';
  }
}
