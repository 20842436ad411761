package io.selfheal.symptom;

import io.selfheal.message.Presence;
import io.selfheal.message.Subject;
import io.selfheal.rule.Reading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Found processes that are gone. A found process is known by its pid, so its follower is another
 * subject; what was wrong with it is over when it has one.
 */
final class Former {
  /** Beyond so many the eldest is forgotten. */
  static final int MOST = 64;

  private final Map<String, ProcessCourse> gone = new LinkedHashMap<>();

  /** Whether an instance is a found process: {@code images@4711}. */
  static boolean isFound(String instance) {
    return instance.indexOf('@') >= 0;
  }

  /** It is gone. */
  void add(String instance, ProcessCourse course) {
    gone.put(instance, course);
  }

  /** It is there again. */
  void remove(String instance) {
    gone.remove(instance);
  }

  /** How each stands, by those that run now. */
  List<Reading> readings(Collection<ProcessCourse> running) {
    List<Reading> readings = new ArrayList<>();
    while (gone.size() > MOST) {
      String eldest = gone.keySet().iterator().next();
      gone.remove(eldest);
      readings.add(new Reading(Subject.worker(eldest), Presence.GONE, "long gone"));
    }
    gone.forEach((instance, course) -> readings.add(reading(instance, course, running)));
    return readings;
  }

  private static Reading reading(
      String instance, ProcessCourse course, Collection<ProcessCourse> running) {
    return running.stream()
        .filter(other -> other.first() - course.first() > 0)
        .findFirst()
        .map(
            other ->
                new Reading(
                    Subject.worker(instance),
                    Presence.ABSENT,
                    "its process is gone; " + other.process() + " follows it"))
        .orElseGet(
            () ->
                new Reading(
                    Subject.worker(instance),
                    Presence.UNKNOWN,
                    "its process is gone; none follows it yet"));
  }
}
