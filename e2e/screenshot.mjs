// Takes the README's picture of the desk: node screenshot.mjs, with YILIAN_URL at a whole prefecture if there is one.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { repository, startBrowser, startDesk } from "./lib/desk.mjs";

const desk = await startDesk({ townships: undefined, olderPeople: 55000 });
const browser = await startBrowser();
const page = await browser.newPage({ viewport: { width: 1440, height: 1080 }, colorScheme: "light" });
const folder = join(repository, "docs/img");
mkdirSync(folder, { recursive: true });
for (const [name, path] of [["desk-home", "/d/today"], ["desk-home-en", "/en/d/today"]]) {
  await page.goto(desk.url + path);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
await browser.close();
await desk.stop();
