// Days and moments as people here say them. The device's clock is what it is; what is sent says how far it is off.
import { lang, t } from "./words.js";

export const now = () => new Date();

// The local day in China of a moment, `2026-11-20`.
export function day(at = now()) {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

export const month = (at = now()) => day(at).slice(0, 7);

export function clock(at) {
  return new Date(new Date(at).getTime() + 8 * 3_600_000).toISOString().slice(11, 16);
}

export function short(date) {
  const [, m, d] = date.slice(0, 10).split("-").map(Number);
  return lang() === "zh" ? `${m} 月 ${d} 日` : `${d}/${m}`;
}

export const days = (from, to) => Math.round((Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / 86_400_000);

// How much time is left until a day, as state and words.
export function left(due) {
  if (!due) return ["mute", t("no-date")];
  const n = days(day(), due);
  if (n < 0) return ["danger", t("overdue", { n: -n })];
  if (n === 0) return ["warn", t("today")];
  if (n <= 7) return ["mute", t("this-week")];
  return ["mute", t("until", { day: short(due) })];
}
