package io.selfheal.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.selfheal.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is in an archive: {@code manifest.jsonl}, a JSON object a line, only ever added to. Each
 * line is on disk before what it speaks of loses its place. A line that a crash cut short is not
 * there: what it would have spoken of was not touched yet.
 */
public final class Manifest implements AutoCloseable {
  /** Its name in the archive's directory. */
  public static final Path NAME = Path.of("manifest.jsonl");

  private static final long MOST_BYTES = 64 << 20;

  private final FileChannel channel;
  private final Map<String, Archived> files;
  private long end;

  private Manifest(FileChannel channel, Map<String, Archived> files, long end) {
    this.channel = channel;
    this.files = files;
    this.end = end;
  }

  /** A line that takes another back. */
  record Undone(String undone) {}

  /** Opens it to add to it; made if need be. */
  public static Manifest open(Folder archive) throws IOException {
    FileChannel channel = archive.own(NAME);
    boolean opened = false;
    try {
      byte[] bytes = bytes(channel);
      Manifest manifest = new Manifest(channel, parse(bytes), whole(bytes));
      channel.truncate(manifest.end);
      opened = true;
      return manifest;
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  /**
   * Reads it, and changes nothing.
   *
   * @throws NoSuchFileException when there is none: it is no archive
   */
  public static List<Archived> read(Folder archive) throws IOException {
    try (FileChannel channel = archive.read(NAME, archive.attributes(NAME))) {
      return List.copyOf(parse(bytes(channel)).values());
    }
  }

  private static byte[] bytes(FileChannel channel) throws IOException {
    if (channel.size() > MOST_BYTES) {
      throw new IOException("the manifest is longer than 64 MiB");
    }
    channel.position(0);
    return Channels.newInputStream(channel).readAllBytes();
  }

  private static int whole(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static Map<String, Archived> parse(byte[] bytes) throws IOException {
    Map<String, Archived> files = new LinkedHashMap<>();
    String text = new String(bytes, 0, whole(bytes), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      JsonNode node = Json.mapper().readTree(line);
      if (node.has("undone")) {
        files.remove(node.path("undone").asText());
        continue;
      }
      Archived one = Json.read(line.getBytes(StandardCharsets.UTF_8), Archived.class);
      files.put(one.archive(), one);
    }
    return files;
  }

  /** All that is in the archive. */
  public List<Archived> files() {
    return new ArrayList<>(files.values());
  }

  void add(Archived one) throws IOException {
    line(Json.text(one));
    files.put(one.archive(), one);
  }

  void undo(Archived one) throws IOException {
    line(Json.text(new Undone(one.archive())));
    files.remove(one.archive());
  }

  /** On disk when it returns; when it fails, nothing was added. */
  private void line(String json) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((json + "\n").getBytes(StandardCharsets.UTF_8));
    boolean added = false;
    try {
      long at = end;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
      channel.force(true);
      end = at;
      added = true;
    } finally {
      if (!added && channel.isOpen()) {
        channel.truncate(end);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
