// The app's words. Chinese first; the other language is a choice kept on the device.
let words = {};
let language = "zh";

export const lang = () => language;

export async function speak(wanted) {
  const answer = await fetch(`/f/app/words-${wanted}.json`);
  words = await answer.json();
  language = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-CN" : "en";
  try {
    localStorage.setItem("yilian-field-lang", wanted);
  } catch {
    // A browser that keeps nothing still speaks.
  }
}

export function chosen() {
  if (location.pathname.startsWith("/en/")) return "en";
  try {
    return localStorage.getItem("yilian-field-lang") === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

// A message with its blanks filled in: `{ $n }`.
export function t(key, blanks = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{ ?\$(\w+) ?\}/g, (_, name) => String(blanks[name] ?? ""));
}

// Words of a pack, which come in both languages.
export const said = (text) => (text ? (text[language] ?? text.zh ?? "") : "");
