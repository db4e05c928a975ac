// A visit: met or not, the four checks, help given, needs found, a note, a confirmation. Each answer is kept at once.
import { pictures, signature } from "./capture.js";
import { fill, h, icon, redo } from "./dom.js";
import { fieldsOf, questionsOf } from "./fields.js";
import { note, screen, strip } from "./frame.js";
import { go } from "./main.js";
import { state, sync } from "./sync.js";
import { clock, now } from "./time.js";
import { dues, last, recorded } from "./today.js";
import { said, t } from "./words.js";

const fresh = () => ({
  visit_kind: null,
  began_at: now().toISOString(),
  met: null,
  not_met: null,
  checks: {},
  helps: [],
  needs: {},
  note: "",
  confirm: "none",
  attachments: [],
  signature: { id: null },
  edits: {},
  answers: {},
});

export async function visit(vault, id, query) {
  const [person, forms] = await Promise.all([vault.get(`person/${id}`), vault.get("forms")]);
  if (!person || !forms) return gone();
  if (!person.may.visit) return onlyRead(person);
  const place = `draft/visit/${id}`;
  const draft = { ...fresh(), ...(await vault.get(place)) };
  draft.visit_kind = query.get("kind") ?? draft.visit_kind ?? "home";
  const form = forms.visit;
  const kept = h("span", {}, "");
  const put = vault.keeper(place, draft);
  const keep = async () => {
    await put();
    fill(kept, t("kept-at", { time: clock(now()) }));
  };
  const faults = h("div", {});
  const body = h("div", { class: "fstack" });
  const redraw = () => redo(body, parts());
  const change = (set, draw = () => {}) => {
    set();
    draw();
    return keep();
  };
  const due = dues(person, await recorded(vault)).filter((one) => !one.done);

  function parts() {
    const kind = form.kinds.find((one) => one.id === draft.visit_kind) ?? form.kinds[0];
    const checks = form.checks.filter((check) => kind.checks.includes(check.id));
    return [
      met(),
      draft.met === true && checks.length ? h("section", { class: "fcard" }, h("h2", {}, t("checks")), checks.map(check)) : null,
      draft.met === true ? picks("helps", t("helped-with"), form.helps) : null,
      draft.met === true ? questionsOf(person, draft, change) : null,
      needs(),
      h("section", { class: "fcard" }, h("h2", {}, t("pictures")), pictures(vault, draft.attachments, keep)),
      h(
        "section",
        { class: "fcard" },
        h("div", { class: "fld" }, h("label", { for: "note" }, t("note")), h("textarea", { class: "inp", id: "note", rows: 3, maxlength: 2000, oninput: (event) => change(() => (draft.note = event.target.value)) }, draft.note)),
      ),
      fieldsOf(person, form, draft, change),
      draft.met === true && kind.id !== "phone" ? confirmation() : null,
    ];
  }

  function met() {
    const option = (value, words) =>
      h("label", {}, h("input", { type: "radio", name: "met", value: `${value}`, checked: draft.met === value, onchange: () => change(() => { draft.met = value; if (value) draft.not_met = null; }, redraw) }), h("b", {}, words));
    return h(
      "section",
      { class: "fcard" },
      h("fieldset", { id: "met" }, h("legend", { class: "fh2" }, draft.visit_kind === "phone" ? t("spoke-to") : t("met")), h("div", { class: "opt two2" }, option(true, t(draft.visit_kind === "phone" ? "spoke" : "met-yes")), option(false, t(draft.visit_kind === "phone" ? "spoke-not" : "met-no")))),
      draft.met === false ? h("fieldset", { class: "fld", id: "not_met" }, h("legend", { class: "lab" }, t("why-not-met")), h("div", { class: "pk" }, form.not_met.map((one) => h("label", {}, h("input", { type: "radio", name: "not_met", checked: draft.not_met === one.id, onchange: () => change(() => (draft.not_met = one.id)) }), h("span", {}, said(one.label)))))) : null,
      h("dl", { class: "auto" }, h("div", {}, h("dt", {}, t("began")), h("dd", { class: "num" }, clock(draft.began_at))), h("div", {}, h("dt", {}, t("last-time")), h("dd", {}, last(person), person.last?.note ? `，${person.last.note}` : "")), due.map((one) => h("div", {}, h("dt", {}, t("due")), h("dd", {}, `${said(one.label)}。${said(one.why)}`)))),
    );
  }

  function check(one) {
    const given = draft.checks[one.id];
    const option = (value, kind) => h("label", { class: kind }, h("input", { type: "radio", name: one.id, value, checked: given?.state === value, onchange: () => change(() => (draft.checks[one.id] = { signs: [], note: "", ...given, state: value }), redraw) }), h("span", {}, t(`check-${value}`)));
    const sign = (item) => h("label", {}, h("input", { type: "checkbox", checked: given.signs.includes(item.id), onchange: (event) => change(() => toggle(given.signs, item.id, event.target.checked), () => fill(needSlot, needsInside())) }), h("span", {}, said(item)));
    const more = given && given.state !== "ok";
    return [
      h("fieldset", { class: "tri", id: `check-${one.id}` }, h("legend", {}, h("b", { lang: "zh-CN" }, one.glyph), h("small", {}, said(one.hint))), h("div", { class: "tri-o" }, option("ok", "t-ok"), option("mind", "t-mind"), option("bad", "t-bad"))),
      more ? h("div", { class: "more" }, h("p", { class: "lab" }, t("what-is-it", { what: said(one.label) })), h("div", { class: "pk" }, one.signs.map(sign)), h("div", { class: "fld" }, h("label", { for: `note-${one.id}` }, t("in-words")), h("input", { class: "inp", id: `note-${one.id}`, maxlength: 500, value: given.note, oninput: (event) => change(() => (given.note = event.target.value)) }))) : null,
    ];
  }

  function picks(field, title, choices) {
    return h("section", { class: "fcard" }, h("fieldset", {}, h("legend", { class: "fh2" }, title), h("div", { class: "pk" }, choices.map((one) => h("label", {}, h("input", { type: "checkbox", checked: draft[field].includes(one.id), onchange: (event) => change(() => toggle(draft[field], one.id, event.target.checked)) }), h("span", {}, said(one.label)))))));
  }

  // Needs that the signs point to come by themselves; any other can be added.
  const needSlot = h("div", {});
  function needs() {
    fill(needSlot, needsInside());
    return needSlot;
  }

  function needsInside() {
    const signs = form.checks.flatMap((one) => (draft.checks[one.id] && draft.checks[one.id].state !== "ok" ? one.signs.filter((sign) => draft.checks[one.id].signs.includes(sign.id)) : []));
    const pointed = new Set(signs.map((sign) => sign.need).filter(Boolean));
    const shown = form.needs.filter((need) => pointed.has(need.id) || need.id in draft.needs);
    const rest = form.needs.filter((need) => !shown.includes(need));
    const wants = (need, value) => h("label", {}, h("input", { type: "radio", name: `need-${need.id}`, checked: draft.needs[need.id] === value, onchange: () => change(() => (draft.needs[need.id] = value)) }), h("b", {}, t(value ? "need-yes" : "need-no")));
    const one = (need) => {
      const by = signs.filter((sign) => sign.need === need.id).map(said);
      const benefit = forms.benefits[need.id];
      return h("fieldset", { class: "need-one" }, h("legend", {}, h("b", {}, said(need.label))), by.length ? h("p", {}, t("need-because", { signs: by.join(t("comma")) })) : null, benefit ? h("p", { class: "hint" }, t("need-benefit", { benefit: said(benefit.label) }), " ", said(benefit.summary)) : null, h("div", { class: "opt two2" }, wants(need, true), wants(need, false)));
    };
    return [
      h(
        "section",
        { class: shown.length ? "fcard need" : "fcard" },
        h("h2", {}, t("needs")),
        shown.map(one),
        h("details", {}, h("summary", {}, t("need-add")), h("div", { class: "pk" }, rest.map((need) => h("button", { class: "btn", type: "button", onclick: () => change(() => (draft.needs[need.id] = true), () => fill(needSlot, needsInside())) }, said(need.label))))),
      ),
    ];
  }

  function confirmation() {
    const option = (one) => h("label", {}, h("input", { type: "radio", name: "confirm", value: one.id, checked: draft.confirm === one.id, onchange: () => change(() => (draft.confirm = one.id), redraw) }), h("b", {}, said(one.label)));
    const drawn = form.confirms.find((one) => one.id === draft.confirm)?.drawn;
    return h("section", { class: "fcard" }, h("fieldset", {}, h("legend", { class: "fh2" }, t("confirm-title")), h("div", { class: "opt" }, form.confirms.map(option))), drawn ? signature(vault, draft.signature, t("sign-of", { name: person.name }), keep) : null);
  }

  async function finish() {
    const wrong = missing(form, draft);
    if (wrong.length) {
      fill(faults, h("section", { class: "errsum", role: "alert", tabindex: -1 }, h("h2", {}, t("missing-n", { n: wrong.length })), h("ul", {}, wrong.map(([anchor, words]) => h("li", {}, h("a", { href: `#${anchor}` }, words))))));
      faults.firstChild.focus();
      return;
    }
    const drawn = form.confirms.find((one) => one.id === draft.confirm)?.drawn && draft.met && draft.visit_kind !== "phone";
    const blobs = [...draft.attachments, ...(drawn && draft.signature.id ? [draft.signature.id] : [])];
    await put();
    await vault.enqueue("visit", bodyOf(person, form, draft, blobs), { blobs, draft: place });
    for (const edit of changesOf(person, draft)) await vault.enqueue("edit", edit);
    sync(vault).catch(() => null);
    go("/f/today");
  }

  const offline = state().state === "offline" || !navigator.onLine;
  redraw();
  screen({
    title: t(`title-${draft.visit_kind}`),
    back: "/f/today",
    strip: strip(person),
    main: [
      faults,
      h("p", { class: "off" }, icon(offline ? "off" : "ok"), h("span", {}, h("b", {}, t(offline ? "go-on-offline" : "go-on")), " ", t("kept-each"), " ", kept)),
      h("nav", { class: "fchips", "aria-label": t("visit-kind") }, form.kinds.map((one) => h("a", { href: `/f/visits/${id}?kind=${one.id}`, "aria-current": one.id === draft.visit_kind ? "true" : undefined }, said(one.label)))),
      person.may.assess ? h("p", {}, h("a", { class: "btn", href: `/f/assess/${id}` }, t("assess-instead"))) : null,
      h("p", { class: "hint" }, person.address || person.where),
      Object.keys(person.disputes ?? {}).length ? note("note-w", h("a", { href: "/f/conflicts" }, t("dispute-here"))) : null,
      body,
    ],
    bar: [
      h("a", { class: "btn", href: "/f/today" }, t("later")),
      h("button", { class: "btn btn-p two", type: "button", onclick: finish }, t("finish-visit")),
    ],
  });
}

function toggle(list, id, on) {
  const at = list.indexOf(id);
  if (on && at < 0) list.push(id);
  if (!on && at >= 0) list.splice(at, 1);
}

// What has to be answered before it can be handed in: where, and in words.
function missing(form, draft) {
  const kind = form.kinds.find((one) => one.id === draft.visit_kind);
  const wrong = [];
  if (draft.met === null) wrong.push(["met", t("missing-met")]);
  if (draft.met === false && !draft.not_met) wrong.push(["not_met", t("missing-not-met")]);
  if (draft.met === true) {
    for (const id of kind.checks.filter((one) => !draft.checks[one])) {
      wrong.push([`check-${id}`, t("missing-check", { check: said(form.checks.find((one) => one.id === id).label) })]);
    }
  }
  return wrong;
}

function bodyOf(person, form, draft, attachments) {
  const kind = form.kinds.find((one) => one.id === draft.visit_kind);
  const given = draft.met ? Object.entries(draft.checks).filter(([id]) => kind.checks.includes(id)) : [];
  return {
    person: person.id,
    visit_kind: draft.visit_kind,
    began_at: draft.began_at,
    met: draft.met,
    not_met: draft.met ? null : draft.not_met,
    checks: Object.fromEntries(given.map(([id, check]) => [id, check.state === "ok" ? { state: "ok" } : check])),
    helps: draft.met ? draft.helps : [],
    needs: Object.entries(draft.needs).map(([need, wants]) => ({ need, wants })),
    note: draft.note.trim(),
    confirm: draft.met && draft.visit_kind !== "phone" ? draft.confirm : "none",
    attachments,
  };
}

// Fields that were changed, each with the value that stood there when it was changed.
function changesOf(person, draft) {
  const fields = Object.entries(draft.edits).filter(([field, value]) => value.trim() && value.trim() !== (person.fields?.[field]?.value ?? ""));
  const answers = Object.entries(draft.answers).filter(([, value]) => value !== null && value !== "");
  const edit = ([field, value]) => ({ person: person.id, field, base: person.fields?.[field]?.operation ?? null, value: typeof value === "string" ? value.trim() : value });
  return [...fields, ...answers].map(edit);
}

function gone() {
  screen({ title: t("not-here"), back: "/f/today", main: [note("note-w", t("not-here-why"))], bar: [h("a", { class: "btn btn-p two", href: "/f/today" }, t("back-to-list"))] });
}

function onlyRead(person) {
  screen({ title: t("today-title"), back: "/f/today", strip: strip(person), main: [h("p", { class: "fcard" }, person.address || person.where), person.may.assess ? h("a", { class: "btn btn-p", href: `/f/assess/${person.id}` }, t("assess")) : null] });
}

