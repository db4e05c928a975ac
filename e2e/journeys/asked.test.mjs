// A daughter asks for what her mother is due, follows it with and without signing in; the township and the county answer.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { WIDTHS, startBrowser, startDesk } from "../lib/desk.mjs";
import { signIn } from "../lib/enter.mjs";
import { lookAtBoth } from "../lib/look.mjs";

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

const open = async (role, path, viewport) => {
  const page = await (await browser.newContext({ viewport, colorScheme: "light" })).newPage();
  await signIn(page, desk, role, path);
  return page;
};

// Somebody of whom the platform decides what they are due, who is not on the demonstration's own list of bonds.
async function bind(coordinator, phone) {
  for (const rule of ["home_adaptation", "meal_delivery"]) {
    await coordinator.goto(`${desk.url}/d/work/unserved?rule=${rule}`);
    const link = coordinator.locator('main a[href^="/d/people/P"]').first();
    if (!(await link.count())) continue;
    const person = (await link.getAttribute("href")).split("/").pop();
    await coordinator.goto(`${desk.url}/d/people/${person}/bonds`);
    for (const scope of [/查看/, /申请/]) await coordinator.getByRole("checkbox", { name: scope }).check();
    await coordinator.getByLabel("是老人的什么人").selectOption("child");
    await coordinator.getByLabel("姓名", { exact: true }).fill("王燕");
    await coordinator.getByLabel(/手机号/).last().fill(phone);
    await coordinator.getByRole("button", { name: "老人同意了，办理" }).click();
    return { person, rule, link: (await coordinator.locator(".door-secret").innerText()).trim() };
  }
  throw new Error("nobody is due what is decided here");
}

const PHONE = "13900006666";
const PASSWORD = "the river bends twice at dusk";

describe("asked", { skip: process.env.YILIAN_URL }, () => {
  test("a daughter applies, follows the matter and is answered", async () => {
    const coordinator = await open("township-coordinator", "/d/today", WIDTHS.desktop);
    const { person, rule, link } = await bind(coordinator, PHONE);

    const daughter = await (await browser.newContext({ viewport: WIDTHS.phone, colorScheme: "light" })).newPage();
    await daughter.goto(link);
    await daughter.locator("#password").fill(PASSWORD);
    await daughter.locator("#again").fill(PASSWORD);
    await daughter.getByRole("button", { name: "就用这个" }).click();
    await daughter.locator("#name").fill(PHONE);
    await daughter.locator("#password").fill(PASSWORD);
    await daughter.locator("form[action$='/sign-in'] button").click();
    await daughter.goto(`${desk.url}/me/${person}`);
    await lookAtBoth(daughter);
    await daughter.locator(`a[href="/me/${person}/apply/${rule}"]`).first().click();
    await lookAtBoth(daughter);
    await daughter.getByLabel(/想补充的话/).fill("母亲一个人住，<i>下雨天</i>上不了厕所");
    await daughter.getByRole("button", { name: "提交申请" }).click();
    assert.match(await daughter.getByRole("status").innerText(), /交上去了，编号/);
    const number = /(\d{4}-\d{6}-\w{5})/.exec(await daughter.locator("main").innerText())[1];
    await lookAtBoth(daughter);
    await daughter.goto(`${desk.url}/me/${person}/apply/${rule}`);
    assert.match(await daughter.locator("main").innerText(), /已经申请过/, "a second time leads to the first");
    await daughter.goto(`${desk.url}/me/${person}`);
    assert.match(await daughter.locator("main").innerText(), new RegExp(number));

    // The township reads what she wrote and recommends; the county decides, a second person.
    await coordinator.goto(`${desk.url}/d/applications/${number}`);
    assert.match(await coordinator.locator("main").innerText(), /<i>下雨天<\/i>上不了厕所/);
    await lookAtBoth(coordinator);
    await coordinator.keyboard.press("a");
    await coordinator.waitForURL(/done=recommend/);
    await daughter.goto(`${desk.url}/me/${person}/matters/${number}`);
    assert.match(await daughter.locator("main").innerText(), /等审定/);
    await lookAtBoth(daughter);

    const officer = await open("county-officer", `/d/applications/${number}`, WIDTHS.desktop);
    await officer.keyboard.press("a");
    await officer.waitForURL(/done=grant/);
    await officer.keyboard.press("a");
    await officer.waitForURL(/done=notify/);
    await daughter.reload();
    const told = await daughter.locator("main").innerText();
    assert.match(told, /批准了/);
    assert.match(told, /告知本人/);
    assert.doesNotMatch(told, /U\d{8}/, "no account of the staff is named");
    assert.equal(await daughter.getByRole("button", { name: "撤回申请" }).count(), 0, "what is decided is not taken back");
    await lookAtBoth(daughter);

    // Without signing in: the number alone tells nothing, the last four characters of the ID number open it.
    await officer.goto(`${desk.url}/d/people/${person}`);
    const four = /\*{4}(\d{3}[\dX])/.exec(await officer.locator("main").innerText())[1];
    const stranger = await (await browser.newContext({ viewport: WIDTHS.phone, colorScheme: "light" })).newPage();
    await stranger.goto(`${desk.url}/orders`);
    await lookAtBoth(stranger);
    const ask = async (digits) => {
      await stranger.getByLabel("申请编号").fill(number.toLowerCase());
      await stranger.getByLabel("证件号码最后四位").fill(digits);
      await stranger.getByRole("button", { name: "查", exact: true }).click();
    };
    await ask(four === "0000" ? "1111" : "0000");
    assert.match(await stranger.getByRole("alert").innerText(), /没有查到/);
    await lookAtBoth(stranger);
    await ask(four);
    assert.match(await stranger.locator("main").innerText(), /批准了/);
    assert.doesNotMatch(await stranger.locator("main").innerText(), /P\d{8}|王燕/);
    assert.ok(!stranger.url().includes(four), "the address tells nothing");
    await lookAtBoth(stranger);
  });
});
