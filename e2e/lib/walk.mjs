// Every kind of page that a role reaches by links, one of each kind: numbers and codes in an address make no new kind.
export const KINDS_AT_MOST = 90;

// An address without its questions, its language and its numbers.
export const kindOf = (path) =>
  path
    .split(/[?#]/)[0]
    .replace(/^\/en(?=\/|$)/, "")
    .split("/")
    .map((step) => (/\d|^[\w-]{40,}$/.test(step) ? "*" : step))
    .join("/") || "/";

// What a link may lead to that is no page, or ends what is being looked at.
const NO_PAGE = /\.xlsx|\/files\/|\/document\/file|^\/static|^\/api\/v1|^\/f\/|^\/go/;

// One address of each kind not known yet, as the reader of `context` finds them; `known` grows.
export async function kinds(context, url, starts, known) {
  const waiting = [...starts];
  const seen = new Set(starts);
  const found = [];
  while (waiting.length && found.length < KINDS_AT_MOST) {
    const path = waiting.shift();
    const kind = kindOf(path);
    if (known.has(kind)) continue;
    const answer = await context.request.get(url + path);
    const type = answer.headers()["content-type"] ?? "";
    if (answer.status() !== 200 || !type.startsWith("text/html")) continue;
    // Where we were led may be known already, or another's page.
    const at = answer.url().slice(url.length);
    if (kindOf(at) !== kind && known.has(kindOf(at))) continue;
    known.add(kind).add(kindOf(at));
    found.push(at);
    for (const [, link] of (await answer.text()).matchAll(/<a\b[^>]*href="([^"]+)"/g)) {
      const to = link.replaceAll("&amp;", "&").replaceAll("&#x2f;", "/").split("#")[0];
      if (to.startsWith("/") && !to.startsWith("//") && !seen.has(to) && !NO_PAGE.test(to.replace(/^\/en(?=\/)/, ""))) {
        seen.add(to);
        waiting.push(to);
      }
    }
  }
  return found;
}
