package io.selfheal;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;

/**
 * Holds that a class uses, of our own packages, only its own and the allowed ones. For a concern
 * the allowed ones are always message, bus, config, store, json, rule, file and kernel.
 */
final class OwnHouse extends ArchCondition<JavaClass> {
  private static final Set<String> SHARED =
      Set.of("message", "bus", "config", "store", "json", "rule", "file", "kernel");

  private final Set<String> named;

  OwnHouse(String description, String... named) {
    super(description);
    this.named = Set.of(named);
  }

  @Override
  public void check(JavaClass user, ConditionEvents events) {
    String own = room(user);
    boolean concern = named.contains(own) && named.contains("host");
    for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
      JavaClass used = dependency.getTargetClass();
      if (!used.getPackageName().startsWith("io.selfheal")) {
        continue;
      }
      String room = room(used);
      boolean fine = room.equals(own) || (concern ? SHARED.contains(room) : named.contains(room));
      if (!fine) {
        events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
      }
    }
  }

  private static String room(JavaClass type) {
    String name = type.getPackageName();
    if (name.equals("io.selfheal")) {
      return "root";
    }
    String below = name.substring("io.selfheal.".length());
    int end = below.indexOf('.');
    return end < 0 ? below : below.substring(0, end);
  }
}
