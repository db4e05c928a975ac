// What lies on the device: people, forms, drafts and what waits to be sent, all sealed with AES-GCM under a key that the
// browser does not give out. Signing out destroys the key and the store; so does too long a time without signing in.
const VERSION = 1;
const POINTER = "yilian-field-user";
const DAY = 86_400_000;

const ask = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const ended = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("the store gave up"));
  });

const nameOf = (user) => `yilian-field-${user}`;

function openStore(user) {
  const request = indexedDB.open(nameOf(user), VERSION);
  request.onupgradeneeded = () => {
    const store = request.result;
    store.createObjectStore("meta");
    store.createObjectStore("keys");
    store.createObjectStore("sealed");
    store.createObjectStore("queue", { keyPath: "seq" });
    store.createObjectStore("blobs", { keyPath: "id" });
  };
  return ask(request);
}

export const lastUser = () => {
  try {
    return localStorage.getItem(POINTER);
  } catch {
    return null;
  }
};

// Opens the store of an account; a new one gets its key and its device number.
export async function openVault(user) {
  const store = await openStore(user);
  store.onversionchange = () => store.close();
  let key = await ask(store.transaction("keys").objectStore("keys").get("main"));
  if (!key) {
    key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const made = store.transaction(["keys", "meta"], "readwrite");
    made.objectStore("keys").put(key, "main");
    made.objectStore("meta").put(crypto.randomUUID(), "device");
    await ended(made);
  }
  localStorage.setItem(POINTER, user);
  return new Vault(user, store, key);
}

// Whether an account has a store here, without making one.
export async function known(user) {
  if (!indexedDB.databases) return true;
  return (await indexedDB.databases()).some((one) => one.name === nameOf(user));
}

export class Vault {
  constructor(user, store, key) {
    Object.assign(this, { user, store, key });
  }

  async meta(name, fallback = null) {
    return (await ask(this.store.transaction("meta").objectStore("meta").get(name))) ?? fallback;
  }

  async setMeta(values) {
    const write = this.store.transaction("meta", "readwrite");
    for (const [name, value] of Object.entries(values)) write.objectStore("meta").put(value, name);
    await ended(write);
  }

  async seal(place, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = value instanceof ArrayBuffer ? value : new TextEncoder().encode(JSON.stringify(value));
    const additionalData = new TextEncoder().encode(place);
    const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, this.key, plain);
    return { iv, data, raw: value instanceof ArrayBuffer };
  }

  async open(place, sealed) {
    if (!sealed) return null;
    const additionalData = new TextEncoder().encode(place);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData }, this.key, sealed.data);
    return sealed.raw ? plain : JSON.parse(new TextDecoder().decode(plain));
  }

  async get(place) {
    return this.open(place, await ask(this.store.transaction("sealed").objectStore("sealed").get(place)));
  }

  async put(place, value) {
    const sealed = await this.seal(place, value);
    const write = this.store.transaction("sealed", "readwrite");
    write.objectStore("sealed").put(sealed, place);
    await ended(write);
  }

  async drop(place) {
    const write = this.store.transaction("sealed", "readwrite");
    write.objectStore("sealed").delete(place);
    await ended(write);
  }

  // Keeps a draft while it is written: one write after the other, so that an older state never comes last.
  keeper(place, draft) {
    let last = Promise.resolve();
    return () => (last = last.catch(() => null).then(() => this.put(place, draft)));
  }

  // Everything below a prefix, by its rest.
  async all(prefix) {
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const read = this.store.transaction("sealed").objectStore("sealed");
    const [keys, values] = await Promise.all([ask(read.getAllKeys(range)), ask(read.getAll(range))]);
    return Promise.all(keys.map(async (place, at) => [place.slice(prefix.length), await this.open(place, values[at])]));
  }

  // What a pull brings: all of it or nothing.
  async take({ put = {}, drop = [], meta = {} }) {
    const sealed = await Promise.all(Object.entries(put).map(async ([place, value]) => [place, await this.seal(place, value)]));
    const write = this.store.transaction(["sealed", "meta"], "readwrite");
    for (const [place, value] of sealed) write.objectStore("sealed").put(value, place);
    for (const place of drop) write.objectStore("sealed").delete(place);
    for (const [name, value] of Object.entries(meta)) write.objectStore("meta").put(value, name);
    await ended(write);
  }

  // ---- what waits to be sent

  // Writes an operation down with its photos, and drops the draft it came from: all of it or nothing.
  enqueue(kind, body, more = {}) {
    const write = () => this.write(kind, body, more);
    return navigator.locks ? navigator.locks.request(`yilian-field-queue-${this.user}`, write) : write();
  }

  async write(kind, body, { blobs = [], draft = null, at = new Date() }) {
    const id = crypto.randomUUID();
    const seq = (await this.meta("seq", 0)) + 1;
    const sealed = await this.seal(`queue/${id}`, { id, seq, at: at.toISOString(), kind, body });
    const write = this.store.transaction(["queue", "meta", "sealed", "blobs"], "readwrite", { durability: "strict" });
    write.objectStore("queue").add({ seq, id, kind, person: body.person ?? null, at: at.getTime(), state: "waiting", sealed });
    write.objectStore("meta").put(seq, "seq");
    for (const blob of blobs) {
      const held = await ask(write.objectStore("blobs").get(blob));
      if (held) write.objectStore("blobs").put({ ...held, state: "waiting", operation: id });
    }
    if (draft) write.objectStore("sealed").delete(draft);
    await ended(write);
    return id;
  }

  // The lines of the queue without what they say.
  async queue() {
    return ask(this.store.transaction("queue").objectStore("queue").getAll());
  }

  async operation(line) {
    return this.open(`queue/${line.id}`, line.sealed);
  }

  async settle(lines) {
    const write = this.store.transaction("queue", "readwrite");
    for (const line of lines) write.objectStore("queue").put(line);
    await ended(write);
  }

  async forget(seqs) {
    const write = this.store.transaction("queue", "readwrite");
    for (const seq of seqs) write.objectStore("queue").delete(seq);
    await ended(write);
  }

  async addBlob(id, kind, bytes) {
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const sealed = await this.seal(`blob/${id}`, bytes);
    const write = this.store.transaction("blobs", "readwrite");
    write.objectStore("blobs").put({ id, kind, bytes: bytes.byteLength, sha256, state: "draft", sealed, at: Date.now() });
    await ended(write);
  }

  async blobs() {
    return ask(this.store.transaction("blobs").objectStore("blobs").getAll());
  }

  async blobBytes(id) {
    const held = await ask(this.store.transaction("blobs").objectStore("blobs").get(id));
    return held ? this.open(`blob/${id}`, held.sealed) : null;
  }

  async setBlob(blob) {
    const write = this.store.transaction("blobs", "readwrite");
    write.objectStore("blobs").put(blob);
    await ended(write);
  }

  async dropBlob(id) {
    const write = this.store.transaction("blobs", "readwrite");
    write.objectStore("blobs").delete(id);
    await ended(write);
  }

  // ---- the end

  // Days until everything is destroyed for want of a sign-in. A clock put back does not help.
  async daysLeft(at = Date.now()) {
    const limit = await this.meta("forgetDays", null);
    const contact = await this.meta("contact", null);
    if (limit === null || contact === null) return null;
    const seen = Math.max(at, await this.meta("latest", 0));
    if (seen > (await this.meta("latest", 0))) await this.setMeta({ latest: seen });
    return Math.ceil((contact + limit * DAY - seen) / DAY);
  }

  // Destroys the key first, so that what is left is unreadable even if the browser dies half-way.
  async destroy() {
    const write = this.store.transaction("keys", "readwrite");
    write.objectStore("keys").clear();
    await ended(write);
    this.key = null;
    this.store.close();
    await ask(indexedDB.deleteDatabase(nameOf(this.user))).catch(() => null);
    if (lastUser() === this.user) localStorage.removeItem(POINTER);
  }
}
