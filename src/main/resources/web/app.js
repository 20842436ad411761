// Keeps what is known of the agent, from snapshots and the live feed, and shows it.

import { Feed } from "./feed.js";
import * as view from "./views.js";

const HISTORY = 90;
const known = { health: { status: "unknown", checks: [] }, healing: { paused: false }, incidents: [], workers: [], services: [], host: null };
const history = { cpu: [], memory: [], load: [], network: [], pressure_cpu: [], pressure_memory: [], pressure_io: [] };
let shown = false;

async function get(path, ...allowed) {
  const response = await fetch(path, { headers: { accept: "application/json" } });
  if (!response.ok && !allowed.includes(response.status)) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

const load = {
  agent: async () => view.showAgent(await get("/api/v1/agent")),
  health: async () => {
    known.health = await get("/health/ready", 503);
    known.healing = await get("/api/v1/healing");
    view.showComponents(known.health);
    overall();
  },
  host: async () => {
    known.host = (await get("/api/v1/host")).host;
    view.showHost(known.host, history);
  },
  workers: async () => {
    known.workers = (await get("/api/v1/workers")).workers;
    view.showWorkers(known.workers);
  },
  jobs: async () => view.showJobs((await get("/api/v1/jobs/sources")).sources),
  services: async () => {
    known.services = (await get("/api/v1/services")).services;
    view.showServices(known.services);
    overall();
  },
  incidents: async () => {
    known.incidents = (await get("/api/v1/incidents?limit=50")).incidents;
    view.showIncidents(known.incidents);
    overall();
  },
};

function overall() {
  view.showOverall(known);
}

// Loads soon, and not twice at once: events come in bursts.
const waiting = new Map();
function soon(name, pause = 250) {
  if (waiting.has(name)) return;
  waiting.set(name, setTimeout(async () => {
    waiting.delete(name);
    await attempt(name);
  }, pause));
}

async function attempt(name) {
  try {
    await load[name]();
  } catch (failure) {
    console.warn(`${name} could not be loaded`, failure);
    soon(name, 2000);
  }
}

function remember(host) {
  const add = (name, value) => {
    if (value === null || value === undefined) return;
    history[name].push(value);
    if (history[name].length > HISTORY) history[name].shift();
  };
  add("cpu", host.cpu?.busy_share);
  if (host.memory) add("memory", 1 - host.memory.available_bytes / host.memory.total_bytes);
  add("load", host.load?.one_minute);
  if (host.network) add("network", host.network.reduce((sum, each) => sum + each.received_bytes_per_second + each.sent_bytes_per_second, 0));
  for (const pressure of host.pressure ?? []) add(`pressure_${pressure.resource}`, pressure.some_ten_seconds);
}

function take(event) {
  const concern = event.type.split(".")[0];
  if (event.type === "host.sampled") {
    known.host = event.data.host;
    remember(known.host);
    view.showHost(known.host, history);
  } else if (event.type === "worker.sampled") {
    for (const worker of known.workers) {
      for (const each of worker.processes) {
        if (each.instance === event.data.instance && each.process?.pid === event.data.process.pid) each.reading = event.data.reading;
      }
    }
    soon("workersView");
  } else if (concern === "worker") {
    soon("workers");
  } else if (concern === "breaker" || concern === "limit" || concern === "budget") {
    soon("services");
    soon("health");
  } else if (concern === "job" || concern === "sweep") {
    soon("jobs");
  } else if (concern === "incident") {
    soon("incidents");
    soon("workers");
  } else {
    soon("health");
  }
}
load.workersView = async () => view.showWorkers(known.workers);

const SAMPLES = ["host.sampled", "worker.sampled"];

function everything() {
  for (const name of ["agent", "health", "host", "workers", "jobs", "services", "incidents"]) soon(name, 0);
}

const feed = new Feed({
  opened() {
    view.banner(null);
    if (!shown) get("/api/v1/events?limit=50").then((page) => view.addToFeed(page.events.filter((event) => !SAMPLES.includes(event.type))));
    shown = true;
    everything();
  },
  events(events) {
    events.forEach(take);
    const samples = document.getElementById("samples").checked;
    view.addToFeed(events.filter((event) => samples || !SAMPLES.includes(event.type)));
  },
  gap() {
    everything();
  },
  closed(seconds) {
    view.banner(`The agent does not answer. Trying again in ${seconds} s; what you see is from before.`);
    const element = document.getElementById("overall");
    element.dataset.state = "bad";
    element.textContent = "Disconnected";
  },
});

feed.connect();
setInterval(() => { soon("agent"); soon("health"); soon("jobs"); soon("services"); }, 5000);
