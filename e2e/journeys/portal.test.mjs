// The public pages: an anonymous check in both languages and in the largest type, a family that signs in and says what
// is wrong, a comment on a draft from the first word to the published one.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { axe } from "../lib/axe.mjs";
import { WIDTHS, startBrowser, startDesk, sticksOut } from "../lib/desk.mjs";

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

const LANGS = {
  zh: { prefix: "", next: "下一步", dont: "不知道", alone: /没有子女/, allowance: /在领低保/, due: /可以享受 \d+ 项/, huge: "字 特大" },
  en: { prefix: "/en", next: "Next", dont: "I don't know", alone: /no children/, allowance: /On the minimum/, due: /\d+ are due/, huge: "Extra large" },
};

const sound = async (page, name) => {
  assert.deepEqual(await sticksOut(page), [], `${name} sticks out`);
  // The bar with the phone floats over whatever scrolls past; it is not what hides a target.
  await page.evaluate(() => document.querySelector(".pt")?.style.setProperty("position", "static"));
  await axe(page);
};

for (const [width, viewport] of Object.entries(WIDTHS)) {
  describe(width, () => {
    for (const [lang, words] of Object.entries(LANGS)) {
      test(`a stranger finds out what is due, in ${lang} and the largest type`, async () => {
        const context = await browser.newContext({ viewport, colorScheme: "light" });
        const page = await context.newPage();
        const faults = [];
        page.on("pageerror", (fault) => faults.push(String(fault)));

        await page.goto(desk.url + (words.prefix || "/"));
        await sound(page, "home");
        await page.getByRole("button", { name: words.huge, exact: true }).click();
        assert.equal(await page.locator("html").getAttribute("data-size"), "xl");
        const size = await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector(".ask b")).fontSize));
        assert.ok(size >= 30, `the main text is ${size} px`);
        await sound(page, "home in the largest type");

        await page.goto(`${desk.url}${words.prefix}/benefits`);
        await sound(page, "benefits");
        await page.locator(`a[href="${words.prefix}/benefits/check"]`).click();
        let asked = 0;
        for (; asked < 25 && (await page.locator("form[action$='/benefits/check']").count()); asked += 1) {
          if (asked < 3) await sound(page, `question ${asked + 1}`);
          const age = page.locator("input[name=a][inputmode=numeric]");
          if (await age.count()) {
            await age.fill("82");
          } else {
            const options = page.locator(".opt label");
            const texts = await options.allInnerTexts();
            const wanted = texts.findIndex((text) => words.alone.test(text) || words.allowance.test(text));
            const dont = texts.findIndex((text) => text.includes(words.dont));
            await options.nth(asked === 0 ? 0 : wanted >= 0 ? wanted : dont).click();
          }
          await page.getByRole("button", { name: words.next }).click();
        }
        assert.match(await page.locator("h1").innerText(), words.due);
        assert.ok(asked >= 4 && asked <= 16, `${asked} questions were asked`);
        assert.ok(!page.url().includes("allowance"), "the address tells what was answered");
        await sound(page, "result");
        assert.equal((await context.cookies()).filter((cookie) => cookie.name !== "yilian_display").length, 0);

        for (const path of ["/services", "/places", "/open", "/consult", "/callback", "/help", "/accessibility", "/privacy"]) {
          await page.goto(`${desk.url}${words.prefix}${path}`);
          await sound(page, path);
        }
        assert.deepEqual(faults, []);
        await context.close();
      });
    }

    test("a daughter signs in, sees what is due, and says what is wrong", { skip: process.env.YILIAN_URL }, async () => {
      const account = desk.accounts.family;
      assert.ok(account, `no account among ${Object.keys(desk.accounts)}`);
      const context = await browser.newContext({ viewport, colorScheme: "dark" });
      const page = await context.newPage();
      await page.goto(`${desk.url}/me`);
      assert.match(page.url(), /sign-in\?back=/);
      await page.getByLabel("账号或手机号").fill(account.name);
      await page.getByLabel("密码").fill(account.password);
      await page.getByRole("button", { name: "继续" }).click();
      assert.equal(new URL(page.url()).pathname, "/me");
      await sound(page, "me");
      await page.getByRole("link", { name: /看能享受什么/ }).first().click();
      assert.match(await page.locator("h1").innerText(), /享受/);
      await sound(page, "what is due");
      for (const tab of ["探访和评估", "谁替老人办", "谁看过", "登记的情况"]) {
        await page.getByRole("link", { name: tab }).click();
        await sound(page, tab);
      }
      await page.getByLabel("应该是怎样").fill("子女其实有两个，都在县城");
      await page.getByRole("button", { name: "请乡镇核实" }).click();
      assert.match(await page.getByRole("status").innerText(), /收到了/);
      await page.goto(`${desk.url}/me`);
      assert.match(await page.locator("main").innerText(), /子女其实有两个/);
      await context.close();
    });
  });
}
