// Numbers and times as a person says them. Pure.

export function duration(ms) {
  if (ms === null || ms === undefined) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${(ms / 3_600_000).toFixed(1)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

export function bytes(value) {
  if (value === null || value === undefined || value < 0) return "–";
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value.toFixed(value < 10 && unit > 0 ? 1 : 0)} ${units[unit]}`;
}

export function share(value) {
  if (value === null || value === undefined || value < 0) return "–";
  return `${(value * 100).toFixed(1)} %`;
}

export function money(value) {
  return value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 6 });
}

export function number(value) {
  if (value === null || value === undefined || value < 0) return "–";
  return value.toLocaleString("en");
}

export function clock(time) {
  return new Date(time).toLocaleTimeString("en-GB", { hour12: false });
}

// With milliseconds, where the order of things matters.
export function fineClock(time) {
  return `${clock(time)}.${String(new Date(time).getMilliseconds()).padStart(3, "0")}`;
}

export function between(from, to) {
  return duration(Math.max(0, new Date(to) - new Date(from)));
}

const TELLING = ["summary", "limit", "state", "result", "reason", "detail", "evidence", "remedy", "outcome", "cause", "status",
  "effect", "count", "rescued", "error"];

// What an event has to say, in a line.
export function tell(event) {
  const data = event.data ?? {};
  const parts = [];
  for (const name of TELLING) {
    const value = data[name];
    if (value === null || value === undefined || value === "" || typeof value === "object") continue;
    parts.push(typeof value === "string" ? value : `${name} ${value}`);
  }
  if (data.process?.pid) parts.push(`pid ${data.process.pid}`);
  return parts.join(" · ");
}
