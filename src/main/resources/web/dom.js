// The smallest way to build elements: text is always text, never markup.

export function make(tag, attributes = {}, ...children) {
  const element = tag === "svg" || tag === "polyline"
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function badge(text, state) {
  return make("span", { class: "badge", "data-state": state }, text);
}

export function table(heads, rows) {
  const numbers = heads.map((head) => head.endsWith("#"));
  return make("div", { class: "scroll" },
    make("table", {},
      make("thead", {}, make("tr", {}, ...heads.map((head, i) =>
        make("th", { scope: "col", class: numbers[i] ? "number" : null }, head.replace("#", ""))))),
      make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((cell, i) =>
        make("td", { class: numbers[i] ? "number" : null }, cell)))))));
}

export function empty(text) {
  return make("p", { class: "empty" }, text);
}

// A line of the last values, 0 to max.
export function sparkline(values, max) {
  const top = max ?? Math.max(...values, 1e-9);
  const step = 100 / Math.max(values.length - 1, 1);
  const points = values.map((value, i) =>
    `${(i * step).toFixed(1)},${(32 - Math.min(value / top, 1) * 30).toFixed(1)}`).join(" ");
  return make("svg", { viewBox: "0 0 100 34", preserveAspectRatio: "none", "aria-hidden": "true" },
    make("polyline", { points }));
}
