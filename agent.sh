#!/bin/sh
# The one entry to Selfheal: ./agent.sh help lists the commands.
set -eu

script=$0
while [ -L "$script" ]; do
  target=$(readlink "$script")
  case $target in
    /*) script=$target ;;
    *) script=$(dirname "$script")/$target ;;
  esac
done
home=$(cd "$(dirname "$script")" && pwd)
jar=$home/target/selfheal.jar

say() { printf '%s\n' "$*" >&2; }

# Prints the major version of the JDK in a directory, or 0. The release file saves starting a JVM.
jdk_major() {
  version=0
  if [ -x "$1/bin/java" ] && [ -r "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  fi
  printf '%s' "${version:-0}"
}

find_jdk() {
  on_path=$(command -v java || true)
  if [ -n "$on_path" ]; then
    on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/java/* /opt/jdk* /usr/java/* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/* "${HOME:-/nonexistent}"/.jdks/*; do
    if [ -n "$candidate" ] && [ "$(jdk_major "$candidate")" -ge 25 ]; then
      printf '%s' "$candidate"
      return 0
    fi
  done
  return 1
}

need_jdk() {
  if ! JAVA_HOME=$(find_jdk); then
    say "Selfheal needs a JDK 25 or later, and none is in JAVA_HOME, on the PATH or under /usr/lib/jvm."
    say "Get one from your packages (openjdk-25-jdk, temurin-25-jdk) or from https://adoptium.net, then run this again."
    exit 1
  fi
  export JAVA_HOME
}

need_maven() {
  if ! command -v mvn >/dev/null 2>&1; then
    say "Building Selfheal needs Apache Maven 3.8 or later, and there is no mvn on the PATH."
    say "Get it from your packages (apt-get install maven, dnf install maven), then run this again."
    exit 1
  fi
}

# Python writes its caches beside the client's modules whenever a worker imports them from there.
stale() {
  [ ! -f "$jar" ] || [ ! -d "$home/target/lib" ] \
    || [ -n "$(find "$home/src/main" "$home/pom.xml" -path "$home/src/main/python" -prune \
      -o -newer "$jar" -print -quit)" ]
}

# Runs a command that builds, quietly unless it fails.
building() {
  say "Building $1 ..."
  shift
  need_maven
  log=$(mktemp)
  # The lock keeps two builds out of one target folder; where flock is missing they must not overlap.
  if ! (
    cd "$home"
    mkdir -p target
    if command -v flock >/dev/null 2>&1; then exec 9>target/.lock; flock 9; fi
    "$@"
  ) >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    say "The build failed; its messages are above."
    exit 1
  fi
  rm -f "$log"
}

# A jar whose content would be the same is left as it is: it is dated to the start of this build.
build_jar() {
  ! stale || {
    touch target/.building \
      && mvn -B -q -Dmaven.test.skip=true package \
      && touch -r target/.building "$jar"
  }
}

build() {
  [ -f "$home/pom.xml" ] || return 0
  stale || return 0
  building "Selfheal (the first time fetches its libraries)" build_jar
}

# The mark is older than whatever changes while Maven runs.
bench_mark=$home/target/.bench

bench_stale() {
  stale || [ ! -f "$bench_mark" ] \
    || [ -n "$(find "$home/src" "$home/pom.xml" -newer "$bench_mark" -print -quit)" ]
}

build_bench() {
  ! bench_stale || {
    touch "$bench_mark.new" \
      && mvn -B -q -DskipTests package dependency:build-classpath \
        -Dmdep.outputFile=target/test.classpath -Dmdep.includeScope=test \
      && touch -r "$bench_mark.new" "$jar" \
      && mv "$bench_mark.new" "$bench_mark"
  }
}

maven() {
  need_maven
  cd "$home"
  exec mvn -B "$@"
}

# The configuration file that the arguments name, or where the agent looks without.
config_file() {
  file=${SELFHEAL_CONFIG:-}
  while [ $# -gt 0 ]; do
    case $1 in
      --config) file=${2:-} ;;
      --config=*) file=${1#--config=} ;;
    esac
    shift
  done
  if [ -z "$file" ] && [ -e /etc/selfheal/agent.yaml ]; then file=/etc/selfheal/agent.yaml; fi
  printf '%s' "${file:-$home/conf/agent.yaml}"
}

# Whether workers will ask it for permits: its configuration names services.
names_services() {
  [ "${1:-}" = run ] && grep -q '^services:[[:space:]]*\(#.*\)\{0,1\}$' "$(config_file "$@")" 2>/dev/null
}

busy=${SELFHEAL_BUSY:-auto}
if [ "$busy" = auto ]; then
  if names_services "$@"; then busy=yes; else busy=no; fi
fi
case $busy in
  no)
    # Compiled code of the first tier only, and that soon: what runs once a second would be interpreted for minutes.
    compiled="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.1 -XX:ReservedCodeCacheSize=24m"
    ;;
  yes)
    # What is really hot gets to the second compiler, whose thresholds are those of the JVM once they are scaled.
    # Measured on 2 cores with the load beside it: 29,000 instead of 6,800 permits with their reports a second, and
    # 44 instead of 72 us each, for 20 to 40 MiB more memory and twice the processor time of an idle agent (1.4
    # instead of 0.7 % of a core): so it is not for an agent without services.
    compiled="-XX:+UseSerialGC -XX:CompileThresholdScaling=0.3 -XX:ReservedCodeCacheSize=48m \
      -XX:Tier4InvocationThreshold=17000 -XX:Tier4MinInvocationThreshold=2000 \
      -XX:Tier4CompileThreshold=50000 -XX:Tier4BackEdgeThreshold=130000"
    ;;
  *)
    say "SELFHEAL_BUSY is yes, no or auto, not \"$SELFHEAL_BUSY\"."
    exit 78
    ;;
esac

need_jdk
case "${1:-}" in
  test)
    shift
    maven verify "$@"
    ;;
  bench)
    shift
    if bench_stale; then building "Selfheal and its benchmarks" build_bench; fi
    # Sweeps run in this very JVM: compiled as in the agent.
    case "${1:-}" in
      sweep) as_agent=$compiled ;;
      *) as_agent= ;;
    esac
    # shellcheck disable=SC2086
    exec "$JAVA_HOME/bin/java" $as_agent --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
      -Dselfheal.home="$home" -Dselfheal.log=WARN \
      -cp "$home/target/test-classes:$home/target/classes:$(cat "$home/target/test.classpath")" \
      io.selfheal.bench.Bench "$@"
    ;;
esac

build
# The agent logs what changes; the other commands speak for themselves.
case "${1:-}" in
  run) log=INFO ;;
  *) log=WARN ;;
esac
# Small and steady: one collector thread, room for 1,000 page viewers, and what the start took goes back (10 MiB).
# shellcheck disable=SC2086
exec "$JAVA_HOME/bin/java" $compiled \
  -Xms16m -Xmx128m -Xss512k -XX:TrimNativeHeapInterval=30000 \
  -XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError -Xshare:auto \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Dselfheal.home="$home" -Dselfheal.log=$log ${SELFHEAL_JAVA_OPTS:-} -jar "$jar" "$@"
