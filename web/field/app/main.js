// Begins: words, worker, store; then one screen for each address. Works from here on without signal.
import { assess } from "./assess.js";
import { h } from "./dom.js";
import { note, screen } from "./frame.js";
import { me } from "./me.js";
import { conflicts, outbox } from "./outbox.js";
import { count, onChange, state, sync } from "./sync.js";
import { today } from "./today.js";
import { openVault, known, lastUser } from "./vault.js";
import { visit } from "./visit.js";
import { Fault, get } from "./wire.js";
import { chosen, speak, t } from "./words.js";

let vault = null;
const OFTEN = 5 * 60_000;
// Screens that may be drawn anew while someone looks at them.
const LISTS = /^\/f\/(today|outbox|conflicts)$/;

const routes = [
  [/^\/f\/today$/, (_, query) => today(vault, query)],
  [/^\/f\/visits\/(P\d+)$/, ([, id], query) => visit(vault, id, query)],
  [/^\/f\/assess\/(P\d+)$/, ([, id], query) => assess(vault, id, query)],
  [/^\/f\/outbox$/, () => outbox(vault)],
  [/^\/f\/conflicts$/, () => conflicts(vault)],
  [/^\/f\/me$/, () => me(vault)],
];

async function show() {
  if (!vault) {
    locked();
    return;
  }
  const path = location.pathname.replace(/^\/en\//, "/");
  const [match, view] = routes.map(([pattern, screen_]) => [pattern.exec(path), screen_]).find(([found]) => found) ?? [[""], routes[0][1]];
  await view(match, new URLSearchParams(location.search));
}

export async function go(address) {
  if (address !== location.pathname + location.search) history.pushState(null, "", address);
  await show();
  scrollTo(0, 0);
  document.getElementById("title")?.focus({ preventScroll: true });
}

export async function restart() {
  vault = null;
  location.replace("/sign-in?back=/f/today");
}

// Nobody's store is open: sign in first, which needs signal once.
function locked(code) {
  const offline = code === "offline";
  screen({ title: t("app-name"), main: [note("", t(code === "lost" ? "wiped" : offline ? "first-needs-signal" : "sign-in-first"))], bar: offline ? [h("button", { class: "btn btn-p two", type: "button", onclick: () => location.reload() }, t("try-again"))] : [h("a", { class: "btn btn-p two", href: "/sign-in?back=/f/today" }, t("sign-in"))] });
}

// Opens the store of whoever is signed in; without signal, of whoever was last.
async function enter() {
  try {
    const who = await get("/f/sync/who");
    vault = await openVault(who.id);
    return null;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    const last = lastUser();
    if (last && (await known(last)) && (fault.code === "offline" || fault.code === "signed-out")) {
      vault = await openVault(last);
      return fault.code;
    }
    return fault.code;
  }
}

async function expire() {
  const left = await vault.daysLeft();
  if (left === null || left > 0) return false;
  await vault.destroy();
  vault = null;
  return true;
}

async function refresh() {
  if (!vault) return;
  try {
    const changed = await sync(vault);
    // A form someone is filling in is left alone.
    if (changed && LISTS.test(location.pathname)) await show();
  } catch (fault) {
    if (fault.code === "lost") {
      await vault.destroy();
      vault = null;
      locked("lost");
    }
  }
}

function links(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || link.target) return;
  const url = new URL(link.href, location.href);
  if (url.origin !== location.origin || !/^\/f\/(today|visits|assess|outbox|conflicts|me)/.test(url.pathname)) return;
  if (url.pathname === location.pathname && url.search === location.search && url.hash) return;
  event.preventDefault();
  go(url.pathname + url.search);
}

async function begin() {
  await speak(chosen());
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/f/worker.js").then(
      (registration) => navigator.serviceWorker.ready.then(() => document.documentElement.setAttribute("data-offline", registration.active ? "ready" : "soon")),
      (cause) => console.error(cause),
    );
  }
  if (location.pathname.startsWith("/en/")) history.replaceState(null, "", location.pathname.slice(3) + location.search);
  const trouble = await enter();
  if (!vault) {
    locked(trouble);
    return;
  }
  // Whoever is signed in this moment is here, whatever the clock says.
  if (trouble && (await expire())) {
    locked("signed-out");
    return;
  }
  navigator.storage?.persist?.().catch(() => null);
  await count(vault);
  addEventListener("popstate", show);
  document.addEventListener("click", links);
  addEventListener("online", refresh);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") refresh();
  });
  setInterval(refresh, OFTEN);
  onChange(({ state: now }) => document.documentElement.setAttribute("data-sync", now));
  await show();
  await refresh();
  if (vault && state().state !== "idle" && LISTS.test(location.pathname)) await show();
}

begin();
