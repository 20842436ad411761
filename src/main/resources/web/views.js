// What is shown, from what is known. Each view replaces its own element.

import { badge, empty, make, sparkline, table } from "./dom.js";
import { between, bytes, clock, duration, fineClock, money, number, share, tell } from "./words.js";

const LIVENESS = { running: "good", frozen: "warn", silent: "warn", lost: "bad", stopped: "bad" };
const STATUS = { healthy: "good", degraded: "warn", error: "bad", unavailable: "bad", unknown: "unknown" };
const STATE = { closed: "good", self_recovered: "good", escalated: "bad", opened: "warn", waiting: "warn", healing: "warn", verifying: "warn" };
const OVER = ["closed", "self_recovered", "escalated"];

function put(id, ...children) {
  document.getElementById(id).replaceChildren(...children);
}

export function showAgent(agent) {
  const facts = {
    host: agent.host,
    version: agent.version,
    up: duration(agent.uptime_ms),
    cpu: share(agent.cpu_share),
    memory: bytes(agent.rss_bytes),
    "events/s": agent.events_per_second?.toFixed(1) ?? "–",
  };
  put("agent", ...Object.entries(facts).map(([name, value]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, value))));
}

export function showOverall({ health, incidents, healing, services }) {
  const open = incidents.filter((incident) => !OVER.includes(incident.state)).length;
  const ill = health.checks.filter((check) => check.status !== "healthy");
  let state = "good";
  let text = "All is well";
  const refused = services.filter((service) => ["open", "forced_open"].includes(service.breaker.state));
  if (refused.length) [state, text] = ["warn", `Calls are refused: ${refused.map((service) => service.name).join(", ")}`];
  if (healing.paused) [state, text] = ["warn", `Healing is paused: ${healing.reason}`];
  if (ill.length) [state, text] = ["warn", ill.map((check) => `${check.name} ${check.status}`).join(", ")];
  if (open) [state, text] = ["warn", `Healing ${open} ${open === 1 ? "incident" : "incidents"}`];
  const waiting = incidents.filter((incident) => incident.state === "waiting").length;
  if (waiting) [state, text] = ["warn", `${waiting} ${waiting === 1 ? "incident waits" : "incidents wait"} for your approval`];
  if (health.status !== "up") [state, text] = ["bad", `Not ready: ${ill.map((check) => check.name).join(", ")}`];
  const element = document.getElementById("overall");
  element.dataset.state = state;
  element.textContent = text;
  document.title = state === "good" ? "Selfheal" : `${text} – Selfheal`;
}

function card(title, value, note, history, max) {
  return make("div", { class: "card" },
    make("h3", {}, title), make("p", {}, value),
    history && history.length > 1 ? sparkline(history, max) : null,
    make("small", {}, note));
}

export function showHost(host, history) {
  if (!host) return put("host", empty("No reading yet."));
  const cards = [];
  if (host.cpu) {
    cards.push(card("CPU", share(host.cpu.busy_share),
      `${host.cpu.per_core_share.length} cores, iowait ${share(host.cpu.iowait_share)}, steal ${share(host.cpu.steal_share)}`,
      history.cpu, 1));
  }
  if (host.memory) {
    const used = host.memory.total_bytes - host.memory.available_bytes;
    cards.push(card("Memory", share(used / host.memory.total_bytes),
      `${bytes(host.memory.available_bytes)} of ${bytes(host.memory.total_bytes)} available`, history.memory, 1));
  }
  if (host.load) {
    cards.push(card("Load", host.load.one_minute.toFixed(2),
      `${host.load.five_minutes.toFixed(2)} · ${host.load.fifteen_minutes.toFixed(2)}`, history.load));
  }
  const fullest = (host.disks ?? []).filter((disk) => disk.total_bytes > 0)
    .map((disk) => ({ ...disk, used: 1 - disk.usable_bytes / disk.total_bytes }))
    .sort((a, b) => b.used - a.used)[0];
  if (fullest) cards.push(card("Fullest disk", share(fullest.used), `${fullest.mount}: ${bytes(fullest.usable_bytes)} free`));
  const traffic = (host.network ?? []).reduce((sum, each) => sum + each.received_bytes_per_second + each.sent_bytes_per_second, 0);
  if (host.network) cards.push(card("Network", `${bytes(traffic)}/s`, host.network.map((each) => each.name).join(", "), history.network));
  for (const pressure of host.pressure ?? []) {
    cards.push(card(`Pressure: ${pressure.resource}`, share(pressure.some_ten_seconds), "of the last 10 s some task waited", history[`pressure_${pressure.resource}`]));
  }
  const problems = Object.entries(host.problems ?? {}).map(([name, why]) => make("p", { class: "problem" }, `${name}: ${why}`));
  return put("host", ...cards, ...problems);
}

export function showWorkers(workers) {
  if (!workers.length) return put("workers", empty("None are configured. Name them under workers: in the configuration."));
  const rows = [];
  for (const worker of workers) {
    for (const each of worker.processes) {
      rows.push([
        make("span", {}, each.instance), each.process ? String(each.process.pid) : "–",
        badge(each.liveness, LIVENESS[each.liveness]), share(each.reading?.cpu_share),
        bytes(each.reading?.rss_bytes), number(each.reading?.open_files), number(each.reading?.threads), number(each.restarts)]);
    }
    if (!worker.processes.length) rows.push([worker.id, "–", badge("none found", "bad"), "–", "–", "–", "–", "–"]);
  }
  const problems = workers.filter((worker) => worker.problem)
    .map((worker) => make("p", { class: "problem" }, `${worker.id}: ${worker.problem}`));
  return put("workers", table(["Worker", "Pid", "Liveness", "CPU#", "Memory#", "Files#", "Threads#", "Restarts#"], rows), ...problems);
}

export function showJobs(sources) {
  if (!sources.length) return put("jobs", empty("None are configured. Name your job tables under sources: in the configuration."));
  return put("jobs", ...sources.map((source) => make("article", {},
    make("div", {}, make("strong", {}, source.name), " ", make("code", {}, source.table), " ",
      source.problem ? badge("not swept", "bad") : badge("watched", "good")),
    source.counts
      ? make("ul", { class: "counts" }, ...Object.entries(source.counts).map(([state, count]) => make("li", {}, make("b", {}, number(count)), ` ${state}`)))
      : null,
    make("p", { class: "empty" },
      `${number(source.rescued)} rescued since the start · oldest running ${duration(source.oldest_running_ms)} · last sweep took ${duration(source.last_sweep_took_ms)}`),
    source.problem ? make("p", { class: "problem" }, source.problem) : null,
    source.advice ? make("p", { class: "empty" }, "Advice: ", make("code", { class: "lines" }, source.advice)) : null)));
}

const BREAKER = { closed: "good", half_open: "warn", open: "bad", forced_open: "bad", forced_closed: "warn", disabled: "warn" };

function spent(budget) {
  if (!budget) return "–";
  const others = budget.elsewhere ? `, ${money(budget.elsewhere)} by other agents` : "";
  const text = `${money(budget.spent + budget.elsewhere)} of ${money(budget.amount)} ${budget.currency} a ${budget.per}${others}`;
  return budget.level === "fine" ? text : make("span", {}, `${text} `, badge(budget.level, budget.level === "exhausted" ? "bad" : "warn"));
}

export function showServices(services) {
  document.getElementById("services-section").hidden = !services.length;
  const rows = services.map((service) => [
    service.name,
    make("span", {}, badge(service.breaker.state.replaceAll("_", " "), BREAKER[service.breaker.state]),
      service.breaker.reason ? ` ${service.breaker.reason}` : ""),
    number(service.rates.calls), share(service.rates.failure_rate),
    duration(service.durations?.p50_ms), duration(service.durations?.p99_ms),
    service.limits.concurrent === null ? number(service.limits.open) : `${service.limits.open} of ${service.limits.concurrent}`,
    spent(service.budget)]);
  put("services", table(["Service", "Breaker", "Calls#", "Failed#", "p50#", "p99#", "At once#", "Budget"], rows));
}

export function showComponents(health) {
  put("components", table(["Component", "Status", "Detail"], health.checks.map((check) =>
    [check.name, badge(check.status, STATUS[check.status]), check.detail ?? ""])));
}

// The timeline tells of every remedy itself, and of what a guardrail held; what they allowed stands beside it.
function story(incident) {
  const lines = incident.timeline.map((entry) => [entry.at, entry.kind, entry.text]);
  for (const guardrail of incident.guardrails.filter((one) => one.allowed)) {
    lines.push([guardrail.at, "guardrail", `${guardrail.name} allows ${guardrail.remedy}: ${guardrail.reason}`]);
  }
  return lines.sort((a, b) => new Date(a[0]) - new Date(b[0]));
}

// The cause may be older than what the page shows.
function cause(incident, incidents) {
  const known = incidents.find((other) => other.id === incident.caused_by);
  return make("p", { class: "empty" }, "Caused by ", known ? known.summary : make("code", {}, incident.caused_by));
}

export function showIncidents(incidents) {
  const open = new Set([...document.querySelectorAll("#incidents details[open]")].map((each) => each.dataset.id));
  const running = incidents.filter((incident) => !OVER.includes(incident.state)).length;
  document.getElementById("incidents-count").textContent =
    incidents.length ? `${running} open, ${incidents.length - running} over` : "";
  if (!incidents.length) return put("incidents", empty("None. Nothing has been stuck or broken since the journal began."));
  return put("incidents", ...incidents.map((incident) => {
    const started = open.has(incident.id) || !OVER.includes(incident.state);
    return make("details", { "data-id": incident.id, open: started ? "" : null },
      make("summary", {},
        badge(incident.state.replace("_", " "), STATE[incident.state]),
        make("span", {}, incident.summary, incident.result ? make("span", { class: "took" }, ` — ${incident.result}`) : null),
        make("time", { datetime: incident.opened_at },
          `${clock(incident.opened_at)}${incident.closed_at ? ` · ${between(incident.opened_at, incident.closed_at)}` : ""}`)),
      incident.caused_by ? cause(incident, incidents) : null,
      make("ol", { class: "timeline" }, ...story(incident).map(([at, kind, text]) =>
        make("li", {}, make("time", { datetime: at }, fineClock(at)), make("span", { class: "kind" }, kind.replaceAll("_", " ")), make("span", {}, text)))));
  }));
}

const FEED_LINES = 200;

export function addToFeed(events) {
  const feed = document.getElementById("feed");
  for (const event of events) {
    feed.prepend(make("li", { "data-severity": event.severity },
      make("time", { datetime: event.time }, clock(event.time)),
      make("span", { class: "type" }, event.type),
      make("span", { class: "text" }, make("span", { class: "mono" }, event.subject), " ", tell(event))));
  }
  while (feed.childElementCount > FEED_LINES) feed.lastElementChild.remove();
}

export function banner(text) {
  const element = document.getElementById("banner");
  element.hidden = !text;
  element.textContent = text ?? "";
}
