// Talks to the service: JSON, packed where the browser can, with words for what may go wrong.
export class Fault extends Error {
  // `offline`, `signed-out`, `lost`, or the service's own code.
  constructor(code, status = 0) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

const PATIENCE = 30_000;

async function call(path, options = {}) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...options });
  } catch {
    throw new Fault("offline");
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) throw new Fault("signed-out", 401);
  if (answer.status === 410) throw new Fault("lost", 410);
  if (answer.status === 204) return null;
  const text = await answer.text().catch(() => {
    throw new Fault("offline");
  });
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    // A page instead of JSON: the status says what it is.
  }
  if (!answer.ok) throw new Fault(value?.code ?? `http-${answer.status}`, answer.status);
  if (value === null) throw new Fault("offline");
  return value;
}

async function packed(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  if (!("CompressionStream" in globalThis) || bytes.length < 600) return [bytes, {}];
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return [await new Response(stream).arrayBuffer(), { "content-encoding": "gzip" }];
}

export const get = (path) => call(path);

export async function post(path, value) {
  const [body, head] = await packed(value);
  return call(path, { method: "POST", headers: { "content-type": "application/json", ...head }, body });
}

export const postBytes = (path, bytes) =>
  call(path, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: bytes });
