// A desk to walk through: the one at YILIAN_URL, or a small demonstration of our own that ends with the test.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createHmac } from "node:crypto";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

// With `signIn` everyone signs in; `accounts` are the ready-made ones, by role. `packs`: a folder of one's own.
export async function startDesk({ townships = 4, olderPeople = 3000, signIn = false, packs = join(repository, "packs") } = {}) {
  if (process.env.YILIAN_URL) return { url: process.env.YILIAN_URL.replace(/\/$/, ""), stop: async () => {} };
  const binary = process.env.YILIAN_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(homedir(), ".cache/yilian"), "release/yilian");
  const home = mkdtempSync(join(tmpdir(), "yilian-e2e-"));
  const port = await freePort();
  const data = ["--packs", packs, "--authz", join(repository, "authz")];
  const args = ["--home", home, ...data, "demo", "--port", String(port)];
  if (signIn) args.push("--sign-in");
  if (townships) args.push("--townships", String(townships));
  const child = spawn(binary, [...args, "--older-people", String(olderPeople)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const accounts = {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [, name, password, secret] = /^ {2}demo-(\S+) +(\S.*?) {2}(\S+) {2}/.exec(line) ?? [];
    if (name) accounts[name] = { name: `demo-${name}`, password, secret };
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill("SIGINT");
    await ended;
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  };
  // The next night, on a day that is not before the demonstration's nor before what was done here.
  const night = () => {
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const day = today > "2026-11-21" ? today : "2026-11-21";
    run("cycle", "--as-of", day);
    return day;
  };
  // A command of whoever runs the service.
  const run = (...command) => {
    const done = spawnSync(binary, ["--home", home, ...data, ...command], { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`${command.join(" ")}: ${done.stderr}`);
    return done.stdout;
  };
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the desk ended with code ${child.exitCode}`);
    const answer = await fetch(`${url}/d/today`).catch(() => null);
    if (answer?.ok) return { url, stop, accounts, night, run, home };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await stop();
  throw new Error("the desk did not answer within a minute");
}

// The code of an authenticator app (RFC 6238) at a moment, in milliseconds.
export function code(secret, at) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = "";
  for (const letter of secret) bits += alphabet.indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export const LAUNCH = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"],
};

export const startBrowser = () => chromium.launch(LAUNCH);

export const WIDTHS = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

// Elements that stick out of the window sideways; tables in their own scroller may.
export const sticksOut = (page) =>
  page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    return [...document.querySelectorAll("body *")]
      .filter((e) => e.getBoundingClientRect().right > wide + 1 && !e.closest(".scroll, .tabs, .rail, .chips, .vh, svg, pre"))
      .slice(0, 5)
      .map((e) => `${e.tagName}.${e.getAttribute("class")}`);
  });
