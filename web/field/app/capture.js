// Photos made small, notes spoken, names signed with a finger. Everything is sealed before it is kept.
import { fill, h, icon } from "./dom.js";
import { t } from "./words.js";

const SIDE = 1280;
const SECONDS = 60;

// A photo no larger than it needs to be; its place and camera are left out, as the canvas knows neither.
async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  const canvas = h("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.78));
  return blob.arrayBuffer();
}

// Buttons for photos and a spoken note, with what was taken. `ids`: the list that grows and shrinks.
export function pictures(vault, ids, changed) {
  const shown = h("div", { class: "row pics" });
  const say = h("p", { class: "hint", role: "status" });
  const add = async (kind, bytes) => {
    const id = crypto.randomUUID();
    await vault.addBlob(id, kind, bytes);
    ids.push(id);
    await changed();
    await draw();
  };
  const drop = async (id) => {
    ids.splice(ids.indexOf(id), 1);
    await vault.dropBlob(id);
    await changed();
    await draw();
  };
  const file = h("input", { type: "file", accept: "image/*", capture: "environment", class: "vh", "aria-label": t("photo") });
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    file.value = "";
    if (!chosen) return;
    try {
      await add("photo", await smaller(chosen));
      fill(say);
    } catch {
      fill(say, t("photo-unreadable"));
    }
  });
  const record = recorder((bytes) => add("voice", bytes), (text) => fill(say, text));
  async function draw() {
    const held = (await vault.blobs()).filter((blob) => ids.includes(blob.id));
    const tiles = await Promise.all(held.map(async (blob, at) => tile(blob, await vault.blobBytes(blob.id), at + 1, () => drop(blob.id))));
    fill(shown, tiles, h("button", { class: "btn addp", type: "button", onclick: () => file.click() }, icon("photo"), t("photo")), record, file);
  }
  draw();
  return h("div", { class: "col" }, shown, say);
}

function tile(blob, bytes, n, drop) {
  const remove = h("button", { class: "btn btn-q", type: "button", onclick: drop, "aria-label": t("remove-n", { n }) }, t("remove"));
  const url = URL.createObjectURL(new Blob([bytes], { type: blob.kind === "voice" ? "audio/webm" : "image/jpeg" }));
  const show =
    blob.kind === "voice"
      ? h("audio", { controls: true, src: url, "aria-label": t("voice-n", { n }) })
      : h("img", { class: "shotph", src: url, alt: t("photo-n", { n }), onload: () => URL.revokeObjectURL(url) });
  return h("figure", { class: "shot" }, show, remove);
}

function recorder(done, tell) {
  const button = h("button", { class: "btn addp", type: "button" }, icon("voice"), t("voice"));
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder) {
    button.disabled = true;
    button.title = t("voice-none");
    return button;
  }
  let running = null;
  button.addEventListener("click", async () => {
    if (running) {
      running.stop();
      return;
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      tell(t("voice-refused"));
      return;
    }
    const parts = [];
    running = new MediaRecorder(stream, { audioBitsPerSecond: 24_000 });
    running.ondataavailable = (event) => parts.push(event.data);
    running.onstop = async () => {
      stream.getTracks().forEach((track) => track.stop());
      running = null;
      fill(button, icon("voice"), t("voice"));
      tell("");
      const blob = new Blob(parts);
      if (blob.size > 0) await done(await blob.arrayBuffer());
    };
    running.start();
    setTimeout(() => running?.stop(), SECONDS * 1000);
    fill(button, icon("voice"), t("voice-stop"));
    tell(t("voice-running", { n: SECONDS }));
  });
  return button;
}

// A field to sign in. `value`: the id of what was signed.
export function signature(vault, value, label, changed) {
  const canvas = h("canvas", { class: "sign-b", "aria-label": label, role: "img" });
  const state = h("p", { class: "hint", role: "status" });
  let drawn = false;
  const prepare = () => {
    const box = canvas.getBoundingClientRect();
    canvas.width = Math.max(300, Math.round(box.width));
    canvas.height = 140;
  };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * canvas.width, ((event.clientY - box.top) / box.height) * canvas.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (!drawn) prepare();
    drawn = true;
    canvas.setPointerCapture(event.pointerId);
    const pen = canvas.getContext("2d");
    pen.lineWidth = 3;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#10232A";
    pen.beginPath();
    pen.moveTo(...at(event));
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!event.buttons && event.pressure === 0) return;
    const pen = canvas.getContext("2d");
    pen.lineTo(...at(event));
    pen.stroke();
  });
  const keep = async () => {
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    const id = crypto.randomUUID();
    await vault.addBlob(id, "signature", await blob.arrayBuffer());
    if (value.id) await vault.dropBlob(value.id);
    value.id = id;
    fill(state, t("signed"));
    await changed();
  };
  canvas.addEventListener("pointerup", keep);
  const again = h("button", { class: "btn btn-q", type: "button" }, t("sign-again"));
  again.addEventListener("click", async () => {
    prepare();
    drawn = false;
    if (value.id) await vault.dropBlob(value.id);
    value.id = null;
    fill(state, t("sign-here"));
    await changed();
  });
  fill(state, value.id ? t("signed") : t("sign-here"));
  return h("div", { class: "signing" }, canvas, h("div", { class: "row" }, state, again));
}
