// Keys of the desk. Everything they do, a link or button on the page does too; they can be switched off in the
// display menu (WCAG 2.1.4) and never act while someone types.
(() => {
  "use strict";
  const root = document.documentElement;
  const on = () => root.dataset.keys !== "off";
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  let waitsForColumn = 0;

  const typing = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea, [contenteditable]") !== null;

  // What a page gives a key of its own: a link or button is pressed, a choice is made and the next field entered.
  const press = (key) => {
    const wanted = document.querySelector(`[data-press="${CSS.escape(key)}"]`);
    if (!wanted) return false;
    wanted.click();
    if (wanted.dataset.then) document.getElementById(wanted.dataset.then)?.focus();
    return true;
  };

  const step = (by) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    all.forEach((row) => row.removeAttribute("aria-selected"));
    next.setAttribute("aria-selected", "true");
    const link = next.matches("a, summary") ? next : next.querySelector("a");
    (link ?? next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  // Ticking rows: one, or from the row ticked last to this one.
  let ticked = null;
  const ticks = () => [...document.querySelectorAll("[data-bulk] [name=who]")];
  const told = () => {
    const n = ticks().filter((box) => box.checked).length;
    document.querySelectorAll("[data-ticked]").forEach((out) => {
      out.dataset.plain ??= out.textContent;
      out.textContent = n > 0 ? `${out.dataset.plain} · ${n}` : out.dataset.plain;
    });
  };
  const tick = (range) => {
    const row = document.querySelector("[data-row][aria-selected=true]");
    const box = row?.querySelector("[name=who]");
    if (!box) return;
    box.checked = range || !box.checked;
    const all = ticks();
    if (range && ticked && all.includes(ticked)) {
      const [from, to] = [all.indexOf(ticked), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((other) => (other.checked = true));
    }
    ticked = box;
    told();
  };

  const tab = (by) => {
    const tabs = [...document.querySelectorAll(".tabs a")];
    const at = tabs.findIndex((link) => link.hasAttribute("aria-current"));
    tabs[at + by]?.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (!on() || typing(event.target)) return;
    if (Date.now() - waitsForColumn < 1500) {
      waitsForColumn = 0;
      const column = document.querySelector(`.rail [data-key="${CSS.escape(event.key)}"]`);
      if (column) {
        event.preventDefault();
        column.click();
      }
      return;
    }
    const selected = document.querySelector("[data-row][aria-selected=true]");
    if (!(event.key === "Enter" && (selected || event.target.closest("a, button, summary"))) && press(event.key)) {
      event.preventDefault();
      return;
    }
    const does = {
      "/": () => document.getElementById("gs")?.focus(),
      j: () => step(1),
      k: () => step(-1),
      x: () => tick(false),
      X: () => tick(true),
      g: () => (waitsForColumn = Date.now()),
      "[": () => tab(-1),
      "]": () => tab(1),
      "?": () => document.getElementById("keys")?.toggleAttribute("open"),
    }[event.key];
    if (does) {
      event.preventDefault();
      does();
    }
  });

  // Menus close when the reader goes elsewhere.
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });
  document.querySelectorAll("[data-bulk]").forEach((form) => {
    form.addEventListener("change", told);
    form.querySelectorAll("button[hidden]").forEach((button) => (button.hidden = false));
    form.querySelector("[data-tick-all]")?.addEventListener("click", () => {
      const all = ticks();
      const on = all.some((box) => !box.checked);
      all.forEach((box) => (box.checked = on));
      told();
    });
    // A choice asks for what belongs to it.
    const outcome = form.querySelector("[name=outcome]");
    outcome?.addEventListener("change", () => {
      form.querySelector("[name=reason]").required = outcome.value === "declined";
      form.querySelector("[name=again]").required = outcome.value === "unreached";
    });
  });
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
