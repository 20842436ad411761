package io.selfheal.worker;

/** What this kernel gives to the watch; for who asks before an agent runs. */
public final class KernelCheck {
  private KernelCheck() {}

  /** Why deaths are only noticed each second; empty when the kernel tells them at once. */
  public static String pidfdProblem() {
    return Facts.pidfdProblem(Pidfd.refusal());
  }
}
