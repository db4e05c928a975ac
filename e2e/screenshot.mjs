// Takes the README's pictures: the desk of a whole prefecture (YILIAN_URL, if there is one), a phone on the way, the
// public front page. node screenshot.mjs
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { WIDTHS, repository, startBrowser, startDesk } from "./lib/desk.mjs";
import { enter } from "./lib/enter.mjs";
import { people, ready } from "./lib/field.mjs";

const folder = join(repository, "docs/img");
mkdirSync(folder, { recursive: true });
const browser = await startBrowser();
const look = { colorScheme: "light", reducedMotion: "reduce" };

const whole = await startDesk({ townships: undefined, olderPeople: 55000 });
const page = await browser.newPage({ viewport: { width: 1440, height: 1080 }, ...look });
await page.goto(`${whole.url}/d/work/unserved`);
const person = await page.locator('main a[href^="/d/people/P"]').first().getAttribute("href");
for (const [name, path] of [["desk-home", "/d/today"], ["desk-home-en", "/en/d/today"], ["desk-person", person]]) {
  await page.goto(whole.url + path);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
await whole.stop();

// A phone's people are somebody's, so here one signs in.
const signed = await startDesk({ townships: 2, olderPeople: 1500, signIn: true });
const phone = await (await browser.newContext({ viewport: WIDTHS.phone, ...look })).newPage();
await phone.goto(signed.url);
await phone.screenshot({ path: join(folder, "portal-home.png") });
await enter(phone, signed, "visitor", "/f/today");
await ready(phone);
const [visited] = await people(phone);
await phone.goto(`${signed.url}/f/visits/${visited}`);
await phone.waitForSelector("#title");
await phone.getByText("见到了", { exact: true }).click();
await phone.locator("#check-food .t-ok").click();
await phone.screenshot({ path: join(folder, "field-visit.png") });
await browser.close();
await signed.stop();
