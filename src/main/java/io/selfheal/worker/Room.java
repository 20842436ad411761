package io.selfheal.worker;

/** The parts that live between the verticle's start and its stop. */
record Room(
    Roster roster,
    Problems problems,
    DeathWatch deaths,
    Watching watching,
    Searching searching,
    Sampling sampling,
    Starter starter,
    Adoption adoption,
    Ender ender,
    Heartbeats heartbeats,
    Verdicts verdicts,
    Tracing tracing) {

  static Room build(Tools tools, WorkersConfig config, Facts facts, DeathWatch deaths) {
    Roster roster = new Roster(config, tools.time().now());
    Problems problems = new Problems(tools.bus());
    Attending attending = new Attending(Attention.from(tools.time().mark()));
    boolean pidfds = facts.pidfdRefusal() == 0;
    Watching watching = new Watching(tools, roster, problems, deaths, attending, pidfds);
    Searching searching = new Searching(tools, roster, watching);
    Sampling sampling = new Sampling(tools, roster, watching, attending);
    String home = facts.home().toString();
    Launcher launcher = new Launcher(facts.home());
    Starter starter = new Starter(tools, roster, watching, searching, launcher, home);
    return new Room(
        roster,
        problems,
        deaths,
        watching,
        searching,
        sampling,
        starter,
        new Adoption(tools, roster, watching, starter, home),
        new Ender(tools, roster),
        new Heartbeats(tools, roster, watching, searching, sampling),
        new Verdicts(tools, roster, searching, new Crews(tools, roster, home)),
        new Tracing(tools, roster));
  }
}
