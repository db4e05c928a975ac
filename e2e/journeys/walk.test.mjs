// Every kind of page, as somebody who may see it: in four themes and two widths nothing keeps people out and nothing
// sticks out sideways; in English every word is there; and a first visit is small.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { audit } from "../lib/axe.mjs";
import { WIDTHS, startBrowser, startDesk, sticksOut } from "../lib/desk.mjs";
import { enter } from "../lib/enter.mjs";
import { people, ready } from "../lib/field.mjs";
import { settle } from "../lib/look.mjs";
import { kinds } from "../lib/walk.mjs";

const THEMES = {
  light: { theme: "light", size: "m", contrast: "normal" },
  dark: { theme: "dark", size: "m", contrast: "normal" },
  "high contrast": { theme: "light", size: "m", contrast: "more" },
  "large type": { theme: "light", size: "xl", contrast: "normal" },
};

// What depends on colours and sizes; all else is the same in every theme.
const OF_A_THEME = ["color-contrast", "link-in-text-block", "target-size"];

// Bytes that a first visit may take, as they come over the line.
const FIRST_VISIT = 150_000;

// Who walks, from where, and how many kinds of pages they come by at least: a walk that stops early is noticed. What one
// has seen the next need not.
const WALKS = [
  [null, 18, ["/", "/sign-in", "/register", "/callback?sent=1", "/orders", "/benefits/check", "/api"]],
  ["family", 8, ["/me", "/account"]],
  ["county-officer", 30, ["/d/today", "/d/people?q=a", "/d/work/unserved", "/d/work/stop", "/d/applications", "/d/visits", "/d/visits/assign", "/d/visits/phones", "/d/linkage/merges", "/account/webhooks"]],
  ["administrator", 3, ["/d/admin/users", "/d/admin/users/new", "/d/admin/confirm"]],
  ["auditor", 2, ["/d/audit", "/d/audit/looks"]],
  ["region", 2, ["/d/consultations", "/d/policy/what-if", "/d/province"]],
];

// What is Chinese in an English page because it is somebody's or some place's name, a column of a list, or was written by
// people.
const NAMES = /\*|出生日期|日期$|号码$|[市县乡镇村州场圃]|街道|社区|居委会|生活区|家属|管理员|评估员|审计员|经办|本人|监管人员|探访员|志愿者|协调员|负责人|服务人员|敬老院|养老|食堂|助餐点|照料中心|大院|医院|卫生|[区县]\b|新疆|服务机构/u;

let desk;
let browser;
before(async () => {
  desk = await startDesk({ townships: 2, olderPeople: 1500, signIn: true });
  // What concerns the whole region asks for an officer of it.
  desk.run("user", "grant", "demo-assessor", "county_officer", "--division", "6530");
  desk.accounts.region = desk.accounts.assessor;
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
});

const known = new Set();

// Without motion, a colour is there at once.
const dress = (page, theme) => page.evaluate((theme) => Object.assign(document.documentElement.dataset, theme), theme);

// What is wrong with a page in any theme at any width.
async function wrongWith(page, widths = WIDTHS) {
  const wrong = [];
  await settle(page);
  for (const [width, viewport] of Object.entries(widths)) {
    await page.setViewportSize(viewport);
    for (const [theme, traits] of Object.entries(THEMES)) {
      await dress(page, traits);
      const at = `${new URL(page.url()).pathname} ${width} ${theme}`;
      const out = await sticksOut(page);
      if (out.length) wrong.push(`${at} sticks out: ${out.join(", ")}`);
      const { grave } = await audit(page, { rules: theme === "light" ? undefined : OF_A_THEME });
      for (const said of grave) wrong.push(`${at} ${said}`);
    }
  }
  return wrong;
}

// Bytes that came over the line for a page and everything it loads, nothing being there yet.
async function weighed(session, page, url) {
  let bytes = 0;
  const note = ({ encodedDataLength }) => (bytes += encodedDataLength);
  session.on("Network.loadingFinished", note);
  await page.goto(url, { waitUntil: "load" });
  session.off("Network.loadingFinished", note);
  return bytes;
}

// Chinese is data in an English page only where it says so: `lang="zh-CN"`.
const chineseLeft = async (page) => {
  const all = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const left = [];
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      const own = parentElement.closest("script, style, [lang^=zh], .seal, .who-face");
      if (!own && /\p{Script=Han}|⟦/u.test(data)) left.push(`${parentElement.tagName}: ${data.trim()}`);
    }
    return left;
  });
  return all.filter((text) => text.includes("⟦") || !NAMES.test(text)).map((text) => text.slice(0, 80));
};

for (const [role, atLeast, starts] of WALKS) {
  describe(role ?? "nobody", { skip: process.env.YILIAN_URL }, () => {
    let context;
    let page;
    let paths;
    const faults = [];
    before(async () => {
      context = await browser.newContext({ colorScheme: "light", reducedMotion: "reduce" });
      page = await context.newPage();
      page.on("pageerror", (fault) => faults.push(`${page.url()} ${fault}`));
      if (role) await enter(page, desk, role);
      paths = await kinds(context, desk.url, starts, known);
    });
    after(() => context?.close());

    test("comes by its pages", () => assert.ok(paths.length >= atLeast, `${paths.length}: ${paths.join(" ")}`));

    test("in four themes and two widths", async () => {
      const wrong = [];
      for (const path of paths) {
        await page.goto(desk.url + path);
        wrong.push(...(await wrongWith(page)));
      }
      assert.deepEqual(wrong, []);
      assert.deepEqual(faults, []);
    });

    test("in English", async () => {
      const wrong = [];
      for (const path of paths) {
        await page.goto(`${desk.url}/en${path === "/" ? "" : path}`);
        await settle(page);
        const left = await chineseLeft(page);
        if (left.length) wrong.push(`${path}\n  ${left.slice(0, 8).join("\n  ")}`);
        for (const viewport of Object.values(WIDTHS)) {
          await page.setViewportSize(viewport);
          const out = await sticksOut(page);
          if (out.length) wrong.push(`/en${path} ${viewport.width} sticks out: ${out.join(", ")}`);
        }
      }
      assert.deepEqual(wrong, []);
    });

    test("is small on a first visit", async () => {
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Network.setCacheDisabled", { cacheDisabled: true });
      const heavy = [];
      let heaviest = 0;
      for (const path of paths) {
        const bytes = await weighed(session, page, desk.url + path);
        assert.ok(bytes > 10_000, `${path} weighs ${bytes} bytes: a page and its style are more`);
        heaviest = Math.max(heaviest, bytes);
        if (bytes > FIRST_VISIT) heavy.push(`${path}: ${bytes} bytes`);
      }
      console.log(`    heaviest: ${heaviest} bytes`);
      assert.deepEqual(heavy, []);
    });
  });
}

describe("the field app", { skip: process.env.YILIAN_URL }, () => {
  test("in four themes on a phone, in both languages", async () => {
    const wrong = [];
    for (const [role, kind] of [["visitor", "visits"], ["region", "assess"]]) {
      const context = await browser.newContext({ viewport: WIDTHS.phone, colorScheme: "light", reducedMotion: "reduce" });
      const page = await context.newPage();
      await enter(page, desk, role, "/f/today");
      await ready(page);
      const [person] = await people(page);
      for (const path of ["/f/today", "/f/outbox", "/f/me", `/f/${kind}/${person}`]) {
        for (const lang of ["zh", "en"]) {
          await page.evaluate((lang) => localStorage.setItem("yilian-field-lang", lang), lang);
          await page.goto(desk.url + path);
          await page.waitForSelector("#title");
          wrong.push(...(await wrongWith(page, { phone: WIDTHS.phone })));
        }
      }
      await context.close();
    }
    assert.deepEqual(wrong, []);
  });
});
