// At the door: a wrong password, the right one and a code, a look for a purpose, and out again.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe } from "../lib/axe.mjs";
import { WIDTHS, code, startBrowser, startDesk, sticksOut } from "../lib/desk.mjs";

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

// Two widths, two officers: a code is good once.
const WHO = { desktop: "county_officer", phone: "township_coordinator" };

for (const [name, viewport] of Object.entries(WIDTHS)) {
  describe(name, () => {
    test("someone signs in, looks at a person for a purpose, and goes", { skip: process.env.YILIAN_URL }, async () => {
      const account = desk.accounts[WHO[name]] ?? desk.accounts[WHO[name].replace("_", "-")];
      assert.ok(account, `no account among ${Object.keys(desk.accounts)}`);
      const context = await browser.newContext({ viewport, colorScheme: "light" });
      const page = await context.newPage();
      const faults = [];
      page.on("pageerror", (fault) => faults.push(String(fault)));

      await page.goto(desk.url + "/d/people");
      assert.match(page.url(), /sign-in\?back=/);
      await page.getByLabel("账号或手机号").fill(account.name);
      await page.getByLabel("密码").fill("not the password");
      await page.getByRole("button", { name: "继续" }).click();
      assert.match(await page.getByRole("alert").innerText(), /不对/);
      assert.deepEqual(await sticksOut(page), []);
      await axe(page);
      await page.getByLabel("密码").fill(account.password);
      await page.getByRole("button", { name: "继续" }).click();
      await page.getByLabel("验证器里的 6 位数").fill(code(account.secret, Date.now()));
      await page.getByRole("button", { name: "继续" }).click();
      assert.equal(new URL(page.url()).pathname, "/d/people");
      await axe(page);

      await page.goto(desk.url + "/d/work/visit");
      assert.deepEqual(await sticksOut(page), [], "the work list sticks out");
      await axe(page);
      const person = page.locator('main a[href^="/d/people/P"]').first();
      await page.goto(desk.url + (await person.getAttribute("href")));
      assert.deepEqual(await sticksOut(page), [], "the person page sticks out");
      await axe(page);
      await page.getByText("显示完整的姓名、号码、住址").click();
      await page.getByLabel("为什么要看").selectOption("visit");
      await page.getByRole("button", { name: "记下并显示" }).click();
      assert.match(await page.locator("main").innerText(), /\d{17}[\dX]/);
      assert.deepEqual(await sticksOut(page), [], "the look sticks out");
      await axe(page);
      await page.getByRole("link", { name: "回这个人的页面" }).click();
      await page.getByRole("link", { name: "谁看过" }).click();
      assert.match(await page.locator("h1").innerText(), /被看过 \d 次/);
      await axe(page);

      const trail = await page.goto(desk.url + "/d/audit");
      assert.equal(trail.status(), 403, "the trail is the auditors'");
      assert.match(await page.locator("main").innerText(), /没有这项权限/);
      await axe(page);

      await page.goto(desk.url + "/account");
      assert.deepEqual(await sticksOut(page), [], "the account sticks out");
      await axe(page);
      await page.getByRole("button", { name: "退出", exact: true }).click();
      assert.match(page.url(), /sign-in\?out=yes$/);
      await page.goto(desk.url + "/d/today");
      assert.match(page.url(), /sign-in\?back=/);
      assert.deepEqual(faults, []);
      await context.close();
    });
  });
}
