package io.selfheal.service;

import io.selfheal.message.PermitRequests.AskPermit;
import io.selfheal.message.PermitRequests.CallOutcome;
import io.selfheal.message.PermitRequests.Granted;
import io.selfheal.message.PermitRequests.Report;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/**
 * A process that spends as fast as it can, with eight permits open at most, and tells each step
 * after it was answered. It is there to be killed.
 */
final class Spender {
  /** Open at once. */
  static final int OPEN = 8;

  /** What a permit may cost. */
  static final long MOST = 1_000;

  private Spender() {}

  /** The file of the state. */
  public static void main(String[] arguments) throws IOException {
    Rig rig =
        new Rig(
            Path.of(arguments[0]),
            "name: a",
            "limits: {rate: 1000000000/s, permit_expiry: 1h}",
            "budget: {amount: 1000000, per: month}");
    Random random = new Random();
    ArrayDeque<String> open = new ArrayDeque<>();
    DataOutputStream out = new DataOutputStream(System.out);
    out.writeLong(-1);
    while (true) {
      if (open.size() < OPEN && (open.isEmpty() || random.nextBoolean())) {
        Granted granted =
            (Granted) rig.guard.ask(new AskPermit("a", MOST, 1, false, false), rig.now());
        open.add(granted.permit());
        continue;
      }
      long cost = random.nextLong(MOST + 1);
      rig.guard.report(
          List.of(
              new Report(open.remove(), CallOutcome.SUCCESS, null, OptionalLong.of(cost), null)),
          rig.now());
      out.writeLong(cost);
      out.flush();
    }
  }
}
