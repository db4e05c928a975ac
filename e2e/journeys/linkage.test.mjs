// A reviewer at the queue: decides with the keyboard alone, takes one decision back, and does the same without a script.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WIDTHS, sticksOut, startBrowser, startDesk } from "../lib/desk.mjs";

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
  const open = async (path) => {
    const answer = await page.goto(desk.url + path);
    assert.equal(answer.status(), 200, path);
    assert.deepEqual(await sticksOut(page), [], `${path} sticks out`);
  };
  return { context, page, open, faults };
}

const left = async (page) => Number(/还有 ([\d,]+) 对/.exec(await page.locator("#progress").innerText())[1].replace(",", ""));

test("a reviewer decides three pairs without a mouse", async () => {
  const { context, page, open, faults } = await visit(WIDTHS.desktop);
  await open("/d/linkage");
  assert.match(await page.locator("h1").innerText(), /有 \d+ 对要人来看/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/d\/linkage\/\d+/);
  const first = await left(page);
  assert.ok((await page.locator(".weigh").count()) >= 2, "weights are drawn");
  const here = page.url();
  await page.keyboard.press("j");
  await page.waitForURL((url) => url.href !== here);
  await page.keyboard.press("k");
  await page.waitForURL(here);

  await page.keyboard.press("s");
  assert.ok(await page.locator("input[value=same]").isChecked());
  await page.keyboard.type("问过本人");
  if (await page.locator("#by").count()) {
    await page.keyboard.press("Tab");
    await page.keyboard.type("许");
  }
  await Promise.all([page.waitForURL(/done=/), page.keyboard.press("Enter")]);
  assert.match(await page.locator("[role=status]").innerText(), /是同一人/);
  assert.ok((await left(page)) < first, "it counts down");

  for (const key of ["d", "u"]) {
    const before = page.url();
    await page.keyboard.press(key);
    await page.keyboard.type("住址对不上");
    if (await page.locator("#by").count()) assert.equal(await page.locator("#by").inputValue(), "许", "the name is kept");
    await Promise.all([page.waitForURL((url) => url.href !== before), page.keyboard.press("Enter")]);
  }
  assert.match(await page.locator("#progress").innerText(), /今天已核 3 对/);

  await open("/d/linkage");
  await page.locator("aside .lk-h a").last().click();
  assert.match(await page.locator("#decide .meta").innerText(), /是同一人/);
  await page.locator("#decide summary").click();
  await page.locator("#reason-undo").fill("看错了");
  await Promise.all([page.waitForURL(/done=/), page.locator("#decide form .btn-d").click()]);
  assert.match(await page.locator("#decide .meta").innerText(), /撤回了/);
  assert.deepEqual(faults, []);
  await context.close();
});

test("a name or number in the grounds is refused and nothing typed is lost, without a script", async () => {
  const { context, page, open } = await visit(WIDTHS.phone, { javaScriptEnabled: false });
  await open("/d/linkage");
  await page.locator(".lk-t a").first().click();
  await page.locator("input[value=different]").check();
  await page.locator("#reason").fill("电话 13999012345 不对");
  const named = (await page.locator("#by").count()) > 0;
  if (named) await page.locator("#by").fill("李");
  await page.locator("#decide form .btn-p").click();
  assert.match(await page.locator("#decide .err").first().innerText(), /不要写姓名/);
  if (named) assert.equal(await page.locator("#by").inputValue(), "李");
  assert.ok(await page.locator("input[value=different]").isChecked());
  await page.locator("#reason").fill("电话不对");
  await page.locator("#decide form .btn-p").click();
  assert.match(page.url(), /done=/);
  assert.deepEqual(await sticksOut(page), []);
  await context.close();
});

test("every linkage page holds at every width", async () => {
  for (const viewport of Object.values(WIDTHS)) {
    const { context, page, open, faults } = await visit(viewport);
    for (const path of ["/d/linkage", "/en/d/linkage", "/d/linkage/merges", "/en/d/linkage/merges"]) await open(path);
    await open("/en/d/linkage");
    await page.locator(".lk-t a").first().click();
    assert.deepEqual(await sticksOut(page), []);
    assert.equal(await page.locator("h1").count(), 1);
    assert.deepEqual(faults, []);
    await context.close();
  }
});
