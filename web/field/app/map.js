// A map that needs no signal: places where they stand, villages by name. Villages have no position of their own, so they
// stand in a row below, never somewhere on the map that they are not.
import { h, svg } from "./dom.js";
import { said, t } from "./words.js";

const WIDE = 360;
const HIGH = 260;
const EDGE = 28;

export function drawMap(map, open) {
  const placed = map.places.filter((place) => Number.isFinite(place.lon) && Number.isFinite(place.lat));
  const count = (code) => open.filter(({ person }) => (person.home ?? "").startsWith(code)).length;
  return h(
    "section",
    { class: "fcard fmap", "aria-label": t("view-map") },
    h("h2", { class: "vh" }, t("view-map")),
    placed.length ? ground(placed, count, map) : h("p", { class: "hint" }, t("map-no-places")),
    map.townships.map((township) => villages(township, count)),
    h("p", { class: "hint" }, t("map-note")),
  );
}

function ground(placed, count, map) {
  const lons = placed.map((place) => place.lon);
  const lats = placed.map((place) => place.lat);
  const middle = (Math.min(...lats) + Math.max(...lats)) / 2;
  // A degree of longitude is shorter than one of latitude, by the cosine.
  const squeeze = Math.cos((middle * Math.PI) / 180);
  const spanX = Math.max((Math.max(...lons) - Math.min(...lons)) * squeeze, 0.004);
  const spanY = Math.max(Math.max(...lats) - Math.min(...lats), 0.004);
  const scale = Math.min((WIDE - 2 * EDGE) / spanX, (HIGH - 2 * EDGE) / spanY);
  const x = (lon) => WIDE / 2 + (lon - (Math.min(...lons) + Math.max(...lons)) / 2) * squeeze * scale;
  const y = (lat) => HIGH / 2 - (lat - middle) * scale;
  const kilometre = scale / 111.32;
  const names = new Map(map.townships.flatMap((township) => township.villages.map((village) => [village.code, village.name])));
  const marks = placed.map((place) => {
    const n = place.division.length === 12 ? count(place.division) : 0;
    const words = `${place.name}${names.has(place.division) ? `，${names.get(place.division)}` : ""}${n ? `，${t("to-see-n", { n })}` : ""}`;
    return svg("g", { class: n ? "mk mk-due" : "mk" }, svg("title", {}, words), mark(place.kind, x(place.lon), y(place.lat)), n ? svg("text", { x: x(place.lon), y: y(place.lat) - 10, "text-anchor": "middle" }, String(n)) : "");
  });
  return h(
    "div",
    {},
    svg("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, class: "fmap-g", role: "img", "aria-label": t("map-spoken", { n: placed.length }) }, svg("rect", { width: WIDE, height: HIGH, class: "mk-land" }), marks, bar(kilometre)),
    h("details", {}, h("summary", {}, t("map-places", { n: placed.length })), h("ul", { class: "fdone" }, placed.map((place) => h("li", {}, `${place.name}　${said(place.label)}`)))),
  );
}

// Shapes tell kinds apart, not colour alone.
function mark(kind, x, y) {
  if (/hospital|clinic/.test(kind)) return svg("path", { d: `M${x - 2} ${y - 7}h4v5h5v4h-5v5h-4v-5h-5v-4h5Z` });
  if (/canteen|meal|restaurant/.test(kind)) return svg("path", { d: `M${x} ${y - 7} ${x + 7} ${y + 6}H${x - 7}Z` });
  if (/home|centre/.test(kind)) return svg("rect", { x: x - 6, y: y - 6, width: 12, height: 12 });
  return svg("circle", { cx: x, cy: y, r: 6 });
}

function bar(kilometre) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50];
  const step = steps.find((one) => one * kilometre > 40) ?? 50;
  const long = step * kilometre;
  return svg("g", { class: "mk-bar" }, svg("path", { d: `M12 ${HIGH - 12}v-5m0 5h${long}m0 0v-5` }), svg("text", { x: 16 + long, y: HIGH - 11 }, step < 1 ? `${step * 1000} m` : `${step} km`));
}

function villages(township, count) {
  const most = Math.max(1, ...township.villages.map((village) => count(village.code)));
  return h(
    "div",
    { class: "fmap-t" },
    h("h3", {}, township.name),
    h(
      "ul",
      { class: "fmap-v" },
      township.villages
        .map((village) => ({ ...village, n: count(village.code) }))
        .filter((village) => village.n > 0 || township.villages.length <= 12)
        .map((village) => h("li", { class: village.n ? "due" : "" }, svg("svg", { viewBox: "0 0 40 40", "aria-hidden": "true" }, svg("circle", { cx: 20, cy: 20, r: village.n ? 8 + (10 * village.n) / most : 4 })), h("span", {}, village.name), h("b", { class: "num" }, village.n ? String(village.n) : ""))),
    ),
  );
}
