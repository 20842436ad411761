package io.selfheal.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes a file of a control group that holds this worker alone. */
record FileMeasure(Path file, String value) implements Measure {
  static final String WORD = "file";

  @Override
  public String words() {
    return "write " + value + " into " + file;
  }

  @Override
  public List<String> before() throws IOException {
    String now = Files.readString(file).lines().findFirst().orElse("");
    return List.of(String.join("\t", WORD, file.toString(), now));
  }

  @Override
  public void act() throws IOException {
    Files.writeString(file, value);
  }
}
