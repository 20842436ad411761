package io.selfheal.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Set;

/**
 * Brings files back out of an archive. What has the name of one is never replaced. The archive
 * stays as it is.
 */
public final class Restoring {
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private final Folder archive;
  private final boolean rehearsal;

  /**
   * From one archive.
   *
   * @param rehearsal whether it only looks
   */
  public Restoring(Folder archive, boolean rehearsal) {
    this.archive = archive;
    this.rehearsal = rehearsal;
  }

  /** How it went with one file. */
  public enum State {
    /** It is there again, with the content that it had; in a rehearsal: it would be. */
    RESTORED,
    /** It was there, with the very content. */
    PRESENT,
    /** Something else has its name. */
    TAKEN,
    /** It could not be done. */
    FAILED
  }

  /** One file: how it went, and in words. */
  public record Result(Archived file, State state, String detail) {}

  /**
   * Brings one file back.
   *
   * @param root the directory that its name is below
   */
  public Result restore(Root root, Archived file) {
    Path name = Path.of(file.name());
    try (Folder above = rehearsal ? root.above(name) : root.make(name, DIRECTORY)) {
      return into(above, name.getFileName(), file);
    } catch (NoSuchFileException missing) {
      return rehearsal
          ? new Result(file, State.RESTORED, "would be restored with its directory")
          : new Result(file, State.FAILED, missing.getFile() + " is not there");
    } catch (FileSystemException failure) {
      return new Result(file, State.FAILED, failure.getFile() + " " + Failure.why(failure));
    } catch (IOException failure) {
      return new Result(file, State.FAILED, Failure.why(failure));
    }
  }

  private Result into(Folder above, Path name, Archived file) throws IOException {
    Path part = Leftover.name(name, file.sha256(), Leftover.Kind.PART);
    if (!rehearsal) {
      above.delete(part);
    }
    if (above.has(name)) {
      return same(above, name, file)
          ? new Result(file, State.PRESENT, "is there, with this very content")
          : new Result(file, State.TAKEN, "something else has its name, and stays");
    }
    if (rehearsal) {
      Packing.Packed packed =
          Packing.unpack(archive, Path.of(file.archive()), OutputStream.nullOutputStream());
      check(file, packed.content());
      return new Result(file, State.RESTORED, "would be restored");
    }
    try {
      String owner = write(above, part, file);
      place(above, part, name);
      return new Result(file, State.RESTORED, "restored" + owner);
    } catch (FileAlreadyExistsException raced) {
      return new Result(file, State.TAKEN, "something took its name meanwhile, and stays");
    } finally {
      above.delete(part);
    }
  }

  private static boolean same(Folder above, Path name, Archived file) throws IOException {
    PosixFileAttributes is = above.attributes(name);
    if (!is.isRegularFile() || is.size() != file.bytes()) {
      return false;
    }
    try (FileChannel in = above.read(name, is)) {
      return Sum.of(in).sha256().equals(file.sha256());
    }
  }

  private String write(Folder above, Path part, Archived file) throws IOException {
    try (FileChannel out = above.create(part)) {
      Packing.Packed packed =
          Packing.unpack(archive, Path.of(file.archive()), Channels.newOutputStream(out));
      check(file, packed.content());
      PosixFileAttributeView view = above.view(part);
      String owner = own(view, file);
      view.setPermissions(PosixFilePermissions.fromString(file.mode()));
      FileTime modified = FileTime.from(file.modified());
      view.setTimes(modified, null, null);
      out.force(true);
      return owner;
    }
  }

  private static void check(Archived file, Sum content) throws IOException {
    if (!content.equals(new Sum(file.sha256(), file.bytes()))) {
      throw new IOException(
          "the archived "
              + file.archive()
              + " has the sum "
              + content.sha256()
              + " instead of "
              + file.sha256()
              + ": it is damaged");
    }
  }

  /** Only root may give files away; to others the content matters more than the owner. */
  private static String own(PosixFileAttributeView view, Archived file) throws IOException {
    PosixFileAttributes is = view.readAttributes();
    UserPrincipalLookupService people = people();
    try {
      if (!is.owner().getName().equals(file.owner())) {
        view.setOwner(people.lookupPrincipalByName(file.owner()));
      }
      if (!is.group().getName().equals(file.group())) {
        view.setGroup(people.lookupPrincipalByGroupName(file.group()));
      }
      return "";
    } catch (UserPrincipalNotFoundException | FileSystemException failed) {
      return ", but not its owner " + file.owner() + ":" + file.group();
    }
  }

  private static UserPrincipalLookupService people() {
    return FileSystems.getDefault().getUserPrincipalLookupService();
  }

  /** A second name fails where a rename would replace what came meanwhile. */
  private static void place(Folder above, Path part, Path name) throws IOException {
    try {
      above.link(part, name);
    } catch (FileAlreadyExistsException taken) {
      throw taken;
    } catch (FileSystemException | UnsupportedOperationException noLinks) {
      if (above.has(name)) {
        throw new FileAlreadyExistsException(name.toString());
      }
      above.rename(part, name);
    }
    above.sync();
  }
}
