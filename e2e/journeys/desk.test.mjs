// A morning at the desk: what to do first, who, why, how far the plan is, what a change would do.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { WIDTHS, repository, startBrowser, startDesk, sticksOut } from "../lib/desk.mjs";

let desk;
let browser;
before(async () => {
  desk = await startDesk();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

async function visit(viewport, options = {}) {
  const context = await browser.newContext({ viewport, colorScheme: "light", ...options });
  const page = await context.newPage();
  const faults = [];
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  page.on("pageerror", (fault) => faults.push(String(fault)));
  page.on("request", (request) => {
    if (!request.url().startsWith(desk.url)) faults.push(`asks ${request.url()}`);
  });
  const open = async (path) => {
    const answer = await page.goto(desk.url + path);
    assert.equal(answer.status(), 200, path);
    assert.deepEqual(await sticksOut(page), [], `${path} sticks out`);
    assert.equal(await page.locator("h1").count(), 1, path);
  };
  return { context, page, open, faults };
}

for (const [name, viewport] of Object.entries(WIDTHS)) {
  describe(name, () => {
    test("from today to a person and back by the clause", async () => {
      const { context, page, open, faults } = await visit(viewport);
      await open("/d/today");
      assert.match(await page.locator("h1").innerText(), /探访过期|没有过期/);
      await page.locator(".work tbody a[href*='/d/people/']").first().click();
      assert.match(await page.locator("h1").innerText(), /\*/, "names are masked");
      assert.ok((await page.locator(".ent").count()) > 3, "rules are listed");
      assert.deepEqual(await sticksOut(page), []);
      const entry = page.locator(".ent[open]").first();
      if (await entry.count()) {
        assert.ok((await entry.locator(".cds li").count()) > 0, "an open rule shows its parts");
        await entry.locator("a[href*='/d/plan?at=']").first().click();
        assert.match(page.url(), /\/d\/plan\?at=KZ-.*#KZ-/);
      }
      assert.deepEqual(faults, []);
      await context.close();
    });

    test("every section holds at this width", async () => {
      const { context, open, faults } = await visit(viewport);
      for (const path of [
        "/d/today", "/d/people", "/d/people?q=a", "/d/work/unserved", "/d/work/stop", "/d/work/visit", "/d/work/reassess",
        "/d/work/ask", "/d/lists", "/d/plan", "/d/indicators", "/d/indicators/I-KZ1", "/d/policy/rules",
        "/d/policy/parameters", "/d/policy/sql", "/d/policy/what-if", "/en/d/today", "/en/d/plan", "/en/d/work/ask",
      ]) {
        await open(path);
      }
      assert.deepEqual(faults, []);
      await context.close();
    });

    test("an indicator leads down to who is missing", async () => {
      const { context, page, open, faults } = await visit(viewport);
      await open("/d/indicators");
      await page.locator(".ind a", { hasText: "月探访率" }).click();
      for (const level of [1, 2]) await page.locator(`.idr-l${level} .idr-n > a:last-child`).first().click();
      assert.ok((await page.locator(".idr-l3").count()) > 0, "villages are shown");
      assert.match(await page.locator("#rows h2").innerText(), /还差/);
      assert.deepEqual(await sticksOut(page), []);
      assert.deepEqual(faults, []);
      await context.close();
    });
  });
}

test("the keyboard walks rows, sections and the search", async () => {
  const { context, page, open } = await visit(WIDTHS.desktop);
  await open("/d/today");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  assert.equal(await page.locator("[data-row][aria-selected=true]").count(), 1);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/d\/people\//);
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await page.waitForURL(/\/d\/work\/unserved/);
  await page.keyboard.press("]");
  await page.waitForURL(/\/d\/work\/stop/);
  await page.keyboard.press("/");
  await page.keyboard.type("a");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/d\/people\?q=a/);
  await context.close();
});

test("the display menu keeps its choice, and all of it works without a script", async () => {
  const { context, page, open } = await visit(WIDTHS.desktop, { javaScriptEnabled: false });
  await open("/d/plan?only=O");
  await page.locator(".disp summary").click();
  await page.locator(".disp input[name=theme][value=dark]").check();
  await page.locator(".disp input[name=lang][value=en]").check();
  await page.locator(".disp button").click();
  assert.match(page.url(), /\/en\/d\/plan\?only=O$/);
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.locator(".scope-menu, .rail a[data-key=t]").last().click();
  assert.match(page.url(), /\/en\/d\/today$/);
  await page.locator(".scope-menu summary").click();
  await page.locator(".menu-box a").nth(1).click();
  assert.match(page.url(), /scope=\d{6}/);
  await context.close();
});

test("an officer records that a duty was done and takes it back, without a script", async () => {
  const { context, page, open } = await visit(WIDTHS.phone, { javaScriptEnabled: false });
  await open("/d/plan?at=KZ-3c");
  await page.locator("input[name=done_on]").fill("2024-06-01");
  await page.locator("input[name=done_by]").fill("州民政局");
  await page.locator("textarea[name=evidence]").fill("各县市评估机构名单");
  await page.locator("form.plan-form .btn-p").locator("xpath=ancestor::form").locator("input[name=by]").fill("张三");
  await page.locator("form.plan-form .btn-p").click();
  assert.match(page.url(), /\/d\/plan\?at=KZ-3c&saved=D\d+#KZ-3c/);
  assert.match(await page.locator("#KZ-3c").innerText(), /2024-06-01 办成/);
  await page.locator(".plan-r summary").click();
  await page.locator(".plan-r input[name=reason]").fill("登错了");
  await page.locator(".plan-r input[name=by]").fill("李四");
  await page.locator(".plan-r button").click();
  assert.match(await page.locator(".plan-r").innerText(), /李四.*撤回：登错了/);
  assert.match(await page.locator("#KZ-3c").innerText(), /过期/);
  await context.close();
});

test("a draft with a lower age shows who would gain", async () => {
  const { context, page, open, faults } = await visit(WIDTHS.desktop);
  await open("/d/policy/what-if");
  const classes = readFileSync(join(repository, "packs/kizilsu-2024/parameters/classes.toml"), "utf8");
  const at = classes.indexOf('id = "oldest_old_age"');
  const draft = classes.slice(0, at) + classes.slice(at).replace("value = 80", "value = 70");
  await page.locator("input[type=file]").setInputFiles({ name: "classes.toml", mimeType: "text/plain", buffer: Buffer.from(draft) });
  await page.locator("form[method=post][enctype] button").click();
  assert.match(await page.locator("h1").innerText(), /得益/);
  assert.ok((await page.locator(".wif-p").count()) > 0, "people are shown");
  assert.deepEqual(await sticksOut(page), []);
  assert.deepEqual(faults, []);
  await context.close();
});
