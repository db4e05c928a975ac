"""Everything somebody reaches by links: a few pages of each kind, with the forms on them."""

from collections import deque

from pages import Page, is_ours, kind_of

STARTS = [
    "/",
    "/en/",
    "/d/today",
    "/me",
    "/account",
    "/account/tokens",
    "/account/webhooks",
    "/f/today",
    "/sign-in",
    "/register",
    "/orders",
    "/callback",
    "/d/people?q=a",
    "/d/audit/looks",
]


def crawl(someone, each=2, most=160, starts=STARTS):
    """Addresses that answered with what they said, and forms by their template."""
    pages, forms, kinds = {}, {}, {}
    seen, waiting = set(starts), deque(starts)
    while waiting and len(pages) < most:
        path = waiting.popleft()
        english = path.startswith("/en/")
        kind = (english, *kind_of(path))
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > (1 if english else each):
            continue
        answer = someone.get(path)
        if answer.status in (301, 302, 303) and is_ours(answer.header("location") or ""):
            links = [answer.header("location")]
        elif answer.status == 200:
            pages[path] = answer
            page = Page(answer.text) if answer.kind == "text/html" else Page("")
            links = page.links
            for form in page.forms:
                forms.setdefault(form.template, form)
        else:
            continue
        for link in links:
            link = link.split("#")[0]
            if is_ours(link) and link not in seen:
                seen.add(link)
                waiting.append(link)
    return pages, forms
