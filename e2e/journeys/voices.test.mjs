// A draft is laid open: a stranger says what is wrong with it, an officer reads it before it is shown, puts it under a
// theme with an answer, and after the last day the reply stands beside the draft.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { WIDTHS, repository, startBrowser, startDesk } from "../lib/desk.mjs";
import { signIn } from "../lib/enter.mjs";
import { lookAtBoth } from "../lib/look.mjs";

const SAID = "七十岁的老人也干不动重活了，<b>应该</b>算进来";
const RUDE = "隔壁老王身份证号是……";

let desk;
let browser;
let packs;
before(async () => {
  packs = mkdtempSync(join(tmpdir(), "yilian-packs-"));
  cpSync(join(repository, "packs"), packs, { recursive: true });
  const classes = readFileSync(join(packs, "kizilsu-2024/parameters/classes.toml"), "utf8");
  const at = classes.indexOf('id = "oldest_old_age"');
  mkdirSync(join(packs, "drafts/seventy"), { recursive: true });
  writeFileSync(join(packs, "drafts/seventy/classes.toml"), classes.slice(0, at) + classes.slice(at).replace("value = 80", "value = 70"));
  desk = await startDesk({ townships: 2, olderPeople: 900, signIn: true, packs });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await desk?.stop();
  if (packs) rmSync(packs, { recursive: true, force: true });
});

// The service's clock is the machine's: instead of waiting, the consultation began three months earlier.
const monthsPass = () => {
  const script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=20); db.execute(\"UPDATE consultation SET opened_on = date(opened_on, '-90 days'), closes_on = date(closes_on, '-90 days')\"); db.commit()";
  const done = spawnSync("python3", ["-c", script, join(desk.home, "yilian.db")], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
};

describe("voices", { skip: process.env.YILIAN_URL }, () => {
  test("a stranger comments on a draft, it is read, shown and answered", async () => {
    const officer = await (await browser.newContext({ viewport: WIDTHS.desktop, colorScheme: "light" })).newPage();
    await signIn(officer, desk, "region-officer", "/d/consultations");
    await officer.getByLabel("草稿").selectOption("seventy");
    await officer.getByLabel("名称").fill("高龄从七十岁算起");
    await officer.getByRole("button", { name: "公开征求意见" }).click();
    await officer.waitForURL(/\/d\/consultations\/\d+$/);
    const own = officer.url();
    await lookAtBoth(officer);
    assert.match(await officer.locator("main").innerText(), /才截止，截止后才能公布答复/);

    const stranger = await (await browser.newContext({ viewport: WIDTHS.phone, colorScheme: "light" })).newPage();
    await stranger.goto(`${desk.url}/`);
    await stranger.getByRole("link", { name: /高龄从七十岁算起/ }).first().click();
    await lookAtBoth(stranger);
    assert.match(await stranger.locator("main").innerText(), /受影响/, "what it would change is said in numbers");
    await stranger.getByLabel("您的意见").fill("");
    await stranger.getByRole("button", { name: "提交意见" }).click();
    assert.match(await stranger.getByRole("alert").innerText(), /\S/, "an empty comment says what is missing");
    await lookAtBoth(stranger);
    for (const [text, name] of [[SAID, "老周"], [RUDE, ""]]) {
      await stranger.getByLabel("您的意见").fill(text);
      await stranger.getByLabel(/怎么称呼您/).fill(name);
      await stranger.getByRole("button", { name: "提交意见" }).click();
      assert.match(await stranger.getByRole("status").innerText(), /收到了/);
    }
    const shown = () => stranger.locator("main").innerText();
    assert.doesNotMatch(await shown(), /干不动重活|隔壁老王/, "nothing is shown before somebody read it");

    await officer.goto(own);
    await lookAtBoth(officer);
    const line = (text) => officer.locator("[data-row]").filter({ hasText: text });
    await line("隔壁老王").getByPlaceholder(/不公开的原因/).fill("写了别人的证件号");
    await line("隔壁老王").getByRole("button", { name: "不公开" }).click();
    await officer.getByLabel("大家说的是什么").fill("高龄的岁数");
    await officer.getByLabel("怎么处理").selectOption("adopted");
    await officer.getByLabel("答复", { exact: true }).fill("按七十岁写进方案。");
    await officer.getByRole("button", { name: "加一类" }).click();
    await line("干不动重活").getByLabel("归到").selectOption({ label: "高龄的岁数" });
    await line("干不动重活").getByRole("button", { name: "公开", exact: true }).click();
    await lookAtBoth(officer);

    await stranger.reload();
    assert.match(await shown(), /干不动重活了，<b>应该<\/b>算进来/, "text stays text");
    assert.match(await shown(), /这条没有公开，原因：写了别人的证件号/);
    assert.doesNotMatch(await shown(), /隔壁老王/);

    monthsPass();
    await officer.goto(own);
    await officer.getByRole("button", { name: "公布全部答复" }).click();
    assert.match(await officer.locator("main").innerText(), /已公布/);
    await lookAtBoth(officer);
    // Another reader: a browser may keep a public page for a minute.
    const reader = await (await browser.newContext({ viewport: WIDTHS.phone, colorScheme: "light" })).newPage();
    await reader.goto(`${desk.url}/consult`);
    await lookAtBoth(reader);
    await reader.getByRole("link", { name: /高龄从七十岁算起/ }).click();
    await lookAtBoth(reader);
    assert.match(await reader.locator("main").innerText(), /答复[\s\S]*高龄的岁数[\s\S]*采纳[\s\S]*按七十岁写进方案/);
    assert.equal(await reader.getByRole("button", { name: "提交意见" }).count(), 0, "it is over");
  });
});
