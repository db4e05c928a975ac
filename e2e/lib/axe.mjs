// Accessibility of a page as axe-core finds it. Call it on every page a journey visits: `await axe(page)`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const GRAVE = new Set(["serious", "critical"]);

// Serious and critical findings in words, each with the rule, what it asks and where, and the milder ones as axe has them.
// `options.exclude` lists selectors that are not ours, `options.rules` the rules to look at, all unless told. The script comes in by the debugger, so that the page's own content
// policy stays as it is.
export async function audit(page, options = {}) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  const found = await page.evaluate(
    async ({ tags, exclude, rules }) => {
      const context = exclude.length ? { include: [["html"]], exclude: exclude.map((one) => [one]) } : document;
      const runOnly = rules ? { type: "rule", values: rules } : { type: "tag", values: tags };
      const { violations } = await window.axe.run(context, { runOnly, resultTypes: ["violations"], preload: false });
      return violations.map(({ id, impact, help, nodes }) => ({
        id,
        impact,
        help,
        nodes: nodes.slice(0, 5).map((node) => `${node.target.join(" ")}  ${node.html.slice(0, 160)}`),
      }));
    },
    { tags: WCAG, exclude: options.exclude ?? [], rules: options.rules },
  );
  const grave = found.filter((one) => GRAVE.has(one.impact));
  return { found, grave: grave.map((one) => `${one.impact} ${one.id}: ${one.help}\n    ${one.nodes.join("\n    ")}`) };
}

// Fails on serious and critical findings; gives the milder ones back.
export async function axe(page, options = {}) {
  const { found, grave } = await audit(page, options);
  assert.equal(grave.length, 0, `${new URL(page.url()).pathname}\n  ${grave.join("\n  ")}`);
  return found;
}
