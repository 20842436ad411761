package io.selfheal;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.stream.Stream;

/** Who may import whom. Needing a concern in another concern means that a message is missing. */
@AnalyzeClasses(packages = "io.selfheal", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {
  private static final String[] CONCERNS = {
    "host", "worker", "job", "service", "symptom", "remedy", "heal", "error", "proxy", "journal",
    "health", "live", "metrics"
  };

  @ArchTest
  static final ArchRule MESSAGES_IMPORT_NOTHING =
      noClasses()
          .that()
          .resideInAPackage("io.selfheal.message")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.not(
                  resideInAnyPackage("io.selfheal.message", "java..", "org.jspecify..")));

  @ArchTest static final ArchRule BUS = mayUse("bus", "message");

  @ArchTest static final ArchRule CONFIG = mayUse("config");

  @ArchTest static final ArchRule JSON = mayUse("json");

  @ArchTest static final ArchRule STORE = mayUse("store", "message", "bus", "config", "json");

  @ArchTest static final ArchRule RULE = mayUse("rule", "message", "bus", "config");

  @ArchTest static final ArchRule FILE = mayUse("file", "json");

  @ArchTest static final ArchRule KERNEL = mayUse("kernel");

  @ArchTest static final ArchRule API = mayUse("api", "message", "bus", "config", "json");

  @ArchTest static final ArchRule CLI = mayUse("cli", "message", "bus", "config", "json", "file");

  @ArchTest
  static final ArchRule CONCERNS_NEVER_MEET =
      classes()
          .that()
          .resideInAnyPackage(packages(CONCERNS))
          .should(new OwnHouse("import only their own package and the shared ones", CONCERNS));

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("io.selfheal.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONLY_BUS_TOUCHES_THE_EVENT_BUS =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.selfheal.bus")
          .should()
          .callMethod("io.vertx.core.Vertx", "eventBus");

  @ArchTest
  static final ArchRule OSHI_ONLY_IN_HOST_AND_WORKER =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.selfheal.host", "io.selfheal.worker")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("oshi..");

  @ArchTest
  static final ArchRule SQL_ONLY_IN_STORE_AND_PG_CLASSES =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.selfheal.store..")
          .and()
          .haveNameNotMatching("io\\.selfheal\\..*\\.Pg[A-Z].*")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "java.sql..");

  @ArchTest
  static final ArchRule JSON_OBJECT_ONLY_AT_THE_EDGE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.selfheal.api",
              "io.selfheal.live",
              "io.selfheal.store",
              "io.selfheal.config",
              "io.selfheal.health")
          .and()
          .haveSimpleNameNotEndingWith("Json")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.vertx.core.json.JsonObject");

  @ArchTest
  static final ArchRule PROCESSES_ARE_STARTED_BY_THEIR_OWNERS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.selfheal.worker",
              "io.selfheal.store",
              "io.selfheal.demo",
              "io.selfheal.remedy",
              "io.selfheal.symptom")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.ProcessBuilder");

  @ArchTest
  static final ArchRule SURROUNDINGS_ONLY_IN_THE_ROOT =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.selfheal", "io.selfheal.demo")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(java.time.Clock.class, "systemUTC")
          .orShould()
          .callMethod(java.time.InstantSource.class, "system");

  @ArchTest
  static final ArchRule NO_MUTABLE_STATICS =
      fields()
          .that()
          .areStatic()
          .and()
          .areDeclaredInClassesThat()
          .resideInAPackage("io.selfheal..")
          .and()
          .doNotHaveName("$VALUES")
          .should()
          .beFinal();

  private static ArchRule mayUse(String name, String... others) {
    String[] allowed = Stream.concat(Stream.of(name), Arrays.stream(others)).toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage("io.selfheal." + name)
        .should(new OwnHouse("import only " + String.join(", ", allowed), allowed));
  }

  private static String[] packages(String... names) {
    return Arrays.stream(names).map(name -> "io.selfheal." + name + "..").toArray(String[]::new);
  }
}
