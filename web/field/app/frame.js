// The frame of every screen: the bar with the sync pill on top, the person's strip, two thumb buttons below.
import { fill, h, icon } from "./dom.js";
import { onChange, state } from "./sync.js";
import { said, t } from "./words.js";

const app = () => document.getElementById("app");

// How the sync stands, in a word that leads to the outbox.
function pill(status) {
  const waiting = status.waiting + (status.pictures ?? 0);
  const trouble = status.refused + status.conflicts;
  const offline = status.state === "offline" || !navigator.onLine;
  if (status.state === "sending" && !offline) return ["sync", "send", status.of ? t("pill-sending", { n: status.done + 1, of: status.of }) : t("pill-asking")];
  if (status.fault === "signed-out") return ["sync", "alert", t("pill-signed-out")];
  if (trouble) return ["sync", "alert", t("pill-trouble", { n: trouble })];
  if (offline) return ["sync", "off", waiting ? t("pill-offline-n", { n: waiting }) : t("pill-offline")];
  if (waiting) return ["sync", "clock", t("pill-waiting", { n: waiting })];
  return ["sync sync-on", "ok", t("pill-saved")];
}

const pillWords = h("span", { "aria-live": "polite" });
const pillElement = h("a", { href: "/f/outbox", class: "sync" });
const draw = (status) => {
  const [kind, glyph, text] = pill(status);
  pillElement.className = kind;
  if (pillWords.textContent !== text) pillWords.textContent = text;
  fill(pillElement, icon(glyph), pillWords);
};
onChange(draw);
addEventListener("online", () => draw(state()));
addEventListener("offline", () => draw(state()));

// Shows a screen. `side` stands at the right where there is room.
export function screen({ title, back, strip, main, side, bar, wide }) {
  draw(state());
  document.title = `${title} · ${t("app-name")}`;
  const frame = app();
  frame.className = side || wide ? "fd has-side" : "fd";
  fill(
    frame,
    h(
      "header",
      { class: "fh" },
      back ? h("a", { class: "fh-back", href: back, "aria-label": t("back") }, icon("back")) : h("span", { class: "fh-back" }),
      h("h1", { tabindex: -1, id: "title" }, title),
      pillElement,
    ),
    strip,
    h("div", { class: "fd-row" }, h("main", { id: "main", class: "fm" }, main), side),
    bar ? h("section", { class: "fbar", "aria-label": t("actions") }, bar) : null,
  );
}

// Who this is about: confirmed before anything is recorded.
export function strip(person, { slim = false, tags = [] } = {}) {
  return h(
    "section",
    { class: slim ? "fid slim" : "fid", "aria-label": t("about-whom") },
    h("span", { class: "face", "aria-hidden": "true" }, person.name.slice(0, 1)),
    h("b", {}, `${person.name}　${person.age === null ? "" : t("years", { n: person.age })}`),
    person.phone
      ? h("a", { class: "call", href: `tel:${person.phone.replace(/[^\d+]/g, "")}`, "aria-label": t("call", { name: person.name }) }, icon("call"))
      : h("span", { class: "call", "aria-hidden": "true" }),
    h("div", { class: "tags" }, (person.classes ?? []).map((one) => h("span", { class: "tag tag-risk" }, said(one.label))), level(person.level), tags),
  );
}

export function pips(n) {
  const four = [1, 2, 3, 4].map((at) => h("i", { class: at <= n ? "on" : "" }));
  return h("span", { class: "level", role: "img", "aria-label": t("level-n", { n }) }, four);
}

export function level(n) {
  if (n === null || n === undefined) return null;
  return h("span", { class: "tag" }, pips(n), ` ${t(`level-${n}`)}`);
}

export const note = (kind, ...text) => h("p", { class: `note ${kind}` }, text);

// Asks before what can't be undone.
export function confirmed(question, consequence, yes) {
  return new Promise((resolve) => {
    const dialog = h(
      "dialog",
      { class: "fdlg", "aria-labelledby": "fdlg-q" },
      h("h2", { id: "fdlg-q" }, question),
      h("p", {}, consequence),
      h("div", { class: "fdlg-b" }, h("button", { class: "btn", type: "button", onclick: () => dialog.close("no") }, t("not-now")), h("button", { class: "btn btn-d", type: "button", onclick: () => dialog.close("yes") }, yes)),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
