package io.selfheal.file;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which file it is, whatever its name: {@code st_dev} and {@code st_ino}.
 *
 * @param device the file system
 * @param inode the file in it; used again when the file is gone
 */
public record FileId(long device, long inode) {
  private static final Pattern KEY = Pattern.compile("\\(dev=([0-9a-f]+),ino=(-?\\d+)\\)");

  /** That of attributes. The JDK shows both numbers in the text of its key only. */
  public static FileId of(BasicFileAttributes attributes) {
    String key = String.valueOf(attributes.fileKey());
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      throw new IllegalStateException("no device and inode in " + key);
    }
    return new FileId(
        Long.parseUnsignedLong(matcher.group(1), 16), Long.parseLong(matcher.group(2)));
  }

  /** The number of a device as {@code st_dev} has it: makedev(3) of the GNU C library. */
  static long device(long major, long minor) {
    return ((major & 0xfffff000L) << 32)
        | ((major & 0xfffL) << 8)
        | ((minor & 0xffffff00L) << 12)
        | (minor & 0xffL);
  }
}
