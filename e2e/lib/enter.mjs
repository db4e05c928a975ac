// Signing in as a ready-made account of a demonstration. A code is good once, so a second sign-in within the same half
// minute waits for the next one.
import { code } from "./desk.mjs";

const used = new Map();

export async function enter(page, desk, role, to = "/account") {
  const account = desk.accounts[role];
  if (!account) throw new Error(`no account ${role} among ${Object.keys(desk.accounts)}`);
  await page.goto(`${desk.url}/sign-in?back=${encodeURIComponent(to)}`);
  await page.locator("#name").fill(account.name);
  await page.locator("#password").fill(account.password);
  await page.locator("form[action$='/sign-in'] button").click();
  if (account.secret === "-") return account;
  const step = () => Math.floor(Date.now() / 30_000);
  while (used.get(role) === step()) await new Promise((resolve) => setTimeout(resolve, 500));
  used.set(role, step());
  await page.locator("#code").fill(code(account.secret, Date.now()));
  await page.locator("form[action$='/sign-in/code'] .btn-p").click();
  return account;
}

// The same, until the page one was on the way to is there.
export async function signIn(page, desk, role, to) {
  await enter(page, desk, role, to);
  await page.waitForURL((url) => url.pathname === to.split("?")[0]);
}
