package io.selfheal;

import io.selfheal.config.BadConfiguration;
import io.selfheal.config.Problem;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Gets the text of the configuration file, or says why not. */
final class ConfigFile {
  private ConfigFile() {}

  static String read(Path file) throws BadConfiguration {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException missing) {
      throw bad(file, "there is no such file", "name one with --config FILE or SELFHEAL_CONFIG");
    } catch (AccessDeniedException denied) {
      throw bad(file, "may not be read by this user", "check its owner and mode");
    } catch (CharacterCodingException binary) {
      throw bad(file, "is not UTF-8 text", "save it as UTF-8");
    } catch (IOException failure) {
      throw bad(file, "cannot be read: " + failure.getMessage(), "");
    }
  }

  private static BadConfiguration bad(Path file, String cause, String hint) {
    return new BadConfiguration(List.of(new Problem(file.toString(), "", cause, hint)));
  }
}
