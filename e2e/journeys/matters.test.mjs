// An officer's day: from an offer to an award by a second person with the keyboard alone, and a village's answers.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe } from "../lib/axe.mjs";
import { WIDTHS, startBrowser, startDesk, sticksOut } from "../lib/desk.mjs";
import { signIn } from "../lib/enter.mjs";

const skip = process.env.YILIAN_URL;
let desk;
let browser;
before(async () => {
  desk = await startDesk({ townships: 2, olderPeople: 1500, signIn: true });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

const open = async (role, path, viewport = WIDTHS.desktop) => {
  const context = await browser.newContext({ viewport, colorScheme: "light" });
  const page = await context.newPage();
  await signIn(page, desk, role, path);
  return page;
};

// What a page is looked at for: nothing sticks out at either width, nothing keeps people out.
const look = async (page) => {
  for (const viewport of [WIDTHS.phone, WIDTHS.desktop]) {
    await page.setViewportSize(viewport);
    assert.deepEqual(await sticksOut(page), [], `${page.url()} sticks out at ${viewport.width}`);
  }
  await axe(page);
};
const h1 = (page) => page.locator("h1").innerText();

describe("matters", () => {
  test("from an offer to an award by a second person, with the keyboard", { skip }, async () => {
    const coordinator = await open("township-coordinator", "/d/work/unserved?rule=meal_delivery");
    let rule = "meal_delivery";
    if ((await coordinator.locator("[data-row]").count()) === 0) {
      rule = "home_adaptation";
      await coordinator.goto(`${desk.url}/d/work/unserved?rule=${rule}`);
    }
    await look(coordinator);
    const keys = coordinator.keyboard;
    await keys.press("j");
    await keys.press("x");
    const tick = coordinator.locator("[name=who]:checked");
    const who = (await tick.getAttribute("value")).split(":")[0];
    await keys.press("j");
    await keys.press("j");
    await keys.press("Shift+X");
    assert.equal(await tick.count(), Math.min(3, await coordinator.locator("[name=who]").count()), "a range is ticked");
    await coordinator.reload();
    await keys.press("j");
    await keys.press("x");
    await keys.press("e");
    assert.equal(await coordinator.evaluate(() => document.activeElement.id), "bulk-o");
    await keys.press("ArrowDown");
    await coordinator.getByRole("button", { name: "记下", exact: true }).focus();
    await keys.press("Enter");
    await coordinator.waitForURL(/noted=1/);
    assert.match(await coordinator.locator("p[role=status]").innerText(), /1 人的结果记下了/);

    await coordinator.goto(desk.url + "/d/applications?step=file");
    await look(coordinator);
    await keys.press("j");
    await keys.press("Enter");
    await coordinator.waitForURL(/applications\/2/);
    await look(coordinator);
    await keys.press("a");
    await coordinator.waitForURL(/done=file/);
    const number = new URL(coordinator.url()).pathname;
    await keys.press("a");
    await coordinator.waitForURL(/done=recommend/);
    assert.match(await coordinator.locator("main").innerText(), /等另一个人审定/);

    const officer = await open("county-officer", "/d/today");
    await look(officer);
    await officer.keyboard.press("g");
    await officer.keyboard.press("d");
    await officer.waitForURL(/\/d\/applications/);
    await officer.keyboard.press("j");
    await officer.keyboard.press("Enter");
    await officer.waitForURL(/applications\/2/);
    await look(officer);
    await officer.keyboard.press("a");
    await officer.waitForURL(/done=grant/);
    assert.match(await h1(officer), /已经批准/);
    await officer.keyboard.press("a");
    await officer.waitForURL(/done=notify/);
    await officer.goto(desk.url + number + "/notice");
    assert.match(await h1(officer), /批准通知/);
    await look(officer);
    await officer.goto(desk.url + "/d/awards");
    assert.equal(await officer.locator(`main a[href="${number}"]`).count(), 1);
    await look(officer);

    if (rule === "home_adaptation") {
      await officer.goto(desk.url + number);
      await officer.getByRole("button", { name: "登记完成" }).click();
      await officer.waitForURL(/done=deliver/);
    }
    desk.night();
    await officer.waitForTimeout(2500);
    await officer.goto(`${desk.url}/d/people/${who}`);
    await look(officer);
    const entry = officer.locator(`#${rule}`);
    assert.match(await entry.innerText(), /在享/, "the next night finds it served");
    await officer.goto(`${desk.url}/d/work/unserved?rule=${rule}&hand=any`);
    assert.equal(await officer.locator(`main a[href="/d/people/${who}"]`).count(), 0, "and it is no work any more");
  });

  test("missing facts go to a village and come back", { skip }, async () => {
    const page = await open("township-coordinator", "/d/work/ask");
    await look(page);
    await page.getByRole("link", { name: "填这张单子" }).first().click();
    await look(page);
    const asked = page.locator("table input[type=number]").first();
    const name = await asked.getAttribute("name");
    await asked.focus();
    await page.keyboard.type("99");
    await page.getByRole("button", { name: "全部记下" }).evaluate((button) => (button.form.noValidate = true));
    await page.getByRole("button", { name: "全部记下" }).click();
    assert.match(await page.getByRole("alert").innerText(), /超出了可能的范围/);
    await look(page);
    await page.locator(`[name="${name}"]`).fill("2");
    await page.getByRole("button", { name: "全部记下" }).click();
    assert.match(await page.locator("p[role=status]").innerText(), /记下了 1 条/);
    assert.equal(await page.locator(`[name="${name}"]`).count(), 0, "the question is closed");
    await page.goto(`${desk.url}/d/people/${name.split(".")[0]}`);
    assert.match(await page.locator("main").innerText(), /昨夜以后有新情况/);
    await look(page);
  });
});
