package io.selfheal.job;

import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PolicyProperties {
  @Property
  boolean neverRescuesTheJobOfALivingHolder(
      @ForAll("limits") Limits limits, @ForAll("jobs") Candidate job) {
    return judge(limits, job, Ruling.ALIVE).filter(Judgement::acts).isEmpty();
  }

  @Property
  boolean alwaysActsOnADeadHolder(@ForAll("limits") Limits limits, @ForAll("jobs") Candidate job) {
    return judge(limits, job, Ruling.DEAD).filter(Judgement::acts).isPresent();
  }

  @Property
  boolean neverActsOnAnUnknownHolderWithoutAnAge(
      @ForAll("limits") Limits limits, @ForAll("jobs") Candidate job) {
    Verdict gone = Verdict.seemsGone(List.of("because"));
    return job.knownAge() != null
        || job.knownSilence() != null
        || (judge(limits, job, Ruling.UNKNOWN).isEmpty()
            && new Policy(limits).judge(job, gone).filter(Judgement::acts).isEmpty());
  }

  @Property
  boolean thatItsHolderSeemsGoneNeverChangesWhetherAJobIsRescued(
      @ForAll("limits") Limits limits, @ForAll("jobs") Candidate job) {
    Verdict gone = Verdict.seemsGone(List.of("because"));
    Policy policy = new Policy(limits);
    return policy
        .judge(job, gone)
        .filter(Judgement::acts)
        .map(Judgement::cause)
        .equals(policy.judge(job, gone.open()).filter(Judgement::acts).map(Judgement::cause));
  }

  @Property
  boolean anOlderJobIsNeverTreatedMoreMildly(
      @ForAll("limits") Limits limits,
      @ForAll("jobs") Candidate job,
      @ForAll Ruling ruling,
      @ForAll("waits") Duration more) {
    if (job.knownAge() == null) {
      return true;
    }
    Candidate older =
        new Candidate(
            job.id(),
            job.holder(),
            job.knownAge().plus(more),
            job.silence(),
            job.attempts(),
            job.claim(),
            job.sign());
    boolean acts = judge(limits, job, ruling).filter(Judgement::acts).isPresent();
    boolean actsLater = judge(limits, older, ruling).filter(Judgement::acts).isPresent();
    return !acts || actsLater;
  }

  private static Optional<Judgement> judge(Limits limits, Candidate job, Ruling ruling) {
    return new Policy(limits).judge(job, Verdict.of(ruling, "because"));
  }

  @Provide
  Arbitrary<Limits> limits() {
    return Combinators.combine(
            waits(),
            waits(),
            Arbitraries.integers().between(0, 5),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(Limits::new);
  }

  @Provide
  Arbitrary<Candidate> jobs() {
    Arbitrary<Duration> ages =
        Arbitraries.longs().between(-100_000, 100_000).map(Duration::ofMillis);
    return Combinators.combine(
            ages.injectNull(0.2),
            ages.injectNull(0.4),
            Arbitraries.longs().between(0, 8).injectNull(0.2))
        .as(
            (age, silence, attempts) ->
                new Candidate("1", "here:1", age, silence, attempts, "claim", null));
  }

  @Provide
  Arbitrary<Duration> waits() {
    return Arbitraries.longs().between(1, 100_000).map(Duration::ofMillis);
  }
}
