package io.selfheal.remedy;

import io.selfheal.config.Section;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which processes a remedy of workers acts on.
 *
 * @param worker {@code worker}: every process of this worker, one after another; default: the
 *     subject
 * @param instance {@code instance}: this slot of a worker, for example images.1; default: the
 *     subject
 * @param every {@code every}: every process of the subject's worker, one after another, and not the
 *     subject alone (a unit has one); default false
 */
record Selection(Optional<String> worker, Optional<String> instance, boolean every) {
  private static final Pattern WORKER = Pattern.compile("[a-z0-9_-]{1,64}");
  private static final Pattern INSTANCE = Pattern.compile("[a-z0-9_-]{1,64}[.@]\\d{1,10}");

  /** The subject alone. */
  static final Selection SUBJECT = new Selection(Optional.empty(), Optional.empty(), false);

  static Selection from(Section with) {
    Optional<String> worker = with.text("worker");
    Optional<String> instance = with.text("instance");
    boolean every = with.flag("every", false);
    worker
        .filter(name -> !WORKER.matcher(name).matches())
        .ifPresent(
            name ->
                with.reject(
                    "worker", "\"" + name + "\" is not the name of a worker", "as under workers"));
    instance
        .filter(name -> !INSTANCE.matcher(name).matches())
        .ifPresent(
            name ->
                with.reject(
                    "instance", "\"" + name + "\" is not a slot of a worker", "such as images.1"));
    if (instance.isPresent() && (worker.isPresent() || every)) {
      with.reject("instance", "is one slot, and worker or every says all of them", "keep one");
    }
    return new Selection(worker, instance, every);
  }
}
