package io.selfheal.journal;

import io.selfheal.message.Recorded;
import io.selfheal.message.Severity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** An event as bytes in the spool. The first byte is the version of this layout. */
final class RecordedType extends BasicDataType<Recorded> {
  private static final byte LAYOUT = 1;
  private static final int SAMPLE = 1;
  private static final int INCIDENT = 2;
  private static final int OVERHEAD = 300;
  private static final List<Severity> SEVERITIES =
      List.of(Severity.INFO, Severity.WARNING, Severity.CRITICAL);

  /** What an event takes, roughly, on disk and in memory. */
  static long size(Recorded event) {
    return event.json().length + (long) OVERHEAD;
  }

  @Override
  public int getMemory(Recorded event) {
    return (int) size(event);
  }

  @Override
  public void write(WriteBuffer out, Recorded event) {
    out.put(LAYOUT);
    int flags = (event.sample() ? SAMPLE : 0) | (event.incidentId() == null ? 0 : INCIDENT);
    out.put((byte) flags);
    out.put((byte) SEVERITIES.indexOf(event.severity()));
    out.putVarLong(event.epoch()).putVarLong(event.offset());
    out.putVarLong(ChronoUnit.MICROS.between(Instant.EPOCH, event.time()));
    write(out, event.id());
    write(out, event.type());
    write(out, event.subject());
    if (event.incidentId() != null) {
      write(out, event.incidentId());
    }
    write(out, event.json());
  }

  @Override
  public Recorded read(ByteBuffer in) {
    byte layout = in.get();
    if (layout != LAYOUT) {
      throw new IllegalStateException("an event in the spool has the unknown layout " + layout);
    }
    int flags = in.get();
    Severity severity = SEVERITIES.get(in.get());
    long epoch = DataUtils.readVarLong(in);
    long offset = DataUtils.readVarLong(in);
    Instant time = Instant.EPOCH.plus(DataUtils.readVarLong(in), ChronoUnit.MICROS);
    String id = text(in);
    String type = text(in);
    String subject = text(in);
    String incident = (flags & INCIDENT) == 0 ? null : text(in);
    boolean sample = (flags & SAMPLE) != 0;
    return new Recorded(
        epoch, offset, id, time, type, severity, subject, incident, sample, bytes(in));
  }

  @Override
  public Recorded[] createStorage(int size) {
    return new Recorded[size];
  }

  private static void write(WriteBuffer out, String text) {
    write(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(WriteBuffer out, byte[] bytes) {
    out.putVarInt(bytes.length).put(bytes);
  }

  private static String text(ByteBuffer in) {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[DataUtils.readVarInt(in)];
    in.get(bytes);
    return bytes;
  }
}
