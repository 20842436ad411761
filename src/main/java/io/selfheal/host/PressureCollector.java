package io.selfheal.host;

import io.selfheal.message.HostSample.Pressure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Pressure stall information, from /proc/pressure (Linux 4.20 and later). */
final class PressureCollector implements Collector<List<Pressure>> {
  private static final Path DIRECTORY = Path.of("/proc/pressure");

  private final Map<String, KernelFile> files = new LinkedHashMap<>();

  PressureCollector() {
    for (String resource : List.of("cpu", "memory", "io")) {
      files.put(resource, new KernelFile(DIRECTORY.resolve(resource)));
    }
  }

  @Override
  public Reading<List<Pressure>> collect() throws IOException {
    List<Pressure> pressures = new ArrayList<>(files.size());
    for (Map.Entry<String, KernelFile> entry : files.entrySet()) {
      try {
        pressures.add(PressureStall.parse(entry.getKey(), entry.getValue().read()));
      } catch (IOException failure) {
        if (absent(failure)) {
          return new Reading.None<>("no data: this kernel keeps no pressure information (psi=1)");
        }
        throw failure;
      }
    }
    return new Reading.Data<>(List.copyOf(pressures));
  }

  /** With psi=0 the files are there and refuse to be opened (EOPNOTSUPP). */
  private static boolean absent(IOException failure) {
    return failure instanceof FileNotFoundException
        && (!Files.exists(DIRECTORY)
            || String.valueOf(failure.getMessage()).contains("not supported"));
  }
}
