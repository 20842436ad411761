package io.selfheal.job;

import io.selfheal.message.DeadLetter;
import io.selfheal.message.DeadLetter.Death;
import io.selfheal.message.JobEvent.Effect;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is written of one dead holder's job: its newest death and, if it is put aside, why.
 *
 * @param place where the jobs of its source are: elsewhere its id is another job's
 * @param claim the digest of the claim under which the worker died; a claim may be of any length
 * @param deaths those that count, the newest last
 */
record Fate(
    String place, String jobId, String claim, Effect effect, String reason, List<Death> deaths) {
  /** Copies the deaths. */
  Fate {
    deaths = List.copyOf(deaths);
  }

  static Fate of(Judgement judgement) {
    return new Fate(
        judgement.job().place(),
        judgement.job().id(),
        digest(judgement.job().claim()),
        judgement.effect(),
        judgement.reason(),
        judgement.deaths());
  }

  /** Which run of which job it is of. */
  String key() {
    return key(place, jobId, claim);
  }

  /** Which run of which job it is; equal for equal ones only. */
  static String key(Candidate job) {
    return key(job.place(), job.id(), digest(job.claim()));
  }

  private static String key(String place, String jobId, String claim) {
    return claim + " " + place + "/" + jobId;
  }

  /** SHA-256, in hexadecimal digits. */
  static String digest(String claim) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(claim.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException never) {
      throw new IllegalStateException("every Java has SHA-256", never);
    }
  }

  /** The death under this claim. */
  Death death() {
    return deaths.getLast();
  }

  DeadLetter letter(String source, @Nullable String id) {
    return new DeadLetter(
        id, source, jobId, effect, reason, deaths, DeadLetter.State.ADDED, death().at());
  }
}
