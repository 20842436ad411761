package io.selfheal.service;

import io.selfheal.file.Whole;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of all services in one mapped file: {@code services.state} of the data directory, a
 * kilobyte a service, found by name. What is written lies in the kernel's page cache at once, so it
 * outlives the process however it ends; {@link #force} brings it to the disk, for a loss of power.
 *
 * <p>A service that is not configured any more keeps its place: what it has spent today is not
 * forgotten because its entry was commented out for an hour.
 */
final class StateFile {
  private static final long MAGIC = 0x5345_4C46_4845_4131L;
  private static final int HEADER_BYTES = 4096;
  private static final int CHUNK = 1 << 16;

  private final Arena arena;
  private final MemorySegment memory;
  private final Map<String, Cell> cells = new HashMap<>();
  private final long[] scratch = new long[2 + Saved.SIZE];
  private boolean changed;

  private StateFile(Arena arena, MemorySegment memory) {
    this.arena = arena;
    this.memory = memory;
  }

  /**
   * An open file.
   *
   * @param aside where the file is, or a copy of it, of which something could not be read; null
   *     when all could
   * @param damage what that was, in words; null when all could
   */
  record Opened(StateFile file, @Nullable Path aside, @Nullable String damage) {}

  /**
   * Opens it, with a place for each name. Blocks.
   *
   * @throws IOException when the disk fails or is full
   */
  static Opened open(Path file, List<String> names, long wall) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".corrupt-" + wall);
    String damage = damage(file);
    if (damage != null) {
      Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    }
    StateFile opened = map(file, names);
    List<String> lost =
        opened.cells.entrySet().stream()
            .filter(one -> one.getValue().damaged())
            .map(Map.Entry::getKey)
            .toList();
    if (!lost.isEmpty()) {
      Files.copy(file, aside, StandardCopyOption.REPLACE_EXISTING);
      damage = "what it says of " + String.join(", ", lost) + " cannot be read";
    }
    return new Opened(opened, damage == null ? null : aside, damage);
  }

  /** What is wrong with it as a whole; null when nothing is. */
  private static @Nullable String damage(Path file) throws IOException {
    if (!Files.exists(file)) {
      return null;
    }
    ByteBuffer head = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < HEADER_BYTES) {
        return "it is too short";
      }
      channel.read(head);
    }
    return head.hasRemaining() || head.getLong(0) != MAGIC
        ? "it does not begin as such a file does"
        : null;
  }

  private static StateFile map(Path file, List<String> names) throws IOException {
    if (!Files.exists(file)) {
      create(file);
    }
    Map<String, Integer> known = new HashMap<>();
    Deque<Integer> unnamed = new ArrayDeque<>();
    read(file, known, unnamed);
    List<String> fresh = names.stream().filter(name -> !known.containsKey(name)).toList();
    int cells = known.size() + Math.max(unnamed.size(), fresh.size());
    for (int next = known.size() + unnamed.size(); next < cells; next++) {
      unnamed.add(next);
    }
    extend(file, HEADER_BYTES + (long) cells * Cell.BYTES);
    StateFile opened = map(file, cells);
    LongBuffer longs = opened.longs();
    for (String name : fresh) {
      int index = Objects.requireNonNull(unnamed.poll());
      Cell.name(longs, index, name);
      known.put(name, index);
    }
    for (String name : names) {
      opened.cells.put(name, new Cell(opened, longs, Objects.requireNonNull(known.get(name))));
    }
    return opened;
  }

  private static StateFile map(Path file, int cells) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = HEADER_BYTES + (long) cells * Cell.BYTES;
      return new StateFile(arena, channel.map(MapMode.READ_WRITE, 0, size, arena));
    } catch (IOException | RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  private LongBuffer longs() {
    return memory
        .asSlice(HEADER_BYTES)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder())
        .asLongBuffer();
  }

  /** There with its beginning, or not at all. */
  private static void create(Path file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.nativeOrder());
    header.putLong(0, MAGIC);
    Whole.write(file, header);
  }

  /** What a kill cut off while it was extended is at its end, and empty. */
  private static void read(Path file, Map<String, Integer> known, Deque<Integer> unnamed)
      throws IOException {
    int cells = (int) ((Files.size(file) - HEADER_BYTES) / Cell.BYTES);
    StateFile before = map(file, cells);
    LongBuffer longs = before.longs();
    for (int index = 0; index < cells; index++) {
      String name = Cell.name(longs, index);
      if (name == null || known.putIfAbsent(name, index) != null) {
        unnamed.add(index);
      }
    }
    before.arena.close();
  }

  /**
   * Writes zeros, and does not only set the length: in a file with holes, a full disk would be a
   * fault of the memory, in the middle of a permit.
   */
  private static void extend(Path file, long size) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long from = HEADER_BYTES + (channel.size() - HEADER_BYTES) / Cell.BYTES * Cell.BYTES;
      channel.position(from);
      for (long left = size - from; left > 0; left -= CHUNK) {
        write(channel, ByteBuffer.allocate((int) Math.min(CHUNK, left)));
      }
      channel.force(true);
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  Cell of(String name) {
    return Objects.requireNonNull(cells.get(name));
  }

  /** For one write at a time: all services are on one thread. */
  long[] scratch() {
    return scratch;
  }

  void changed() {
    changed = true;
  }

  /** Whether there is something to be forced since this was asked. */
  boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  /** Brings all to the disk. Blocks, on any thread. */
  void force() {
    memory.force();
  }

  /** Nothing may be written or forced after this. */
  void close() {
    arena.close();
  }
}
