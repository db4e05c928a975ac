// The field: a month of visits without signal, a browser that dies, two phones, a wrong clock, a way out.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { axe } from "../lib/axe.mjs";
import { startBrowser, startDesk, sticksOut } from "../lib/desk.mjs";
import { signIn } from "../lib/enter.mjs";
import { PHONE, atTheDesk, everythingKept, mortal, people, ready, record, synced, waiting } from "../lib/field.mjs";

const own = { skip: process.env.YILIAN_URL };
let desk;
let browser;
let officer;
before(async () => {
  desk = await startDesk({ townships: 2, olderPeople: 900, signIn: true });
  browser = await startBrowser();
  if (process.env.YILIAN_URL) return;
  officer = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(officer, desk, "county-officer", "/d/visits");
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

async function phone(role, options = {}) {
  const context = await browser.newContext({ ...PHONE, ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (fault) => faults.push(String(fault)));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text());
  });
  return { context, page, faults };
}

// Controls that a thumb would miss.
const small = (page) =>
  page
    .locator("#app :is(a.btn, button, .pk span, .tri-o span, .opt label, .fchips a, summary, .fh-back, .sync):visible")
    .evaluateAll((controls) => controls.filter((one) => one.getBoundingClientRect().height < 43.5).map((one) => `${one.className} ${one.textContent}`));

// A page that is drawn while a busy machine still lays it out is looked at again.
async function settled(look) {
  let found = await look();
  for (let tries = 0; found.length > 0 && tries < 20; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 150));
    found = await look();
  }
  return found;
}

describe("a visitor's phone", () => {
  test("a month of visits without signal is handed in once", own, async () => {
    const { context, page, faults } = await phone("visitor");
    await signIn(page, desk, "visitor", "/f/today");
    await ready(page);
    const all = await people(page);
    assert.ok(all.length >= 5, `only ${all.length} people`);
    await context.setOffline(true);
    await page.goto(`${desk.url}/f/today`);
    assert.equal((await people(page)).length, all.length, "the list opens without signal");
    assert.match(await page.locator(".sync").innerText(), /离线/);
    for (const [at, person] of all.entries()) {
      await record(page, desk, person, { note: `第 ${at} 家，本月`, kind: at % 4 === 3 ? "phone" : "home" });
    }
    assert.equal(await waiting(page), all.length);
    assert.match(await page.locator(".sync").innerText(), new RegExp(`${all.length} 份待传`));
    for (const width of [320, 390, 1100]) {
      await page.setViewportSize({ width, height: 844 });
      for (const path of ["/f/today", "/f/today?view=map", `/f/visits/${all[0]}`, "/f/outbox", "/f/conflicts", "/f/me"]) {
        await page.goto(desk.url + path);
        await page.waitForSelector("#title");
        assert.deepEqual(await sticksOut(page), [], `${path} at ${width}`);
        assert.deepEqual(await settled(() => small(page)), [], `${path} at ${width}: controls under 44 px`);
        if (width === 390) await axe(page);
      }
    }
    await page.setViewportSize(PHONE.viewport);
    const kept = await page.evaluate(everythingKept);
    assert.ok(!kept.includes("本月") && !kept.includes("药"), "what was written lies sealed");
    await context.setOffline(false);
    await synced(page, desk);
    assert.equal(await waiting(page), 0);
    await synced(page, desk);
    for (const [at, person] of all.entries()) {
      assert.equal(await atTheDesk(officer, desk, person, `第 ${at} 家，本月`), 1, person);
    }
    assert.deepEqual(faults, []);
    await context.close();
  });

  test("an answer that gets lost and a browser that dies lose nothing and double nothing", own, async () => {
    const folder = mkdtempSync(join(tmpdir(), "yilian-phone-"));
    let { context, page, kill } = await mortal(folder);
    await signIn(page, desk, "volunteer", "/f/today");
    await ready(page);
    const some = (await people(page)).slice(0, 4);
    await context.setOffline(true);
    for (const person of some) await record(page, desk, person, { note: "断在半路" });
    // The service takes the delivery in; its answer never arrives, and the browser dies.
    let delivered = 0;
    await page.route("**/f/sync/push", async (route) => {
      await route.fetch();
      delivered += 1;
      await route.abort();
    });
    await context.setOffline(false);
    await page.goto(`${desk.url}/f/outbox`);
    for (let tries = 0; delivered === 0 && tries < 100; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(delivered > 0, "it was delivered");
    await kill();

    ({ context, page, kill } = await mortal(folder));
    await page.goto(`${desk.url}/f/today`);
    await page.getByRole("link", { name: "去登录" }).waitFor();
    await signIn(page, desk, "volunteer", "/f/today");
    await synced(page, desk);
    assert.equal(await waiting(page), 0, "what was written before it died was still there");
    for (const person of some) assert.equal(await atTheDesk(officer, desk, person, "断在半路"), 1, person);
    await kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  test("two phones change the same field; both values stay until a person keeps one", own, async () => {
    const [one, two] = [await phone("visitor"), await phone("volunteer")];
    await signIn(one.page, desk, "visitor", "/f/today");
    await signIn(two.page, desk, "volunteer", "/f/today");
    await Promise.all([ready(one.page), ready(two.page)]);
    const person = (await people(one.page)).find(Boolean);
    await Promise.all([one.context.setOffline(true), two.context.setOffline(true)]);
    await record(one.page, desk, person, { field: "村东头红门" });
    await record(two.page, desk, person, { field: "水渠边绿门" });
    await Promise.all([one.context.setOffline(false), two.context.setOffline(false)]);
    await synced(one.page, desk);
    await synced(two.page, desk);
    await two.page.goto(`${desk.url}/f/conflicts`);
    await two.page.getByText("水渠边绿门").first().waitFor();
    const both = await two.page.locator("main").innerText();
    assert.ok(both.includes("村东头红门") && both.includes("水渠边绿门"), both);
    for (const path of ["/d/visits", "/d/visits/needs", "/d/visits/phones", "/d/visits/assign", "/d/visits/conflicts"]) {
      await officer.goto(desk.url + path);
      assert.deepEqual(await sticksOut(officer), [], path);
      await axe(officer);
    }
    const dispute = officer.locator(".visits-pair");
    assert.equal(await dispute.count(), 1);
    await dispute.locator("form").filter({ hasText: "水渠边绿门" }).getByRole("button", { name: "用这个" }).click();
    assert.equal(await officer.locator(".visits-pair").count(), 0);
    await synced(one.page, desk);
    await one.page.goto(`${desk.url}/f/visits/${person}`);
    await one.page.getByText("留给下次来的人").click();
    assert.equal(await one.page.locator("#field-door").inputValue(), "水渠边绿门");
    assert.deepEqual([...one.faults, ...two.faults], []);
    await one.context.close();
    await two.context.close();
  });

  test("a phone whose clock is a year ahead is corrected and told", own, async () => {
    const { context, page } = await phone("volunteer");
    await signIn(page, desk, "volunteer", "/f/today");
    await context.clock.install({ time: new Date(Date.now() + 365 * 86_400_000) });
    await page.goto(`${desk.url}/f/today`);
    await ready(page);
    const [person] = await people(page);
    await record(page, desk, person, { note: "钟快一年", kind: "phone" });
    await synced(page, desk);
    await page.goto(`${desk.url}/f/me`);
    await page.getByText(/快了 \d+ 分钟/).first().waitFor();
    assert.equal(await atTheDesk(officer, desk, person, "钟快一年"), 1);
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(5, 10);
    const line = await officer.locator(".visits-list > li").filter({ hasText: "钟快一年" }).innerText();
    assert.ok(line.includes(today) && line.includes("时间不准"), line);
    await context.close();
  });

  test("whoever is given to somebody else leaves the phone", own, async () => {
    const { context, page } = await phone("visitor");
    await signIn(page, desk, "visitor", "/f/today");
    await ready(page);
    const all = await people(page);
    const coordinator = await (await browser.newContext()).newPage();
    await signIn(coordinator, desk, "township-coordinator", "/d/visits/assign");
    const villages = await coordinator.locator(".rows-bar a").evaluateAll((links) => links.map((link) => link.href));
    let person = null;
    for (const village of villages) {
      await coordinator.goto(village);
      const rows = await coordinator.locator("tr input[type=checkbox]").evaluateAll((ticks) => ticks.map((tick) => tick.name));
      person = rows.find((one) => all.includes(one)) ?? null;
      if (person) break;
    }
    assert.ok(person, "somebody in care is due visits");
    const take = coordinator.locator(`button[name^="take ${person} "]`);
    for (let left = await take.count(); left > 0; left -= 1) await take.first().click();
    await synced(page, desk);
    await page.goto(`${desk.url}/f/today`);
    assert.ok(!(await people(page)).includes(person), "still there");
    await page.goto(`${desk.url}/f/visits/${person}`);
    await page.getByText("可能已经改由别人探访").waitFor();
    await context.close();
  });

  test("signing out destroys the key and the store", own, async () => {
    const { context, page } = await phone("visitor");
    await signIn(page, desk, "visitor", "/f/today");
    await ready(page);
    const extractable = await page.evaluate(async () => {
      const { name } = (await indexedDB.databases()).find((one) => one.name.startsWith("yilian-field-"));
      const store = await new Promise((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
      });
      const key = await new Promise((resolve) => {
        const request = store.transaction("keys").objectStore("keys").get("main");
        request.onsuccess = () => resolve(request.result);
      });
      store.close();
      return [key.extractable, await crypto.subtle.exportKey("raw", key).then(() => "given out", () => "kept")];
    });
    assert.deepEqual(extractable, [false, "kept"]);
    await page.goto(`${desk.url}/f/me`);
    await page.locator(".fbar").getByRole("button", { name: "退出" }).click();
    await page.locator("dialog").getByRole("button", { name: "退出" }).click();
    await page.waitForURL(/sign-in/);
    const left = await page.evaluate(() => indexedDB.databases());
    assert.deepEqual(left.filter((one) => one.name.startsWith("yilian-field-")), []);
    await context.setOffline(true);
    await page.goto(`${desk.url}/f/today`);
    await page.waitForSelector("#title");
    assert.deepEqual(await people(page), [], "nobody is left");
    await context.close();
  });

  test("a phone that lies in a drawer for too long forgets everyone", own, async () => {
    const { context, page } = await phone("volunteer");
    await signIn(page, desk, "volunteer", "/f/today");
    await ready(page);
    assert.ok((await people(page)).length > 0);
    await context.setOffline(true);
    await context.clock.install({ time: new Date(Date.now() + 16 * 86_400_000) });
    await page.goto(`${desk.url}/f/today`);
    await page.getByRole("link", { name: "去登录" }).waitFor();
    const left = await page.evaluate(() => indexedDB.databases());
    assert.deepEqual(left.filter((one) => one.name.startsWith("yilian-field-")), []);
    await context.close();
  });

  test("a phone that was reported lost clears itself at its next contact, signed in or not", own, async () => {
    const { context, page } = await phone("volunteer");
    await signIn(page, desk, "volunteer", "/f/today");
    await ready(page);
    await context.clearCookies();
    await officer.goto(`${desk.url}/d/visits/phones`);
    const device = await page.evaluate(async () => {
      const { name } = (await indexedDB.databases()).find((one) => one.name.startsWith("yilian-field-"));
      const store = await new Promise((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
      });
      const id = await new Promise((resolve) => {
        const request = store.transaction("meta").objectStore("meta").get("device");
        request.onsuccess = () => resolve(request.result);
      });
      store.close();
      return id;
    });
    const row = officer.locator("tr").filter({ hasText: device.slice(0, 8) });
    await row.getByRole("button", { name: "报失" }).click();
    await page.goto(`${desk.url}/f/today`);
    await page.getByText("这部手机报了失").waitFor();
    const left = await page.evaluate(() => indexedDB.databases());
    assert.deepEqual(left.filter((one) => one.name.startsWith("yilian-field-")), []);
    await context.close();
  });
});
