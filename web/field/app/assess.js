// An assessment of ability: one item a screen, the sum hidden until both assessors have answered everything, then where
// they differ.
import { signature } from "./capture.js";
import { fill, h, icon } from "./dom.js";
import { note, screen, strip } from "./frame.js";
import { go } from "./main.js";
import { sync } from "./sync.js";
import { short } from "./time.js";
import { said, t } from "./words.js";

const DROP = 2;
const fresh = () => ({ items: {}, known_by: {}, notes: {}, coma: false, diagnoses: [], events: {}, informant: null, signature: { id: null } });

export async function assess(vault, id, query) {
  const [person, forms] = await Promise.all([vault.get(`person/${id}`), vault.get("forms")]);
  if (!person || !forms || !person.may.assess) {
    screen({ title: t("not-here"), back: "/f/today", main: [note("note-w", t("not-here-why"))] });
    return;
  }
  const waiting = (await vault.queue()).filter((line) => line.person === id && line.state === "waiting" && ["assess", "settle", "agree"].includes(line.kind));
  const open = person.assessment?.open;
  if (waiting.length) return said_(person, t("assess-waits"));
  if (open?.mine && !open.other) return said_(person, t("assess-other-missing"));
  if (open?.mine && open.other) return differences(vault, person, forms, open);
  return sheet(vault, person, forms, query);
}

function said_(person, words) {
  screen({ title: t("assess"), back: "/f/today", strip: strip(person, { slim: true }), main: [note("", words)], bar: [h("a", { class: "btn btn-p two", href: "/f/today" }, t("back-to-list"))] });
}

async function sheet(vault, person, forms, query) {
  const { scale, assessment: form } = forms;
  const place = `draft/assess/${person.id}`;
  const draft = { ...fresh(), ...(await vault.get(place)) };
  const keep = vault.keeper(place, draft);
  const at = query.get("item") ?? scale.items.find((item) => !(item.code in draft.items))?.code ?? "more";
  const index = scale.items.findIndex((item) => item.code === at);
  const item = scale.items[index];
  const before = person.assessment?.last;
  const href = (code) => `/f/assess/${person.id}?item=${code}`;
  const dims = nav(scale, draft, item?.group, href);
  const tags = [before ? h("span", { class: "tag" }, t("reassess")) : null, before ? h("span", { class: "tag" }, t("last-level", { day: short(before.on), n: before.level })) : null];
  const aside = side(scale, draft, item, href);
  const common = { title: t("assess"), back: "/f/today", strip: [strip(person, { slim: true, tags }), dims], side: aside };
  if (!item) return ending(vault, person, forms, draft, keep, place, common, href);
  const group = scale.groups.find((one) => one.code === item.group);
  const inGroup = scale.items.filter((one) => one.group === item.group);
  const next = scale.items[index + 1];
  const why = h("div", {});
  const drawWhy = () => fill(why, changedSince(item, before, draft, keep));
  const option = (one) =>
    h(
      "label",
      {},
      h("input", { type: "radio", name: "q", checked: draft.items[item.code] === one.score, onchange: () => { draft.items[item.code] = one.score; drawWhy(); fill(dims, nav(scale, draft, item.group, href).childNodes[0]); return keep(); } }),
      h("b", {}, said(one.label)),
      h("span", { class: "sc num" }, one.score, h("small", {}, t("points"))),
    );
  const known = (one) => h("label", {}, h("input", { type: "checkbox", checked: (draft.known_by[item.code] ?? []).includes(one.id), onchange: (event) => { const list = (draft.known_by[item.code] ??= []); const here = list.indexOf(one.id); if (event.target.checked && here < 0) list.push(one.id); if (!event.target.checked && here >= 0) list.splice(here, 1); return keep(); } }), h("span", {}, said(one.label)));
  drawWhy();
  screen({
    ...common,
    main: [
      h("fieldset", { class: "qn" }, h("legend", {}, h("span", { class: "cap" }, t("item-of", { group: said(group.label), n: inGroup.indexOf(item) + 1, of: inGroup.length })), h("span", { class: "qh1" }, said(item.label))), h("p", { class: "hint" }, item.note ? said(item.note) : t("usual-state")), h("div", { class: "opt score" }, item.options.map(option))),
      why,
      h("fieldset", { class: "fld" }, h("legend", { class: "lab" }, t("known-by")), h("div", { class: "pk" }, form.known_by.map(known))),
    ],
    bar: [
      index > 0 ? h("a", { class: "btn", href: href(scale.items[index - 1].code) }, icon("back"), t("item-before")) : h("a", { class: "btn", href: "/f/today" }, t("later")),
      h("a", { class: "btn btn-p two", href: href(next?.code ?? "more") }, next ? t("item-next", { item: said(next.label) }) : t("item-last")),
    ],
  });
}

// A fall of some points against last time asks for a sentence.
function changedSince(item, before, draft, keep) {
  const was = before?.items?.[item.code];
  const is = draft.items[item.code];
  if (was === undefined || is === undefined || was - is < DROP) return null;
  return [
    note("note-w", t("lower-than-last", { day: short(before.on), was, by: was - is })),
    h("div", { class: "fld" }, h("label", { for: "why" }, t("why-changed")), h("textarea", { class: "inp", id: "why", rows: 2, maxlength: 500, oninput: (event) => { draft.notes[item.code] = event.target.value; return keep(); } }, draft.notes[item.code] ?? "")),
  ];
}

function nav(scale, draft, group, href) {
  const one = (dim) => {
    const items = scale.items.filter((item) => item.group === dim.code);
    const done = items.filter((item) => item.code in draft.items).length;
    const cell = h("li", { "aria-current": dim.code === group ? "step" : undefined }, h("a", { href: href(items[0].code) }, h("span", { class: "db", "aria-hidden": "true" }, items.map((item) => h("i", { class: item.code in draft.items ? "d" : "" }))), h("span", { class: "dn" }, `${brief(said(dim.label))} ${done}/${items.length}`)));
    cell.style.flex = String(items.length);
    return cell;
  };
  return h("nav", { class: "dims", "aria-label": t("dims") }, h("ol", {}, scale.groups.map(one)));
}

// Two characters, or a word: four parts stand side by side on a phone.
const brief = (label) => (/^[\x00-\x7f]/.test(label) ? label.split(/[\s-]/)[0].slice(0, 7) : label.slice(0, 2));

function side(scale, draft, current, href) {
  const group = (one) => [h("h3", {}, said(one.label)), h("ol", { class: "qi" }, scale.items.filter((item) => item.group === one.code).map((item) => h("li", {}, h("a", { href: href(item.code), "aria-current": item === current ? "true" : undefined }, said(item.label), h("span", { class: "num" }, item.code in draft.items ? "✓" : "")))))];
  return h("aside", { class: "fside", "aria-label": t("all-items", { n: scale.items.length }) }, h("details", { class: "fcard", open: matchMedia("(min-width:960px)").matches }, h("summary", {}, t("all-items", { n: scale.items.length })), scale.groups.map(group), h("p", { class: "hint" }, t("sum-hidden"))));
}

// After the items: what adjusts a level, who told it, and the assessor's hand.
function ending(vault, person, forms, draft, keep, place, common, href) {
  const { scale, assessment: form } = forms;
  const open = scale.items.filter((item) => !(item.code in draft.items));
  const faults = h("div", {});
  const count = (event) => h("div", { class: "fld fld-row" }, h("label", { for: `event-${event.id}` }, said(event.label)), h("input", { class: "inp", id: `event-${event.id}`, type: "number", inputmode: "numeric", min: 0, max: 99, step: 1, value: draft.events[event.id] ?? 0, onchange: (input) => { draft.events[event.id] = Math.min(99, Math.max(0, Math.trunc(Number(input.target.value) || 0))); return keep(); } }));
  const finish = async () => {
    const wrong = [];
    if (open.length) wrong.push([href(open[0].code), t("missing-items", { n: open.length })]);
    if (!draft.signature.id) wrong.push(["#sign", t("missing-signature")]);
    if (wrong.length) {
      fill(faults, h("section", { class: "errsum", role: "alert", tabindex: -1 }, h("h2", {}, t("missing-n", { n: wrong.length })), h("ul", {}, wrong.map(([link, words]) => h("li", {}, h("a", { href: link }, words))))));
      faults.firstChild.focus();
      return;
    }
    const answers = { items: draft.items, coma: draft.coma, diagnoses: draft.diagnoses, events: draft.events };
    const body = { person: person.id, answers, known_by: draft.known_by, notes: draft.notes, informant: draft.informant, signature: draft.signature.id };
    await keep();
    await vault.enqueue("assess", body, { blobs: [draft.signature.id], draft: place });
    sync(vault).catch(() => null);
    go("/f/today");
  };
  screen({
    ...common,
    main: [
      faults,
      h("h2", { class: "qh1" }, t("also-asked")),
      h("section", { class: "fcard" }, h("div", { class: "pk" }, h("label", {}, h("input", { type: "checkbox", checked: draft.coma, onchange: (event) => { draft.coma = event.target.checked; return keep(); } }), h("span", {}, t("coma"))))),
      h("section", { class: "fcard" }, h("fieldset", {}, h("legend", { class: "fh2" }, t("diagnoses")), h("div", { class: "pk" }, form.diagnoses.map((one) => h("label", {}, h("input", { type: "checkbox", checked: draft.diagnoses.includes(one.code), onchange: (event) => { draft.diagnoses = draft.diagnoses.filter((code) => code !== one.code).concat(event.target.checked ? [one.code] : []); return keep(); } }), h("span", {}, said(one.label))))))),
      h("section", { class: "fcard" }, h("fieldset", {}, h("legend", { class: "fh2" }, t("events-30")), form.events.map(count))),
      h("section", { class: "fcard" }, h("fieldset", {}, h("legend", { class: "fh2" }, t("informant")), h("div", { class: "pk" }, form.informants.map((one) => h("label", {}, h("input", { type: "radio", name: "informant", checked: draft.informant === one.id, onchange: () => { draft.informant = one.id; return keep(); } }), h("span", {}, said(one.label))))))),
      h("section", { class: "fcard", id: "sign" }, h("h2", {}, t("assessor-signs")), signature(vault, draft.signature, t("assessor-signs"), keep)),
      note("", t("sum-hidden")),
    ],
    bar: [h("a", { class: "btn", href: href(scale.items.at(-1).code) }, icon("back"), t("item-before")), h("button", { class: "btn btn-p two", type: "button", onclick: finish }, t("finish-assess"))],
  });
}

// Both have answered: what differs, side by side; one proposes, the other agrees.
async function differences(vault, person, forms, open) {
  const { scale } = forms;
  const label = (field) => said(scale.items.find((item) => item.code === field)?.label) || t(`field-${field}`);
  const shown = (field, value) => {
    const item = scale.items.find((one) => one.code === field);
    if (item) return `${value} ${t("points")}　${said(item.options.find((one) => one.score === value)?.label)}`;
    return typeof value === "boolean" ? t(value ? "yes" : "no") : Array.isArray(value) ? value.join(t("comma")) || t("none") : Object.entries(value).map(([kind, n]) => `${said(forms.assessment.events.find((one) => one.id === kind)?.label)} ${n}`).join(t("comma")) || t("none");
  };
  const proposal = open.proposal;
  const answers = structuredClone(proposal?.answers ?? open.answers);
  let reason = "";
  const pick = (field) => (value) => {
    if (["coma", "diagnoses", "events"].includes(field)) answers[field] = value;
    else answers.items[field] = value;
  };
  const settled = (field) => (["coma", "diagnoses", "events"].includes(field) ? answers[field] : answers.items[field]);
  const row = ({ field, mine, theirs }) => {
    const set = pick(field);
    const same = (value) => JSON.stringify(settled(field)) === JSON.stringify(value);
    return h("fieldset", { class: "fcard" }, h("legend", { class: "fh2" }, label(field)), h("div", { class: "opt" }, [["mine", mine], ["theirs", theirs]].map(([who, value]) => h("label", {}, h("input", { type: "radio", name: field, checked: same(value), onchange: () => set(value) }), h("b", {}, shown(field, value)), h("small", {}, t(`said-${who}`))))));
  };
  const send = async (kind, body) => {
    await vault.enqueue(kind, { ...body });
    sync(vault).catch(() => null);
    go("/f/today");
  };
  const faults = h("div", {});
  const propose = () => {
    if (!reason.trim()) {
      fill(faults, h("section", { class: "errsum", role: "alert" }, h("p", {}, h("a", { href: "#reason" }, t("missing-reason")))));
      return null;
    }
    return send("settle", { assessment: open.id, answers, reason: reason.trim() });
  };
  const theirs = proposal && !proposal.mine;
  screen({
    title: t("differ-title"),
    back: "/f/today",
    strip: strip(person, { slim: true }),
    main: [
      faults,
      note(theirs ? "note-w" : "", theirs ? t("proposal-theirs", { reason: proposal.reason }) : proposal ? t("proposal-mine") : t("differ-n", { n: open.differences.length })),
      open.differences.map(row),
      h("div", { class: "fld" }, h("label", { for: "reason" }, t("reason")), h("textarea", { class: "inp", id: "reason", rows: 2, maxlength: 1000, oninput: (event) => (reason = event.target.value) })),
    ],
    bar: [
      theirs ? h("button", { class: "btn btn-p", type: "button", onclick: () => send("agree", { assessment: open.id, proposal: proposal.operation }) }, t("agree")) : h("a", { class: "btn", href: "/f/today" }, t("later")),
      h("button", { class: theirs ? "btn" : "btn btn-p two", type: "button", onclick: propose }, t("propose")),
    ],
  });
}

