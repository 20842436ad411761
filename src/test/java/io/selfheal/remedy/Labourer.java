package io.selfheal.remedy;

import io.selfheal.message.RemedyRequests.Performed;
import io.selfheal.rule.Act;
import java.time.Duration;
import java.util.Map;

/** A process that does one act, and says when it begins; it is to be killed. */
final class Labourer {
  private static final Duration AHEAD = Duration.ofDays(30);

  private Labourer() {}

  /** The remedy, what the rule says of it, and what to undo, if that is what it is to do. */
  public static void main(String[] arguments) throws Exception {
    Act act =
        Tasks.act(
            Map.of(
                    "archive_files", new ArchiveFiles(Tasks.BROAD),
                    "restore_file", new RestoreFile(Tasks.BROAD))
                .get(arguments[0]),
            arguments[1]);
    System.out.println("go");
    Performed performed =
        arguments.length > 2
            ? act.undo(Tasks.later(AHEAD, AHEAD), arguments[2])
            : act.perform(Tasks.later(AHEAD, AHEAD));
    System.out.println(performed.detail());
    // The bus has threads of its own.
    System.exit(0);
  }
}
