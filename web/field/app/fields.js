// What visitors keep of a person for each other, and what the desk would like to know.
import { h } from "./dom.js";
import { day, short } from "./time.js";
import { said, t } from "./words.js";

export function fieldsOf(person, form, draft, change) {
  const one = (field) => {
    const known = person.fields?.[field.id];
    const value = draft.edits[field.id] ?? known?.value ?? "";
    return h(
      "div",
      { class: "fld" },
      h("label", { for: `field-${field.id}` }, said(field.label)),
      known ? h("small", { class: "hint" }, t("field-by", { by: known.mine ? t("you") : known.by, day: short(day(new Date(known.at))) })) : null,
      h("input", { class: "inp", id: `field-${field.id}`, type: field.format === "phone" ? "tel" : "text", maxlength: 200, value, oninput: (event) => change(() => (draft.edits[field.id] = event.target.value)) }),
    );
  };
  return h("details", { class: "fcard", open: Object.keys(draft.edits).length > 0 }, h("summary", {}, t("for-the-next")), h("div", { class: "fstack" }, form.fields.map(one)));
}

// Facts that decide what somebody is due and that nobody has told yet.
export function questionsOf(person, draft, change) {
  const asked = person.asked ?? [];
  if (asked.length === 0 || !person.may.answer) return null;
  return h("details", { class: "fcard" }, h("summary", {}, t("asked-n", { n: asked.length })), h("p", { class: "hint" }, t("asked-why")), h("div", { class: "fstack" }, asked.map((question) => one(question, draft, change))));
}

function one(question, draft, change) {
  const given = draft.answers[question.fact] ?? null;
  const set = (value) => change(() => (draft.answers[question.fact] = value));
  const id = `ask-${question.fact}`;
  const radio = (value, words) => h("label", {}, h("input", { type: "radio", name: id, checked: given === value, onchange: () => set(value) }), h("span", {}, words));
  if (question.type === "bool") {
    return h("fieldset", { class: "fld" }, h("legend", { class: "lab" }, said(question.label)), h("div", { class: "pk" }, radio(true, t("yes")), radio(false, t("no"))));
  }
  if (question.codes.length) {
    return h("fieldset", { class: "fld" }, h("legend", { class: "lab" }, said(question.label)), h("div", { class: "pk" }, question.codes.map((code) => radio(code.value, said(code.label)))));
  }
  const number = question.type === "int";
  const read = (event) => set(number ? (event.target.value === "" ? null : Number(event.target.value)) : event.target.value || null);
  return h("div", { class: "fld" }, h("label", { for: id }, said(question.label)), h("input", { class: "inp", id, type: number ? "number" : "date", min: question.min ?? undefined, max: question.max ?? undefined, step: number ? 1 : undefined, value: given ?? "", onchange: read }));
}
