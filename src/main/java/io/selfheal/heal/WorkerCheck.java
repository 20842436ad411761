package io.selfheal.heal;

import io.selfheal.message.ProcessIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The measurement that a slot is filled again.
 *
 * @param looking the workers are being read
 * @param notBefore the mark before which they are not read again
 * @param started the process that the last restart is known to have started
 * @param candidate the new process that was seen in the slot
 * @param running the mark since which the candidate was seen running; null when it does not run
 * @param well it ran for long enough
 */
record WorkerCheck(
    boolean looking,
    long notBefore,
    @Nullable ProcessIdentity started,
    @Nullable ProcessIdentity candidate,
    @Nullable Moment running,
    boolean well) {

  static WorkerCheck fresh(Moment now) {
    return new WorkerCheck(false, now.mark(), null, null, null, false);
  }

  WorkerCheck looked() {
    return new WorkerCheck(true, notBefore, started, candidate, running, well);
  }

  WorkerCheck again(long mark) {
    return new WorkerCheck(false, mark, started, candidate, running, well);
  }

  WorkerCheck filled(@Nullable ProcessIdentity process, Moment now) {
    return new WorkerCheck(looking, now.mark(), process, null, null, false);
  }

  WorkerCheck saw(
      @Nullable ProcessIdentity process, @Nullable Moment since, boolean enough, long next) {
    return new WorkerCheck(false, next, started, process, since, enough);
  }
}
