// Whom to see: by what is most pressing, by village, or on the map; and who was seen.
import { h, icon } from "./dom.js";
import { note, pips, screen } from "./frame.js";
import { drawMap } from "./map.js";
import { state } from "./sync.js";
import { clock, day, left, month, short } from "./time.js";
import { said, t } from "./words.js";

// What a person still needs this month, less what was recorded here since the last pull.
export function dues(person, lines) {
  const made = lines.filter((line) => line.kind === "visit" && line.person === person.id && line.met && line.state !== "refused");
  return (person.due ?? []).map((due) => ({ ...due, done: due.done || made.some((line) => due.kinds.includes(line.visitKind)) }));
}

// Lines of the queue with the little that lists need to know of each.
export async function recorded(vault) {
  const lines = await vault.queue();
  return Promise.all(
    lines.map(async (line) => {
      const { body } = await vault.operation(line);
      return { ...line, met: body.met, visitKind: body.visit_kind, body };
    }),
  );
}

export async function today(vault, query) {
  const people = (await vault.all("person/")).map(([, person]) => person);
  const lines = await recorded(vault);
  const list = people.map((person) => ({ person, due: dues(person, lines) }));
  const open = list.filter(({ due }) => due.some((one) => !one.done));
  const first = ({ due }) => due.filter((one) => !one.done).map((one) => one.due_on ?? "9").sort()[0] ?? "9";
  const view = query.get("view") ?? "due";
  open.sort((a, b) => first(a).localeCompare(first(b)) || (a.person.home ?? "").localeCompare(b.person.home ?? ""));
  if (view === "village") open.sort((a, b) => (a.person.home ?? "").localeCompare(b.person.home ?? "") || first(a).localeCompare(first(b)));
  const visits = lines.filter((line) => line.kind === "visit" || line.kind === "assess");
  const doneToday = visits.filter((line) => day(new Date(line.at)) === day());
  const owing = list.filter(({ due }) => due.length > 0);
  const doneMonth = owing.filter(({ due }) => due.every((one) => one.done)).length;
  const rest = list.filter(({ due }) => !due.some((one) => !one.done));
  const next = open.find(({ person }) => person.may.visit);
  const map = view === "map" ? await vault.get("map") : null;
  const leftDays = await vault.daysLeft();
  screen({
    title: t("today-title"),
    main: [
      progress(doneToday.length, doneMonth, owing.length),
      h(
        "nav",
        { class: "fchips", "aria-label": t("order") },
        ["due", "village", "map"].map((one) => h("a", { href: `/f/today?view=${one}`, "aria-current": one === view ? "true" : undefined }, t(`view-${one}`))),
      ),
      leftDays !== null && leftDays <= 5 ? note("note-w", t("forget-soon", { n: Math.max(0, leftDays) })) : null,
      state().fault === "signed-out" && people.length ? note("note-w", t("signed-out-safe"), " ", h("a", { class: "btn", href: "/sign-in?back=/f/today" }, t("sign-in"))) : null,
      people.length === 0 ? note("", state().fault === "signed-out" ? t("nobody-signed-out") : t("nobody")) : null,
      view === "map" && map ? drawMap(map, open) : null,
      h("h2", { class: "vh" }, t("still-to-see")),
      open.length ? h("ul", { class: "fl" }, open.map(line)) : people.length ? h("p", { class: "fcard" }, t("all-seen")) : null,
      rest.length ? h("details", { class: "fcard" }, h("summary", {}, t("others-n", { n: rest.length })), h("ul", { class: "fl" }, rest.map(line))) : null,
      seen(visits, people),
      h("p", { class: "xs mute" }, await vault.meta("contact") ? t("synced-at", { day: short(day(new Date(await vault.meta("contact")))), time: clock(await vault.meta("contact")), n: await vault.meta("forgetDays") }) : t("never-synced")),
      h("p", { class: "row" }, h("a", { class: "btn btn-q", href: "/f/me" }, t("me"))),
    ],
    bar: [h("a", { class: "btn", href: "/f/outbox" }, t("outbox")), next ? h("a", { class: "btn btn-p two", href: `/f/visits/${next.person.id}` }, t("begin-next")) : null],
  });
}

function progress(done, month_, of) {
  const bar = h("progress", { max: Math.max(1, of), value: month_, "aria-label": t("month-spoken", { n: month_, of }) });
  return h(
    "section",
    { class: "fprog" },
    h("div", {}, h("b", { class: "num" }, done), " ", h("span", {}, t("today"))),
    h("div", {}, h("b", { class: "num" }, month_), ` / ${of} `, h("span", {}, t("month-left", { n: of - month_ }))),
    bar,
  );
}

function line({ person, due }) {
  const open = due.filter((one) => !one.done);
  const soonest = open.map((one) => one.due_on).filter(Boolean).sort()[0];
  const [kind, words] = open.length ? left(soonest) : ["ok", t("seen")];
  const glyph = { danger: "alert", warn: "clock", ok: "ok", mute: "dot" }[kind];
  const target = person.may.visit || !person.may.assess ? `/f/visits/${person.id}` : `/f/assess/${person.id}`;
  return h(
    "li",
    { class: kind === "danger" || kind === "warn" ? "fv hot" : "fv" },
    h(
      "a",
      { href: target },
      h("span", { class: "face", "aria-hidden": "true" }, person.name.slice(0, 1)),
      h(
        "span",
        { class: "fv-m" },
        h("b", {}, person.name),
        person.age === null ? null : [" ", h("span", { class: "nowrap" }, t("years", { n: person.age })), " "],
        person.level > 0 ? pips(person.level) : null,
        h("small", {}, person.address || person.where),
        h("span", { class: "fv-w" }, open.length ? open.map((one) => said(one.label)).join(t("comma")) : `${t("last-time")} ${last(person)}`),
      ),
      h("span", { class: "fv-s" }, h("span", { class: `st st-${kind}` }, icon(glyph), words)),
    ),
  );
}

export const last = (person) => (person.last ? t("last-on", { day: short(person.last.on), kind: t(`kind-${person.last.kind}`) }) : t("never-visited"));

function seen(visits, people) {
  if (visits.length === 0) return null;
  const unsent = visits.filter((one) => one.state === "waiting").length;
  const name = (id) => people.find((person) => person.id === id)?.name ?? id;
  const mood = { waiting: ["warn", "clock"], sent: ["ok", "ok"], conflict: ["warn", "alert"], refused: ["danger", "alert"] };
  const row = (one) => {
    const [kind, glyph] = mood[one.state];
    return h("li", {}, `${name(one.person)}　${short(day(new Date(one.at)))} ${clock(one.at)}　`, h("span", { class: `st st-${kind}` }, icon(glyph), t(`state-${one.state}`)));
  };
  return h("details", { class: "fcard" }, h("summary", {}, t("seen-n", { n: visits.length, unsent })), h("ul", { class: "fdone" }, visits.reverse().map(row)));
}

