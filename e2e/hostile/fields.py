"""Hostile text in every field of every form and every question of every page that each role reaches."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from crawl import crawl
from pages import kind_of
from texts import ALONE, BROKEN, STEPS, TEXTS

FORM = ("content-type", "application/x-www-form-urlencoded")
# Ends what the rest of the run stands on: these come last, one's own account last of all, one's own way out never.
ENDS = re.compile(r"/(end|password|second-factor|confirm|recovery-codes)\b|/phones/|^(/en)?/account")
NEVER = re.compile(r"/sign-out|/display")


def run(stage):
    walked, done, work, last = [], set(), [], []
    victim = victim_of(stage)
    for someone in [stage.nobody, *stage.people.values()]:
        pages, forms = crawl(someone)
        walked.append((someone, list(pages)))
        for path in pages:
            if kind_of(path) not in done:
                done.add(kind_of(path))
                work.append((_questions, someone, path))
        for template, form in forms.items():
            if template in done or NEVER.search(form.action):
                continue
            done.add(template)
            # What is done to accounts is done to one that nobody needs.
            form.action = re.sub(r"/d/admin/users/U\d+", f"/d/admin/users/{victim}", form.action)
            (last if ENDS.search(form.action) else work).append((_form, someone, form))
    stage.judge.expect(len(done) > 120, "too few forms and questions were found", "fields", str(len(done)))
    last.sort(key=lambda one: "/account" in one[2].action)
    # What was kept is shown on pages that were seen before.
    again = [(_again, someone, paths) for someone, paths in walked]
    with ThreadPoolExecutor(4) as pool:
        for part in (work, again):
            list(pool.map(lambda one: one[0](stage, *one[1:]), part))
    for _, someone, form in last:
        _form(stage, someone, form)


def _again(_, someone, paths):
    for path in paths:
        someone.get(path)


def victim_of(stage):
    stage.service.run(
        "user", "invite", "hostile-victim", "--name", "某", "--role", "visitor", "--division", stage.village
    )
    return re.search(r"(U\d{8}).*hostile-victim", stage.service.run("user", "list")).group(1)


def _questions(_, someone, path):
    parts = urlsplit(path)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    for name, _ in asked:
        rest = [pair for pair in asked if pair[0] != name]
        for text in (*ALONE, ""):
            someone.get(f"{parts.path}?{urlencode([*rest, (name, text)])}")
        for broken in BROKEN[:4]:
            query = urlencode(rest).encode() + b"&" + quote(name).encode() + b"=" + broken
            someone.get(parts.path.encode() + b"?" + query)
        someone.get(f"{parts.path}?{urlencode([*asked, (name, 'another')])}")
    steps = parts.path.split("/")
    for at, step in enumerate(steps):
        if re.search(r"\d", step):
            before, after = "/".join(steps[:at]).encode(), "/".join(["", *steps[at + 1 :]]).encode()
            for hostile in STEPS:
                someone.get(before + b"/" + hostile + after)


def _form(stage, someone, form):
    if form.method == "GET":
        for text in TEXTS:
            someone.get(form.action + "?" + urlencode([(name, text) for name in form.names]))
        return
    action = form.action or "/"
    fields = [(name, value) for name, value in form.fields if name != "_token"]
    for text in TEXTS:
        someone.post(action, [(name, text) for name in form.names])
    for name in form.names:
        for text in ALONE:
            someone.post(action, [(key, text if key == name else value) for key, value in fields])
    token = urlencode([("_token", someone.form_token)]).encode()
    for broken in BROKEN:
        someone.send(action, token + b"".join(b"&" + quote(name).encode() + b"=" + broken for name in form.names), FORM)
    someone.post(action, fields + fields)
    someone.send(action, token, FORM)
    plain = token + b"&" + urlencode(fields).encode()
    for kind in (
        "application/json",
        "text/plain",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/xml",
        "image/png",
        "",
        "x" * 3_000,
    ):
        someone.send(action, plain, ("content-type", kind))
    someone.send(action, _parts(someone, form.names), ("content-type", "multipart/form-data; boundary=x"))
    if someone.form_token:
        refused = [
            someone.post(action, fields, token=False),
            someone.post(action, fields, ("origin", "http://evil.example")),
            someone.send(action, b"_token=" + b"00" * 32 + b"&" + urlencode(fields).encode(), FORM),
            someone.post(action, fields, ("sec-fetch-site", "cross-site")),
            someone.post(action, fields, ("x-yilian-token", "00" * 32)),
        ]
        statuses = [answer.status for answer in refused]
        stage.judge.expect(
            set(statuses) <= {401, 403, 404},
            "a form without its token was not refused",
            f"{action} as {someone.name}",
            str(statuses),
        )


def _parts(someone, names):
    parts = [("_token", None, someone.form_token)]
    parts += [(name, None, ALONE[0]) for name in names]
    parts += [
        ("file", f"../../{ALONE[0]}.toml", ALONE[0]),
        ("file", "a.toml\x00.xlsx", "PK\x03\x04"),
        ("x" * 5_000, "b", "c"),
    ]
    text = ""
    for name, file, value in parts:
        text += (
            f'--x\r\ncontent-disposition: form-data; name="{name}"'
            + (f'; filename="{file}"' if file else "")
            + f"\r\n\r\n{value}\r\n"
        )
    return text.encode("utf-8", "replace") + b"--x--\r\n"
