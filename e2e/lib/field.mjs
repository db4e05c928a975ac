// A visitor's phone: signs in, goes offline, records, and is looked into.
import { spawn } from "node:child_process";
import { chromium } from "playwright-core";
import { LAUNCH } from "./desk.mjs";

export const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: "light", serviceWorkers: "allow" };

// A browser of its own with a folder that outlives it, which can be killed as a phone's empty battery does.
export async function mortal(folder) {
  const child = spawn(LAUNCH.executablePath, [...LAUNCH.args, "--headless=new", `--user-data-dir=${folder}`, "--remote-debugging-port=0", "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((resolve, reject) => {
    let said = "";
    child.stderr.on("data", (part) => {
      said += part;
      const found = /DevTools listening on (ws:\S+)/.exec(said);
      if (found) resolve(found[1]);
    });
    child.once("exit", () => reject(new Error(said)));
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  const page = context.pages()[0] ?? (await context.newPage());
  await page.setViewportSize(PHONE.viewport);
  const kill = async (signal = "SIGKILL") => {
    child.kill(signal);
    await ended;
  };
  return { context, page, kill };
}

// The app has its people, the worker has its files.
export async function ready(page) {
  await page.waitForFunction(() => document.documentElement.dataset.sync === "idle" && document.documentElement.dataset.offline === "ready", null, { timeout: 30_000 });
  await page.locator('.fl a[href^="/f/"]').first().waitFor({ state: "attached" });
}

export async function people(page) {
  await page.waitForSelector("#title");
  const links = page.locator('.fl a[href^="/f/visits/"]');
  return links.evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute("href").split("/").pop()))]);
}

// Records a home visit at which everything was in order but the housing.
export async function record(page, desk, person, { note = "", field = null, kind = "home" } = {}) {
  await page.goto(`${desk.url}/f/visits/${person}?kind=${kind}`);
  await page.getByText(kind === "phone" ? "说上话了" : "见到了", { exact: true }).click();
  for (const check of kind === "phone" ? ["food", "health"] : ["food", "clothes", "housing", "health"]) {
    await page.locator(`#check-${check} .t-ok`).click();
  }
  if (note) await page.locator("#note").fill(note);
  if (field) {
    await page.getByText("留给下次来的人").click();
    await page.locator("#field-door").fill(field);
  }
  await page.getByRole("button", { name: "填好了，存进手机" }).click();
  await page.waitForURL((url) => url.pathname === "/f/today");
}

export const waiting = (page) => page.evaluate(queue, "waiting");

// Lines of the queue by state, read as the browser keeps them.
export async function queue(state) {
  const all = await indexedDB.databases();
  const name = all.map((one) => one.name).find((one) => one.startsWith("yilian-field-"));
  if (!name) return null;
  const store = await new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const lines = await new Promise((resolve) => {
    const request = store.transaction("queue").objectStore("queue").getAll();
    request.onsuccess = () => resolve(request.result);
  });
  store.close();
  return lines.filter((line) => line.state === state).length;
}

// Everything the browser keeps of the app, as text.
export async function everythingKept() {
  let text = "";
  for (const { name } of await indexedDB.databases()) {
    const store = await new Promise((resolve) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
    });
    for (const table of store.objectStoreNames) {
      const rows = await new Promise((resolve) => {
        const request = store.transaction(table).objectStore(table).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      for (const row of rows) {
        text += JSON.stringify(row, (_, value) => (value instanceof ArrayBuffer ? new TextDecoder().decode(value) : value));
      }
    }
    store.close();
  }
  return text;
}

export async function synced(page, desk) {
  await page.goto(`${desk.url}/f/outbox`);
  await page.getByRole("button", { name: "现在上传" }).click();
  await page.waitForFunction(() => document.documentElement.dataset.sync === "idle", null, { timeout: 30_000 });
}

// How many visits the desk has of a person with these words in the note.
export async function atTheDesk(officer, desk, person, words) {
  await officer.goto(`${desk.url}/d/people/${person}`);
  const visits = officer.locator(".visits-list > li");
  return words ? visits.filter({ hasText: words }).count() : visits.count();
}
