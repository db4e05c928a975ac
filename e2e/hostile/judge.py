"""What every answer is held against, whatever was asked."""

import re
import threading
from html.parser import HTMLParser

# Comes back as it was sent only where somebody forgot to escape. The sum gives a template or an expression away.
TAG, TRAIT, SUM = "yl-planted", "onylplanted", "62615533"
MARK = f"\"'><{TAG} {TRAIT}=1>{{{{7919*7907}}}}${{7919*7907}}{{% include 'base.html' %}}</title></script><!--"
SCRIPT = "javascript:ylplanted()"

GUARDS = {
    "content-security-policy": "'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=()",
    "cache-control": "",
}


class Judge:
    """Collects what is wrong; the same fault of the same place once."""

    def __init__(self):
        self.findings, self.answers, self.said, self.lock = [], 0, set(), threading.Lock()
        self.statuses = {}

    def find(self, what, where, told=""):
        key = (what, re.sub(r"\d+", "#", where)[:160])
        with self.lock:
            if key not in self.said:
                self.said.add(key)
                self.findings.append(f"{what}: {where[:300]} {told[:300]}".rstrip())

    def expect(self, holds, what, where="", told=""):
        if not holds:
            self.find(what, where, told)

    def look(self, answer, where):
        """Gives the answer back, so that it can be looked at further."""
        with self.lock:
            self.answers += 1
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        if answer.status >= 500:
            self.find(f"status {answer.status}", where, answer.text[:200])
        if is_of_no_page(answer):
            return answer
        for name, part in GUARDS.items():
            value = answer.header(name)
            if value is None or part not in value:
                self.find(f"no sound {name}", where, f"{answer.status} {value}")
        names = [name for name, _ in answer.headers]
        self.expect(names.count("content-type") < 2 and "x-planted" not in names, "headers were split", where)
        to = answer.header("location")
        if to is not None:
            self.expect(to.startswith("/") and not to.startswith(("//", "/\\")), "leads elsewhere", where, to)
        for cookie in (value for name, value in answer.headers if name == "set-cookie"):
            self.expect(
                "HttpOnly" in cookie and ("SameSite=Lax" in cookie or "SameSite=Strict" in cookie),
                "a loose cookie",
                where,
                cookie,
            )
        self._unescaped(answer, where)
        return answer

    def _unescaped(self, answer, where):
        text = answer.text
        if SUM in text:
            self.find("a template was carried out", where)
        if answer.kind not in ("text/html", "image/svg+xml"):
            return
        if TAG in text or TRAIT in text or "ylplanted" in text:
            planted = Planted()
            planted.feed(text)
            for what in planted.found:
                self.find("came back unescaped", where, what)


def is_of_no_page(answer):
    """What the listener itself says to something that is no HTTP: a status and nothing else."""
    return answer.status in (400, 414, 431, 505) and not answer.body and answer.header("x-request-id") is None


class Planted(HTMLParser):
    """Looks for what was sent as text and came back as a tag, a trait of one, or an address that runs."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == TAG:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if TRAIT in name:
                self.found.append(f"<{tag} {name}>")
            if name in ("href", "src", "action", "formaction") and (value or "").strip().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_comment(self, data):
        if "ylplanted" in data or TAG in data:
            self.found.append("a comment")
