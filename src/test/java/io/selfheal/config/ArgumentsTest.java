package io.selfheal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is hidden of a command line, and what is not. Arguments are divided by {@code ^}. */
class ArgumentsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "node^w.js^pg-boss^postgresql://selfheal:s3cr3t@db:5432/x | node^w.js^pg-boss^postgresql://selfheal:***@db:5432/x",
        "w^--url=amqp://me:a@b:c@host/v?x=y@z | w^--url=amqp://me:***@host/v?x=y@z",
        "w^postgres://u:12345@h/x | w^postgres://u:***@h/x",
        "w^postgres://u:pa/ss@h/x | w^postgres://u:***@h/x",
        "w^redis://:pw@h,redis://:qw@i | w^redis://:***@h,redis://:***@i",
        "w^http://a:9200,http://u:p@b/x | w^http://a:9200,http://u:***@b/x",
        "w^smtp://me@mail.com:pw@relay | w^smtp://me@mail.com:***@relay",
        "node: w.js postgresql://u:p@h/x idle | node: w.js postgresql://u:***@h/x idle",
        "w^jdbc:postgresql://h/x?user=u&password=pw&ssl=true | w^jdbc:postgresql://h/x?user=u&password=***&ssl=true",
        "w^host=h password=pw dbname=x | w^host=h password=*** dbname=x",
        "w^host=h password='p w' dbname=x | w^host=h password='***' dbname=x",
        "w^--password=a b&c^--queue=mail | w^--password=***^--queue=mail",
        "w^--password^a b^--queue^mail | w^--password^***^--queue^mail",
        "w^-token^-Ab9_x^-v | w^-token^***^-v",
        "w^--password^-v^--api-key^--debug | w^--password^-v^--api-key^--debug",
        "w^--no-password^mail | w^--no-password^mail",
        "env^PGPASSWORD=p w^psql | env^PGPASSWORD=***^psql",
        "AWS_SECRET_ACCESS_KEY=x^MYSQL_PWD=x^REDIS_PASS=x^apikey=x | AWS_SECRET_ACCESS_KEY=***^MYSQL_PWD=***^REDIS_PASS=***^apikey=***",
        "java^-Djavax.net.ssl.keyStorePassword=x^-jar^w.jar | java^-Djavax.net.ssl.keyStorePassword=***^-jar^w.jar",
        "curl^-H^Authorization: Bearer x.y^-H^X-Api-Key: x | curl^-H^Authorization: ***^-H^X-Api-Key: ***",
        "sh^-c^exec w --token x --passwd 'p w' --mode a | sh^-c^exec w --token *** --passwd '***' --mode a",
        "sh^-c^A=1 PGPASSWORD=x w -H 'Authorization: Bearer x' | sh^-c^A=1 PGPASSWORD=*** w -H 'Authorization: ***",
        "w^{\"user\":\"u\",\"password\":\"p\\\"w\",\"a\":1} | w^{\"user\":\"u\",\"password\":\"***\",\"a\":1}",
        // near misses
        "w^-p^8080^http://h:8080/@scope^http://[::1]:80/@x | w^-p^8080^http://h:8080/@scope^http://[::1]:80/@x",
        "w^https://git@host/x^me@host^a:b@c | w^https://git@host/x^me@host^a:b@c",
        "w^--password-file=/x^--token-ttl^5^--max-tokens=9 | w^--password-file=/x^--token-ttl^5^--max-tokens=9",
        "env^PWD=/x^OLDPWD=/y^--bypass=1^--compass=n^--key=a | env^PWD=/x^OLDPWD=/y^--bypass=1^--compass=n^--key=a",
        "w^--password=^--tokenizer=bpe^secret://a/b^token | w^--password=^--tokenizer=bpe^secret://a/b^token",
      })
  void onlySecretsAreHidden(String command, String shown) {
    List<String> arguments = List.of(command.split("\\^"));
    assertEquals(List.of(shown.split("\\^")), Arguments.shown(arguments));
    assertEquals(List.of(shown.split("\\^")), Arguments.shown(Arguments.shown(arguments)));
  }

  /** Some ways to write an expression take the stack of the thread, or the square of the time. */
  @Test
  void longArgumentsAreNoTrouble() {
    String secret = "s".repeat(200_000);
    assertEquals(
        List.of("a {\"password\":\"***\"}", "-a x://u:***@h", "--token", "***"),
        Arguments.shown(
            List.of(
                "a {\"password\":\"" + secret + "\"}",
                "-a x://u:" + secret + "@h",
                "--token",
                secret)));
    String harmless = " --a-b.c=x://h:80,a\"'{(".repeat(10_000);
    assertEquals(List.of(harmless, secret), Arguments.shown(List.of(harmless, secret)));
  }

  /** An argument with what stands for it. */
  record Pair(String given, String shown) {}

  @Property
  void nothingElseChanges(@ForAll("lines") List<Pair> line) {
    assertEquals(
        line.stream().map(Pair::shown).toList(),
        Arguments.shown(line.stream().map(Pair::given).toList()));
  }

  @Provide
  Arbitrary<List<Pair>> lines() {
    Arbitrary<String> word = Arbitraries.strings().withCharRange('a', 'i').ofMinLength(1);
    Arbitrary<String> secret =
        Arbitraries.strings().withCharRange('!', '~').excludeChars('/', '?', '#').ofMinLength(1);
    Arbitrary<List<Pair>> plain =
        Arbitraries.oneOf(
                word,
                word.map(text -> "--" + text),
                word.map(text -> "--" + text + "=" + text),
                word.map(text -> "-" + text.charAt(0) + "=a b, c; d"),
                word.map(text -> "http://" + text + ":8080/" + text + "?" + text + "=@" + text))
            .map(text -> List.of(new Pair(text, text)));
    Arbitrary<List<Pair>> hidden =
        Combinators.combine(word, secret)
            .flatAs(
                (name, value) ->
                    Arbitraries.of(
                        List.of(
                            new Pair(
                                "x://" + name + ":" + value + "@" + name + "/?a=@",
                                "x://" + name + ":***@" + name + "/?a=@")),
                        List.of(
                            new Pair("--" + name + "-token=" + value, "--" + name + "-token=***")),
                        List.of(
                            new Pair("--" + name + "-secret", "--" + name + "-secret"),
                            new Pair("s" + value, "***"))));
    return Arbitraries.oneOf(plain, hidden)
        .list()
        .ofMaxSize(8)
        .map(
            parts -> {
              List<Pair> line = new ArrayList<>();
              parts.forEach(line::addAll);
              return line;
            });
  }
}
