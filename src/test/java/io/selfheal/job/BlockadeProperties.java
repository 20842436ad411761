package io.selfheal.job;

import io.selfheal.job.Blockade.Seen;
import io.selfheal.job.Judgement.Cause;
import io.selfheal.job.PgBackends.Waits;
import io.selfheal.message.JobEvent.Effect;
import io.selfheal.message.ProcessIdentity;
import io.selfheal.message.TraceRequests.Client;
import io.selfheal.message.Verdict;
import io.selfheal.message.Verdict.Ruling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

class BlockadeProperties {
  private static final ProcessIdentity HOLDER = new ProcessIdentity("boot", 10, 1);
  private static final Waits READ = new Waits(List.of(), null, null, "agent", false);

  @Property
  boolean aHolderWhoseOwnConnectionWaitsIsNeverRescued(
      @ForAll("late") Judgement late,
      @ForAll("seen") List<Seen> others,
      @ForAll("waits") @Nullable Duration waits) {
    Client ours = new Client.Local("java", Set.of("images"), Set.of(HOLDER), false);
    List<Seen> all = new ArrayList<>(others);
    all.add(seen(ours, waits));
    Judgement weighed = weigh(late, all, HOLDER, null);
    return switch (late.verdict().ruling()) {
      case DEAD -> weighed.equals(late);
      case ALIVE -> weighed.cause() == Cause.BLOCKED && !weighed.acts();
      case UNKNOWN -> !weighed.acts();
    };
  }

  @Property
  boolean aDeadHoldersJobIsRescuedWhateverWaits(
      @ForAll("late") Judgement late,
      @ForAll("seen") List<Seen> seen,
      @ForAll("waits") @Nullable Duration within) {
    return late.verdict().ruling() != Ruling.DEAD || weigh(late, seen, HOLDER, within).equals(late);
  }

  @Property
  boolean neverMakesARescueOfWhatIsLeftNorAnotherRuling(
      @ForAll("late") Judgement late,
      @ForAll("seen") List<Seen> seen,
      @ForAll("waits") @Nullable Duration within) {
    Judgement weighed = weigh(late, seen, null, within);
    return (late.acts() || !weighed.acts())
        && (weighed.effect() == late.effect() || !weighed.acts())
        && weighed.verdict().ruling() == late.verdict().ruling();
  }

  @Property
  boolean withNothingThatWaitsAllIsAsBefore(@ForAll("late") Judgement late) {
    return weigh(late, List.of(), HOLDER, null).equals(late);
  }

  private static Judgement weigh(
      Judgement late,
      List<Seen> seen,
      @Nullable ProcessIdentity holder,
      @Nullable Duration within) {
    Blockade blockade = new Blockade("images", seen);
    Optional<Seen> found = blockade.of(late, holder, within);
    Blockers nobody = new Blockers(Set.of(), Map.of());
    return found
        .map(one -> Weighing.blocked(late, one, blockade, nobody, READ))
        .orElseGet(() -> Weighing.unblocked(late, READ));
  }

  private static Seen seen(Client client, @Nullable Duration waits) {
    return new Seen(new LockWait(new Session(9, "a", "b", null, "c"), null, waits, null), client);
  }

  @Provide
  Arbitrary<Judgement> late() {
    return Arbitraries.of(Ruling.values())
        .flatMap(
            ruling ->
                Arbitraries.of(effects(ruling))
                    .map(
                        effect ->
                            new Judgement(
                                new Candidate("1", "here:10", null, null, null, "c", null),
                                Verdict.of(ruling, "because"),
                                effect,
                                Cause.CHANGED,
                                "reason")));
  }

  private static List<Effect> effects(Ruling ruling) {
    return ruling == Ruling.ALIVE ? List.of(Effect.LEAVE) : List.of(Effect.values());
  }

  @Provide
  Arbitrary<List<Seen>> seen() {
    ProcessIdentity other = new ProcessIdentity("boot", 20, 1);
    Arbitrary<Client> clients =
        Arbitraries.of(
            new Client.Local("java", Set.of("images"), Set.of(other), false),
            new Client.Local("java", Set.of("mails"), Set.of(other), true),
            new Client.Local("psql", Set.of(), Set.of(other), false),
            new Client.Unknown(),
            new Client.Gone());
    return Combinators.combine(clients, waits()).as(BlockadeProperties::seen).list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<@Nullable Duration> waits() {
    return Arbitraries.longs().between(0, 10_000).map(Duration::ofMillis).injectNull(0.2);
  }
}
