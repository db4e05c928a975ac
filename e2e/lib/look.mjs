// What a page on a walk is looked at for, at both widths: nothing sticks out sideways, nothing keeps people out.
import assert from "node:assert/strict";
import { axe } from "./axe.mjs";
import { WIDTHS, sticksOut } from "./desk.mjs";

// Bars at the foot float over whatever scrolls past; they are not what hides a target.
export const settle = (page) =>
  page.evaluate(() => document.querySelectorAll(".pt, .fbar").forEach((bar) => bar.style.setProperty("position", "static")));

export async function lookAtBoth(page) {
  const before = page.viewportSize();
  await settle(page);
  for (const viewport of [WIDTHS.phone, WIDTHS.desktop]) {
    await page.setViewportSize(viewport);
    assert.deepEqual(await sticksOut(page), [], `${page.url()} sticks out at ${viewport.width}`);
    await axe(page);
  }
  await page.setViewportSize(before);
}
