"""Links and forms of a page, as a reader could use them."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

# What a field of a type takes when nothing better is known.
TYPED = {"number": "1", "date": "2026-11-20", "tel": "13900001111", "email": "a@example.org", "month": "2026-11"}


class Form:
    def __init__(self, method, action, kind):
        self.method, self.action, self.kind, self.fields = method.upper(), action, kind, []

    @property
    def template(self):
        """The same form of two records is one."""
        names = sorted({blot(name) for name, _ in self.fields})
        return (self.method, blot(self.action), tuple(names))

    @property
    def names(self):
        return list(dict.fromkeys(name for name, _ in self.fields if name != "_token"))


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.links, self.forms, self.ids, self.text = [], [], {}, []
        self._form = self._select = self._area = None
        self._skip = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        of = dict(attrs)
        if tag == "a" and of.get("href"):
            self.links.append(of["href"])
        elif tag == "form":
            self._form = Form(of.get("method", "get"), of.get("action") or "", of.get("enctype"))
            self.forms.append(self._form)
        elif self._form is not None and of.get("name"):
            self._field(tag, of)
        elif tag == "option" and self._select and self._form is not None:
            name, chosen = self._select
            value = of.get("value", "")
            if value and (chosen is None or "selected" in of):
                self._select = (name, value)

    def _field(self, tag, of):
        name, value, kind = of["name"], of.get("value") or "", of.get("type", "text")
        if tag == "select":
            self._select = (name, None)
        elif tag == "textarea":
            self._form.fields.append((name, "words"))
        elif tag == "input" and kind in ("radio", "checkbox"):
            if kind == "checkbox" or name not in self._form.names:
                self._form.fields.append((name, value or "on"))
        elif tag == "input":
            self._form.fields.append((name, value or TYPED.get(kind, "words")))
        elif tag == "button":
            self._form.fields.append((name, value))

    def handle_endtag(self, tag):
        if tag == "select" and self._select and self._form is not None:
            self._form.fields.append((self._select[0], self._select[1] or ""))
            self._select = None
        elif tag == "form":
            self._form = None


def blot(path):
    """An address without its query, its language and its ids."""
    path = path.split("?")[0].split("#")[0].removeprefix("/en")
    return "/".join("*" if re.search(r"\d|^[\w-]{40,}$", step) else step for step in path.split("/"))


def kind_of(path):
    """Pages of one kind: the same address but for ids, and the same questions."""
    parts = urlsplit(path)
    asked = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
    return blot(parts.path), tuple(asked)


def is_ours(link):
    return link.startswith("/") and not link.startswith("//")
