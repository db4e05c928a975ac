// Hands in what was done and takes in what changed. In parts, so that a break costs one part; every step can be repeated.
import { Fault, get, post, postBytes } from "./wire.js";

const PART = 10;
const CHUNK = 128 << 10;
// What was sent stays in sight for so long.
const KEEP = 3 * 86_400_000;

const listeners = new Set();
let status = { state: "idle", waiting: 0, refused: 0, conflicts: 0, done: 0, of: 0 };

export const state = () => status;
export const onChange = (listener) => listeners.add(listener);

function tell(change) {
  status = { ...status, ...change };
  for (const listener of listeners) listener(status);
}

export async function count(vault) {
  const lines = await vault.queue();
  const of = (state) => lines.filter((line) => line.state === state).length;
  const pictures = (await vault.blobs()).filter((blob) => blob.state === "waiting").length;
  tell({ waiting: of("waiting"), refused: of("refused"), conflicts: of("conflict"), pictures });
}

let running = null;

// One run at a time, over all tabs. Gives whether anything about people changed.
export function sync(vault) {
  running ??= once(vault).finally(() => {
    running = null;
  });
  return running;
}

async function once(vault) {
  const run = () => everything(vault);
  return navigator.locks ? navigator.locks.request(`yilian-field-${vault.user}`, run) : run();
}

async function everything(vault) {
  try {
    tell({ state: "sending" });
    const device = await vault.meta("device");
    await get(`/f/lost/${device}`);
    const who = await get("/f/sync/who");
    if (who.id !== vault.user) throw new Fault("other-user");
    await push(vault, device);
    await pictures(vault, device);
    const changed = await pull(vault, device);
    await tidy(vault);
    await count(vault);
    tell({ state: "idle", fault: null, at: Date.now() });
    return changed;
  } catch (fault) {
    await count(vault).catch(() => null);
    const code = fault instanceof Fault ? fault.code : "broken";
    tell({ state: code === "offline" ? "offline" : "fault", fault: code });
    if (!(fault instanceof Fault)) console.error(fault);
    throw fault;
  }
}

async function push(vault, device) {
  for (;;) {
    const lines = (await vault.queue()).filter((line) => line.state === "waiting");
    if (lines.length === 0) return;
    const part = lines.slice(0, PART);
    tell({ done: 0, of: lines.length, waiting: lines.length });
    const operations = await Promise.all(part.map((line) => vault.operation(line)));
    const answer = await post("/f/sync/push", { device, sent_at: new Date().toISOString(), operations });
    const receipts = new Map(answer.receipts.map((receipt) => [receipt.id, receipt]));
    const settled = part.map((line) => settle(line, receipts.get(line.id), answer.clock_off_ms));
    if (settled.every((line) => line.state === "waiting")) throw new Fault("no-receipt");
    await vault.settle(settled);
  }
}

function settle(line, receipt, off) {
  if (!receipt) return line;
  const state = { applied: "sent", conflict: "conflict", refused: "refused" }[receipt.outcome] ?? "refused";
  return { ...line, state, code: receipt.code, faults: receipt.faults, settledAt: Date.now(), clockOff: off };
}

async function pictures(vault, device) {
  for (const blob of (await vault.blobs()).filter((one) => one.state === "waiting")) {
    const bytes = await vault.blobBytes(blob.id);
    let { received, whole } = await get(`/f/sync/attachments/${blob.id}`);
    while (!whole) {
      const part = bytes.slice(received, received + CHUNK);
      const query = new URLSearchParams({
        device,
        sent_at: new Date().toISOString(),
        kind: blob.kind,
        bytes: blob.bytes,
        sha256: blob.sha256,
        offset: received,
      });
      try {
        ({ received, whole } = await postBytes(`/f/sync/attachments/${blob.id}?${query}`, part));
      } catch (fault) {
        if (!(fault instanceof Fault) || fault.status < 400 || fault.status === 401 || fault.status === 410 || fault.status >= 500) throw fault;
        // It will never be taken; what it belonged to was.
        await vault.setBlob({ ...blob, state: "refused", code: fault.code });
        break;
      }
    }
    if (whole) await vault.dropBlob(blob.id);
  }
}

async function pull(vault, device) {
  const [cursor, forms, map] = await Promise.all([vault.meta("cursor", 0), vault.meta("formsVersion", ""), vault.meta("mapVersion", "")]);
  const given = await post("/f/sync/pull", { device, sent_at: new Date().toISOString(), cursor, forms, map });
  const put = Object.fromEntries(given.people.map((person) => [`person/${person.id}`, person]));
  if (given.forms) put.forms = given.forms;
  if (given.map) put.map = given.map;
  await vault.take({
    put,
    drop: given.forget.flatMap((id) => [`person/${id}`, `draft/visit/${id}`, `draft/assess/${id}`]),
    meta: {
      cursor: given.cursor,
      formsVersion: given.forms_version,
      mapVersion: given.map_version,
      forgetDays: given.forget_after_days,
      contact: Date.now(),
      latest: Date.now(),
      night: given.night,
      clockOff: given.clock_off_ms,
      userName: given.user.name,
    },
  });
  return given.people.length + given.forget.length > 0 || Boolean(given.forms);
}

// What was sent is kept in sight for some days, then let go; so are pictures nobody saved.
async function tidy(vault) {
  const old = Date.now() - KEEP;
  const gone = (await vault.queue()).filter((line) => (line.state === "sent" || line.state === "conflict") && line.settledAt < old);
  await vault.forget(gone.map((line) => line.seq));
  const drafts = JSON.stringify(await vault.all("draft/"));
  const left = (await vault.blobs()).filter((blob) => blob.state === "draft" && blob.at < old && !drafts.includes(blob.id));
  for (const blob of left) await vault.dropBlob(blob.id);
}
