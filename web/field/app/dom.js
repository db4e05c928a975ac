// Makes elements. What comes from people is always text: there is no way in here to pass markup.
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key in element && typeof value !== "string") element[key] = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
  add(element, children);
  return element;
}

const ICONS = {
  back: "M14.5 5.5 8 12l6.5 6.5",
  off: "M7.2 18.5H7a4 4 0 0 1-.6-7.9A6 6 0 0 1 9 7M12 6a6 6 0 0 1 5.6 4.6A4 4 0 0 1 19 18M4 4l16 16",
  ok: "m5 12.5 4.6 4.6L19 7.5",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 7.5V12l3 2.2",
  alert: "M12 4 2.8 19.5h18.4ZM12 10v4.2M12 16.8v.4",
  call: "M5 4.5h4l1.6 4.6-2.3 1.7a12 12 0 0 0 5 5l1.7-2.3 4.5 1.6v4a1.5 1.5 0 0 1-1.6 1.5C10.6 20 4 13.4 3.5 6.1A1.5 1.5 0 0 1 5 4.5Z",
  photo: "M4 8h4l1.5-2.5h5L16 8h4v11H4ZM12 9.8a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8",
  voice: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  pen: "M4 20c2.5-1 3.6-3 4.6-5.4L17 6.2a1.7 1.7 0 0 1 2.4 2.4L11 17c-2.4 1-4.5 2-7 3ZM13 20h7",
  dot: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
  send: "M12 19V6M6.5 11.5 12 6l5.5 5.5",
};

export function icon(name) {
  return svg("svg", { class: "i", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, svg("path", { d: ICONS[name] }));
}

// Puts new children into an element, in place of the old ones.
export function fill(element, ...children) {
  element.replaceChildren();
  add(element, children);
  return element;
}

// The same for a form that is drawn anew in use: whoever was choosing or typing in it stays where they were.
export function redo(element, ...children) {
  const held = document.activeElement;
  const inside = element.contains(held) ? held : null;
  fill(element, ...children);
  if (!inside) return element;
  const same = (one) => (inside.id ? one.id === inside.id : one.name && one.name === inside.name && one.value === inside.value);
  [...element.querySelectorAll("[id],[name]")].find(same)?.focus({ preventScroll: true });
  return element;
}
