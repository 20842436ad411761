package io.selfheal.message;

import io.selfheal.message.WorkerEvent.End;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the evidence says of a job's holder.
 *
 * @param ruling the conclusion
 * @param evidence what it rests on, in sentences for an operator; never empty
 * @param outOfMemory whether the kernel killed the holder for want of memory
 * @param seemsGone whether a process that could be the holder was seen to end, no other one of its
 *     worker that could be lives, and only something else leaves a doubt; then it is unknown
 * @param end how a dead holder came to its end: its jobs are not to blame for what somebody wanted
 */
public record Verdict(
    Ruling ruling, List<String> evidence, boolean outOfMemory, boolean seemsGone, End end) {
  /** The three conclusions. */
  public enum Ruling {
    /** The holder's process is provably gone. */
    DEAD,
    /** The holder's process exists, however slow or frozen. */
    ALIVE,
    /** Nothing proves either. */
    UNKNOWN
  }

  /** Copies the evidence. A verdict of an older agent does not say how it ended. */
  @SuppressWarnings("ConstantValue")
  public Verdict {
    evidence = List.copyOf(evidence);
    end = end == null ? End.UNKNOWN : end;
  }

  /** How the holder ended is not known, or it lives. */
  public Verdict(Ruling ruling, List<String> evidence, boolean outOfMemory, boolean seemsGone) {
    this(ruling, evidence, outOfMemory, seemsGone, End.UNKNOWN);
  }

  /** A verdict that is certain, or wholly open. */
  public Verdict(Ruling ruling, List<String> evidence, boolean outOfMemory) {
    this(ruling, evidence, outOfMemory, false);
  }

  /** A verdict in which memory plays no part. */
  public Verdict(Ruling ruling, List<String> evidence) {
    this(ruling, evidence, false);
  }

  /** The same of the holder, with another ruling and more evidence. */
  public Verdict with(Ruling other, List<String> more) {
    return new Verdict(
        other,
        Stream.concat(evidence.stream(), more.stream()).toList(),
        outOfMemory,
        seemsGone && other == Ruling.UNKNOWN,
        other == Ruling.DEAD ? end : End.UNKNOWN);
  }

  /** The same of a holder that came to its end so. */
  public Verdict ended(End how) {
    return new Verdict(ruling, evidence, outOfMemory, seemsGone, how);
  }

  /** The same, but that the holder seems gone is not said. */
  public Verdict open() {
    return new Verdict(ruling, evidence, outOfMemory);
  }

  /** Unknown, though the holder seems gone. */
  public static Verdict seemsGone(List<String> evidence) {
    return new Verdict(Ruling.UNKNOWN, evidence, false, true);
  }

  /** A verdict with one piece of evidence. */
  public static Verdict of(Ruling ruling, String evidence) {
    return new Verdict(ruling, List.of(evidence));
  }
}
