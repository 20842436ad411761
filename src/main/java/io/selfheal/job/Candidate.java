package io.selfheal.job;

import io.selfheal.message.JobEvent.Effect;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A running job as it was read.
 *
 * @param age since it was taken, by the database clock; negative when the row lies in the future;
 *     null when the row does not say
 * @param silence since its own heartbeat; negative and null likewise
 * @param claim which attempt this is: state, start, holder and attempts in one text; another claim
 *     is another run of the job
 * @param sign its last sign of life, as a text; null when it never gave one
 * @param next what the library's own rescue would do with the row as it is; null when the library
 *     has no rule, then {@link Limits} decide
 * @param hindrance why it cannot be rescued as things stand, to go on from "but"; null when it can
 * @param testimony what the library's other tables say of its holder; null when they are not asked
 * @param spot where the look found it; null when the look does not say what it saw
 * @param becomes the state that the library's own rescue gives it and why, to go on from ", and";
 *     null when there is no more to say than {@code next} does
 * @param place where the jobs of its source are, see {@link PlaceSql}: elsewhere its id is another
 *     job's; empty when that is not told
 */
record Candidate(
    String id,
    @Nullable String holder,
    @Nullable Duration age,
    @Nullable Duration silence,
    @Nullable Long attempts,
    String claim,
    @Nullable String sign,
    @Nullable Effect next,
    @Nullable String hindrance,
    @Nullable Testimony testimony,
    @Nullable Spot spot,
    @Nullable String becomes,
    String place) {
  /** A job of which there is no more to say than what is next. */
  Candidate(
      String id,
      @Nullable String holder,
      @Nullable Duration age,
      @Nullable Duration silence,
      @Nullable Long attempts,
      String claim,
      @Nullable String sign,
      @Nullable Effect next,
      @Nullable String hindrance,
      @Nullable Testimony testimony,
      @Nullable Spot spot) {
    this(
        id, holder, age, silence, attempts, claim, sign, next, hindrance, testimony, spot, null,
        "");
  }

  /** A job of a look that does not say what it saw. */
  Candidate(
      String id,
      @Nullable String holder,
      @Nullable Duration age,
      @Nullable Duration silence,
      @Nullable Long attempts,
      String claim,
      @Nullable String sign,
      @Nullable Effect next,
      @Nullable String hindrance,
      @Nullable Testimony testimony) {
    this(id, holder, age, silence, attempts, claim, sign, next, hindrance, testimony, null);
  }

  /** A job of a library without a rule of its own. */
  Candidate(
      String id,
      @Nullable String holder,
      @Nullable Duration age,
      @Nullable Duration silence,
      @Nullable Long attempts,
      String claim,
      @Nullable String sign) {
    this(id, holder, age, silence, attempts, claim, sign, null, null, null);
  }

  /** The age, if the row tells one that can be true. */
  @Nullable Duration knownAge() {
    return age == null || age.isNegative() ? null : age;
  }

  /** The silence, if the row tells one that can be true. */
  @Nullable Duration knownSilence() {
    return silence == null || silence.isNegative() ? null : silence;
  }

  /** The same, with another age. */
  Candidate aged(@Nullable Duration other) {
    return aged(other, silence);
  }

  /** The same, with another age and silence. */
  Candidate aged(@Nullable Duration other, @Nullable Duration silent) {
    return new Candidate(
        id, holder, other, silent, attempts, claim, sign, next, hindrance, testimony, spot, becomes,
        place);
  }
}
