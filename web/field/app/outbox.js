// What waits, what was sent, what failed and why; and values of one field that two people changed, side by side.
import { fill, h, icon } from "./dom.js";
import { confirmed, note, screen } from "./frame.js";
import { go } from "./main.js";
import { count, onChange, state, sync } from "./sync.js";
import { clock, day, short } from "./time.js";
import { said, t } from "./words.js";

export async function outbox(vault) {
  const [lines, people, blobs] = await Promise.all([vault.queue(), vault.all("person/"), vault.blobs()]);
  const name = (id) => people.find(([key]) => key === id)?.[1].name ?? id ?? "";
  const waiting = lines.filter((line) => line.state === "waiting");
  const trouble = lines.filter((line) => line.state === "refused");
  const differ = lines.filter((line) => line.state === "conflict");
  const sent = lines.filter((line) => line.state === "sent");
  const head = (line) => `${t(`op-${line.kind}`)}　${name(line.person)}　${short(day(new Date(line.at)))} ${clock(line.at)}`;
  const why = (line) => {
    const faults = (line.faults ?? []).map((fault) => `${fault.field}：${t(`fault-${fault.code}`)}`);
    return [t(`refused-${line.code}`), ...faults].join("　");
  };
  const retry = async (line) => {
    await vault.settle([{ ...line, state: "waiting", code: undefined, faults: undefined }]);
    await send(vault);
  };
  const drop = async (line) => {
    if (!(await confirmed(t("drop-question"), t("drop-consequence"), t("drop")))) return;
    await vault.forget([line.seq]);
    await count(vault);
    go("/f/outbox");
  };
  const told = h("p", { class: "hint", role: "status" }, stateSaid());
  onChange(() => fill(told, stateSaid()));
  const pictures = blobs.filter((blob) => blob.state === "waiting");
  const broken = blobs.filter((blob) => blob.state === "refused");
  screen({
    title: t("outbox"),
    back: "/f/today",
    main: [
      told,
      state().fault === "signed-out" ? note("note-w", t("signed-out-safe"), " ", h("a", { class: "btn", href: "/sign-in?back=/f/today" }, t("sign-in"))) : null,
      trouble.length ? h("section", { class: "fcard" }, h("h2", {}, t("refused-n", { n: trouble.length })), h("ul", { class: "fdone" }, trouble.map((line) => h("li", {}, h("b", {}, head(line)), h("p", { class: "st-danger" }, why(line)), h("div", { class: "row" }, h("button", { class: "btn", type: "button", onclick: () => retry(line) }, t("send-again")), h("button", { class: "btn btn-q", type: "button", onclick: () => drop(line) }, t("drop"))))))) : null,
      differ.length ? note("note-w", h("a", { href: "/f/conflicts" }, t("conflicts-n", { n: differ.length }))) : null,
      list(t("waiting-n", { n: waiting.length }), waiting, head, "clock"),
      pictures.length ? h("p", { class: "fcard" }, t("pictures-n", { n: pictures.length })) : null,
      broken.length ? note("note-d", t("pictures-refused", { n: broken.length })) : null,
      list(t("sent-n", { n: sent.length }), sent.reverse(), head, "ok"),
    ],
    bar: [h("a", { class: "btn", href: "/f/today" }, t("back-to-list")), h("button", { class: "btn btn-p two", type: "button", onclick: () => send(vault) }, t("send-now"))],
  });
}

async function send(vault) {
  await sync(vault).catch(() => null);
  if (location.pathname === "/f/outbox") go("/f/outbox");
}

function stateSaid() {
  const { state: now, fault, at } = state();
  if (now === "sending") return t("status-sending");
  if (now === "offline") return t("status-offline");
  if (now === "fault") return t(`fault-sync-${["signed-out", "device_of_another", "other-user"].includes(fault) ? fault : "other"}`);
  return at ? t("status-done", { time: clock(at) }) : "";
}

function list(title, lines, head, glyph) {
  return h("details", { class: "fcard", open: glyph === "clock" }, h("summary", {}, title), h("ul", { class: "fdone" }, lines.map((line) => h("li", {}, icon(glyph), " ", head(line)))));
}

export async function conflicts(vault) {
  const [people, forms] = await Promise.all([vault.all("person/"), vault.get("forms")]);
  const disputed = people.flatMap(([, person]) => Object.entries(person.disputes ?? {}).map(([field, edits]) => ({ person, field, edits })));
  const decided = (await vault.queue()).filter((line) => line.kind === "decide" && line.state === "waiting");
  const bodies = await Promise.all(decided.map((line) => vault.operation(line)));
  const open = disputed.filter(({ person, field }) => !bodies.some(({ body }) => body.person === person.id && body.field === field));
  const label = (field, person) => said(forms?.visit.fields.find((one) => one.id === field)?.label) || said(person.asked?.find((one) => one.fact === field)?.label) || field;
  const keep = async (person, field, edit) => {
    await vault.enqueue("decide", { person: person.id, field, keep: edit.operation });
    sync(vault).catch(() => null);
    go("/f/conflicts");
  };
  const one = ({ person, field, edits }) =>
    h(
      "section",
      { class: "fcard" },
      h("h2", {}, `${person.name}　${label(field, person)}`),
      h("div", { class: "fpair" }, edits.map((edit) => h("div", { class: "fside-by" }, h("p", { class: "fvalue" }, String(edit.value)), h("small", {}, t("field-by", { by: edit.mine ? t("you") : edit.by, day: short(day(new Date(edit.at))) }), ` ${clock(edit.at)}`), h("button", { class: "btn", type: "button", onclick: () => keep(person, field, edit) }, t("keep-this"))))),
    );
  screen({ title: t("conflicts"), back: "/f/today", wide: true, main: [note("", t("conflicts-why")), open.length ? open.map(one) : h("p", { class: "fcard" }, t("no-conflicts"))], bar: [h("a", { class: "btn btn-p two", href: "/f/today" }, t("back-to-list"))] });
}
