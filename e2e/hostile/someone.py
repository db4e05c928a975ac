"""Somebody who signs in, reads pages and sends their forms."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from html import unescape
from urllib.parse import urlencode

from pages import Page

PERSON = re.compile(rb"P\d{8}")


class Someone:
    def __init__(self, wire, judge, name="nobody", password=None, secret=None):
        self.wire, self.judge, self.name, self.password, self.secret = wire, judge, name, password, secret
        self.cookie = self.form_token = ""
        # Numbers of people whom this one has no business to see; none given: not looked at.
        self.foreign = frozenset()

    def headers(self, more=()):
        given = {name.lower() for name, _ in more}
        usual = [("origin", f"http://{self.wire.host}"), ("cookie", self.cookie), ("accept-encoding", "gzip")]
        return [(name, value) for name, value in usual if name not in given and value] + list(more)

    def get(self, path, *more):
        return self._judged("GET", path, self.headers(more))

    def post(self, path, fields, *more, token=True):
        """A form; `fields` are pairs, whose values may be bytes."""
        pairs = [(name, value) for name, value in fields if name != "_token"]
        if token and self.form_token:
            pairs.insert(0, ("_token", self.form_token))
        return self.send(path, urlencode(pairs).encode(), ("content-type", "application/x-www-form-urlencoded"), *more)

    def send(self, path, body, *more, method="POST"):
        return self._judged(method, path, self.headers(more), body)

    def json(self, path, value, *more, method="POST"):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.send(path, body, ("content-type", "application/json"), *more, method=method)

    def _judged(self, method, path, headers, body=b""):
        shown = path.decode("latin-1") if isinstance(path, bytes) else path
        where = f"{method} {shown} as {self.name}"
        try:
            answer = self.wire.ask(method, path, headers, body)
        except (OSError, ValueError) as fault:
            self.judge.find("no answer", where, repr(fault))
            raise
        self.judge.look(answer, where)
        # The document's example is a number that somebody has.
        if self.foreign and not where.startswith("GET /api/v1/openapi.json"):
            shown = set(PERSON.findall(answer.body)) & self.foreign
            shown -= set(PERSON.findall(body + where.encode()))
            self.judge.expect(not shown, "a row of another district", where, f"{answer.status} {sorted(shown)[:3]}")
        return answer

    def page(self, path):
        return Page(self.get(path).text)

    def enter(self):
        first = self.post("/sign-in", [("name", self.name), ("password", self.password)])
        assert first.status == 303, f"{self.name}: {first.status} at the password"
        self._take(first)
        if "set-up" in (first.header("location") or ""):
            page = self.get("/sign-in/set-up").text
            self.secret = re.search(r'door-secret">([^<]+)<', page).group(1).replace(" ", "")
            self._take(self.post("/sign-in/set-up", [("code", code(self.secret))]))
        elif self.secret:
            self.used = code(self.secret)
            second = self.post("/sign-in/code", [("code", self.used)])
            assert second.status == 303, f"{self.name}: {second.status} at the code"
            self._take(second)
        self.form_token = token_of(self.get("/account").text)
        assert self.form_token, f"{self.name}: no session"
        return self

    def _take(self, answer):
        for value in (value for name, value in answer.headers if name == "set-cookie"):
            if value.split("=")[0].startswith("yilian") and "display" not in value.split("=")[0]:
                self.cookie = value.split(";")[0]


def invited(wire, judge, name, link):
    """An account whose invitation is followed: a password, a second factor, and in."""
    someone = Someone(wire, judge, name, "the river bends twice at dusk")
    answer = someone.post(link[link.index("/invite/") :], [("password", someone.password), ("again", someone.password)])
    assert answer.status == 303, f"{name}: {answer.status} at the invitation"
    return someone.enter()


def token_of(html):
    found = re.search(r'name="_token" value="([^"]+)"', html)
    return unescape(found.group(1)) if found else ""


def code(secret, at=None):
    """RFC 6238."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    mac = hmac.new(key, step, hashlib.sha1).digest()
    start = mac[19] & 15
    return f"{(struct.unpack('>I', mac[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
