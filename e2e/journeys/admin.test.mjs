// Running accounts: an administrator invites, an officer confirms, the invited one sets a password and a second factor;
// a coordinator binds a family, which then signs in; an auditor reads the trail.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe } from "../lib/axe.mjs";
import { WIDTHS, code, startBrowser, startDesk, sticksOut } from "../lib/desk.mjs";
import { enter } from "../lib/enter.mjs";

let desk;
let browser;
before(async () => {
  desk = await startDesk({ townships: 2, olderPeople: 900, signIn: true });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

const PASSWORD = "the river bends twice at dusk";

async function open(viewport) {
  const context = await browser.newContext({ viewport, colorScheme: "light" });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (fault) => faults.push(String(fault)));
  const look = async (what) => {
    assert.deepEqual(await sticksOut(page), [], what);
    await axe(page);
  };
  return { context, page, faults, look };
}

async function setPassword(page, link) {
  await page.goto(link);
  await page.locator("#password").fill(PASSWORD);
  await page.locator("#again").fill(PASSWORD);
  await page.getByRole("button", { name: "就用这个" }).click();
}

for (const [name, viewport] of Object.entries(WIDTHS)) {
  describe(name, { skip: process.env.YILIAN_URL }, () => {
    test("a role that sees people takes two", async () => {
      const username = `new.officer.${name}`;
      const admin = await open(viewport);
      await enter(admin.page, desk, "administrator", "/d/admin/users");
      await admin.look("the list of accounts");
      assert.match(await admin.page.locator("h1").innerText(), /个账号/);
      await admin.page.getByRole("link", { name: "邀请一个人" }).click();
      await admin.look("the invitation");
      await admin.page.getByLabel("姓名", { exact: true }).fill("古丽娜尔");
      await admin.page.getByLabel("账号", { exact: true }).fill(username);
      await admin.page.getByRole("radio", { name: /^县（市、区）、州（市）经办/ }).check();
      await admin.page.getByLabel("管哪里").fill("6530");
      await admin.page.getByRole("button", { name: "邀请，拿链接" }).click();
      await admin.look("the link");
      assert.match(await admin.page.locator("main").innerText(), /第二个人确认/);
      const link = (await admin.page.locator(".door-secret").innerText()).trim();
      assert.match(link, /\/invite\/\S{43}$/);

      const own = await open(viewport);
      await own.page.goto(link);
      await own.look("setting a password");
      await setPassword(own.page, link);
      await own.page.locator("#name").fill(username);
      await own.page.locator("#password").fill(PASSWORD);
      await own.page.locator("form[action$='/sign-in'] button").click();
      await own.look("setting up the second factor");
      const secret = (await own.page.locator(".door-secret").innerText()).replaceAll(" ", "");
      await own.page.locator("#code").fill(code(secret, Date.now()));
      await own.page.locator("form button").last().click();
      await own.look("recovery codes");
      await own.page.getByRole("link", { name: "抄好了，进去" }).click();
      await own.page.goto(`${desk.url}/account`);
      await own.look("an account that waits");
      assert.match(await own.page.locator("main").innerText(), /等第二个人确认/);
      assert.equal((await own.page.goto(`${desk.url}/d/people`)).status(), 403);
      await own.look("a refusal");
      await own.page.goto(`${desk.url}/why?at=/d/people`);
      await own.look("why");

      // Two widths share one county officer, whose reach is a county: a prefecture's role is confirmed by command alone.
      const officer = await open(viewport);
      await enter(officer.page, desk, "county-officer", "/d/admin/confirm");
      await officer.look("what waits");
      assert.match(await officer.page.locator("h1").innerText(), /角色等您确认/);

      await admin.page.getByRole("link", { name: "交给本人了" }).click();
      await admin.look("the account");
      await admin.page.getByRole("button", { name: "锁定" }).click();
      assert.match(await admin.page.locator("main").innerText(), /锁着/);
      assert.match((await own.page.goto(`${desk.url}/account`)).url(), /sign-in/, "a locked account is out at once");
      for (const one of [admin, own, officer]) {
        assert.deepEqual(one.faults, []);
        await one.context.close();
      }
    });

    test("a family is bound face to face and signs in by phone number", async () => {
      const phone = name === "phone" ? "13900002222" : "13900003333";
      const coordinator = await open(viewport);
      await enter(coordinator.page, desk, "township-coordinator", "/d/work/visit");
      const person = await coordinator.page.locator('main a[href^="/d/people/P"]').first().getAttribute("href");
      await coordinator.page.goto(desk.url + person);
      await coordinator.page.getByRole("link", { name: "家属授权" }).click();
      await coordinator.look("bonds");
      await coordinator.page.getByRole("checkbox", { name: /查看/ }).check();
      await coordinator.page.getByLabel("是老人的什么人").selectOption("child");
      await coordinator.page.getByLabel("姓名", { exact: true }).fill("王燕");
      await coordinator.page.getByLabel(/手机号/).last().fill(phone);
      await coordinator.page.getByRole("button", { name: "老人同意了，办理" }).click();
      await coordinator.look("the family's link");
      const link = (await coordinator.page.locator(".door-secret").innerText()).trim();

      const family = await open(viewport);
      await setPassword(family.page, link);
      await family.look("the sign-in");
      await family.page.locator("#name").fill(phone);
      await family.page.locator("#password").fill(PASSWORD);
      await family.page.locator("form[action$='/sign-in'] button").click();
      await family.page.goto(`${desk.url}/account`);
      await family.look("a family's account");
      assert.match(await family.page.locator("main").innerText(), /子女/);

      await coordinator.page.getByRole("link", { name: "交给本人了" }).click();
      assert.match(await coordinator.page.locator("main").innerText(), /老人本人同意/);
      await coordinator.page.getByRole("button", { name: "给老人一个授权码" }).click();
      assert.match(await coordinator.page.getByRole("alert").innerText(), /至少/, "a code is for something");
      await coordinator.page.getByRole("checkbox", { name: /查看/ }).check();
      await coordinator.page.getByRole("button", { name: "给老人一个授权码" }).click();
      await coordinator.look("the elder's code");
      assert.match(await coordinator.page.locator(".code-big").innerText(), /^\w{4}-\w{4}-\w{4}$/);
      await family.page.goto(`${desk.url}/register`);
      await family.look("registration");
      for (const one of [coordinator, family]) {
        assert.deepEqual(one.faults, []);
        await one.context.close();
      }
    });

    test("an auditor reads the trail and who looked", async () => {
      const auditor = await open(viewport);
      await enter(auditor.page, desk, "auditor", "/d/audit");
      await auditor.look("the trail");
      await auditor.page.getByRole("link", { name: "核对有没有被改动" }).click();
      assert.match(await auditor.page.getByRole("status").innerText(), /没有被改动/);
      await auditor.page.getByRole("link", { name: "显示记录" }).click();
      await auditor.look("the looks");
      assert.deepEqual(auditor.faults, []);
      await auditor.context.close();
    });
  });
}
