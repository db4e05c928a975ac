// Whose phone this is, what lies on it, and the way out.
import { h } from "./dom.js";
import { confirmed, note, screen } from "./frame.js";
import { go, restart } from "./main.js";
import { sync } from "./sync.js";
import { clock, day, short } from "./time.js";
import { chosen, speak, t } from "./words.js";

export async function me(vault) {
  const [people, queue, contact, off, name, device] = await Promise.all([vault.all("person/"), vault.queue(), vault.meta("contact"), vault.meta("clockOff", 0), vault.meta("userName", ""), vault.meta("device")]);
  const unsent = queue.filter((line) => line.state === "waiting" || line.state === "refused").length;
  const minutes = Math.round(off / 60_000);
  const out = async () => {
    if (unsent) await sync(vault).catch(() => null);
    const left = (await vault.queue()).filter((line) => line.state === "waiting" || line.state === "refused").length + (await vault.blobs()).filter((blob) => blob.state === "waiting").length;
    const sure = left ? await confirmed(t("out-question-n", { n: left }), t("out-consequence-n"), t("out-anyway")) : await confirmed(t("out-question"), t("out-consequence"), t("sign-out"));
    if (!sure) return;
    await vault.destroy();
    await fetch("/sign-out", { method: "POST", credentials: "same-origin", redirect: "manual", headers: { "content-type": "application/json" }, body: "{}" }).catch(() => null);
    await restart();
  };
  const language = async (wanted) => {
    await speak(wanted);
    go("/f/me");
  };
  screen({
    title: t("me"),
    back: "/f/today",
    main: [
      h("section", { class: "fcard" }, h("h2", {}, name), h("dl", { class: "auto" }, h("div", {}, h("dt", {}, t("on-device")), h("dd", {}, t("people-n", { n: people.length }))), h("div", {}, h("dt", {}, t("not-sent")), h("dd", { class: "num" }, unsent)), h("div", {}, h("dt", {}, t("last-sync")), h("dd", {}, contact ? `${short(day(new Date(contact)))} ${clock(contact)}` : "—")), h("div", {}, h("dt", {}, t("device")), h("dd", { class: "num" }, device.slice(0, 8))))),
      Math.abs(minutes) >= 2 ? note("note-w", t(minutes > 0 ? "clock-ahead" : "clock-behind", { n: Math.abs(minutes) })) : null,
      h("section", { class: "fcard" }, h("h2", {}, t("language")), h("div", { class: "row" }, h("button", { class: "btn", type: "button", lang: "zh-CN", "aria-pressed": String(chosen() === "zh"), onclick: () => language("zh") }, "中文"), h("button", { class: "btn", type: "button", lang: "en", "aria-pressed": String(chosen() === "en"), onclick: () => language("en") }, "English"))),
      h("section", { class: "fcard" }, h("h2", {}, t("what-lies-here")), h("p", {}, t("what-lies-here-text", { n: await vault.meta("forgetDays", "") }))),
    ],
    bar: [h("a", { class: "btn", href: "/account" }, t("account")), h("button", { class: "btn btn-d", type: "button", onclick: out }, t("sign-out"))],
  });
}
