"""Tokens that were forged, turned, spent, taken from somebody else or sent once more."""

import re
import uuid

from someone import Someone, code
from stage import json_of, now

SHORT = ("", "A", "null", "undefined", "../A", "%00", "é", "a b", "A" * 43, "A" * 4_000, "0" * 64)


def turned(text):
    """The same with one letter changed, at several places."""
    for at in sorted({0, 1, len(text) // 2, len(text) - 2, len(text) - 1}):
        yield text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
    yield from (text[:-1], text + "A", text.swapcase(), text[::-1])


def run(stage):
    for check in (_sessions, _codes, _links, _elders, _programs, _keys, _sealed, _phones):
        check(stage)


def _as(stage, cookie):
    someone = Someone(stage.wire, stage.judge, "a forger")
    someone.cookie = cookie
    return someone


def _outside(stage, someone, what):
    for path in ("/d/today", "/account", "/me", f"/d/people/{stage.person}", "/api/v1/night", "/f/sync/who"):
        answer = someone.get(path)
        stage.judge.expect(answer.status in (303, 401, 403), f"{what} lets somebody in", path, str(answer.status))


def _sessions(stage):
    officer = stage.people["county-officer"]
    name, _, value = officer.cookie.partition("=")
    for forged in (*SHORT, *turned(value)):
        _outside(stage, _as(stage, f"{name}={forged}"), "a forged session")
    _outside(stage, _as(stage, f"{name}=AAAA; {officer.cookie}"), "a second cookie")
    _outside(stage, _as(stage, f"__Host-yilian={value}"), "a cookie of another name")
    _outside(stage, _as(stage, f"{name}={officer.form_token}"), "a token of forms")
    # Another's token of forms under one's own session, and one's own turned; with the right one the form is read.
    wrong = [("old", "not the password"), ("password", "the river bends twice"), ("again", "the river bends twice")]
    own = officer.form_token
    # In capitals it is the same number.
    forged = [token for token in turned(own) if token.lower() != own]
    given = [own, stage.people["visitor"].form_token, *forged, *SHORT]
    statuses = []
    for token in given:
        mine = _as(stage, officer.cookie)
        mine.form_token = token
        statuses.append(mine.post("/account/password", wrong).status)
    stage.judge.expect(statuses[0] == 422, "one's own token of forms is not taken", "/account/password", str(statuses))
    stage.judge.expect(
        set(statuses[1:]) == {403}, "a forged token of forms is taken", "/account/password", str(statuses)
    )
    # Out is out: the same cookie opens nothing any more.
    gone = Someone(stage.wire, stage.judge, "demo-family", *stage.service.accounts["demo-family"]).enter()
    gone.post("/sign-out", [])
    _outside(stage, gone, "a session that was ended")


def _codes(stage):
    """A half session opens nothing; a code is good once."""
    half = Someone(stage.wire, stage.judge, "demo-auditor", *stage.service.accounts["demo-auditor"])
    half._take(half.post("/sign-in", [("name", half.name), ("password", half.password)]))
    _outside(stage, half, "a half session")
    for wrong in ("000000", "1234567", "", code(half.secret, 0), "' OR 1=1"):
        answer = half.post("/sign-in/code", [("code", wrong)])
        stage.judge.expect(answer.status == 422, "a wrong code is taken", wrong, str(answer.status))
    answer = half.post("/sign-in/code", [("code", stage.people["auditor"].used)])
    stage.judge.expect(answer.status == 422, "a code was good twice", "/sign-in/code", str(answer.status))
    _outside(stage, half, "a half session after wrong codes")


def _links(stage):
    told = stage.service.run(
        "user", "invite", "hostile-link", "--name", "x", "--role", "visitor", "--division", stage.village
    )
    link = re.search(r"/invite/\S{43}", told).group(0)
    fields = [("password", "the river bends twice at noon"), ("again", "the river bends twice at noon")]
    for forged in (*SHORT, *turned(link.removeprefix("/invite/"))):
        answer = stage.nobody.post("/invite/" + re.sub(r"[^\w%.-]", "_", forged), fields)
        stage.judge.expect(answer.status in (404, 405, 410), "a forged link", forged[:50], str(answer.status))
    first, second = stage.nobody.post(link, fields), stage.nobody.post(link, fields)
    stage.judge.expect(
        (first.status, second.status) == (303, 410), "a link was good twice", "", f"{first.status} {second.status}"
    )


def _elders(stage):
    """An elder's code: guessed, turned, and used twice."""
    told = stage.service.run("family", "code", stage.person, "--scopes", "see")
    given = re.search(r"\b\w{4}-\w{4}-\w{4}\b", told).group(0)

    def register(with_code, name):
        fields = [
            ("code", with_code),
            ("relation", "child"),
            ("name", "某"),
            ("phone", ""),
            ("username", name),
            ("password", "seven grey herons"),
            ("again", "seven grey herons"),
        ]
        return stage.nobody.post("/register", fields)

    first, second = register(given, "hostile.first"), register(given, "hostile.second")
    stage.judge.expect(
        (first.status, second.status) == (303, 422),
        "an elder's code was good twice",
        "",
        f"{first.status} {second.status}",
    )
    guesses = [
        register(forged, f"hostile.guess{at}").status
        for at, forged in enumerate(
            (*SHORT[:4], given[:-1], given[::-1], given.replace("-", "0"), *["2222-3333-4444"] * 30)
        )
    ]
    stage.judge.expect(
        set(guesses) == {422, 429}, "elders' codes may be guessed", "/register", str(sorted(set(guesses)))
    )


def _programs(stage):
    bearer = stage.our_program.bearer
    for forged in (*SHORT, *turned(bearer)):
        for scheme in ("Bearer ", "bearer ", "Basic ", "Token ", ""):
            someone = Someone(stage.wire, stage.judge, "a forger")
            answer = someone.get("/api/v1/night", ("authorization", scheme + forged))
            stage.judge.expect(
                answer.status == 401, "a forged program's token", scheme + forged[:20], str(answer.status)
            )
    someone = Someone(stage.wire, stage.judge, "a forger")
    for path in ("/d/today", "/account", "/f/sync/who", "/me"):
        answer = someone.get(path, ("authorization", f"Bearer {bearer}"))
        stage.judge.expect(answer.status in (303, 401, 403), "a program's token opens a page", path, str(answer.status))
    narrow = stage.token("demo-county-officer", "--may", "pack.see")
    stage.judge.expect(
        narrow.get(f"/api/v1/people?q=a").status == 403, "a narrow token reaches further", "/api/v1/people"
    )
    listed = stage.service.run("token", "list", "demo-county-officer")
    ours = max(int(number) for number in re.findall(r"^\s*(\d+)", listed, re.M))
    stage.service.run("token", "end", "demo-county-officer", str(ours))
    stage.judge.expect(narrow.get("/api/v1/night").status == 401, "an ended token", "/api/v1/night")


def _keys(stage):
    """A key of a request is its account's: sent again it does nothing, and tells another account nothing."""
    key = ("idempotency-key", str(uuid.uuid4()))
    path, words = f"/api/v1/applications/{stage.number}/withdrawal", {"words": "no more"}
    first, again = stage.program.json(path, words, key), stage.program.json(path, words, key)
    stage.judge.expect(
        first.status == 200 == again.status and first.body == again.body and again.header("idempotent-replayed"),
        "a key did it twice",
        path,
        f"{first.status} {again.status}",
    )
    other = stage.program.json(path, {"words": "another"}, key)
    stage.judge.expect(other.status == 422, "a key was used for another request", path, str(other.status))
    theirs = stage.our_program.json(path, words, key)
    stage.judge.expect(theirs.status in (403, 404), "a key told another account an answer", path, str(theirs.status))
    for forged in ("", " ", "a" * 101, "é", "a b", "\x7f", "'; --", "%00"):
        stage.program.json(path, words, ("idempotency-key", forged))


def _sealed(stage):
    """What a stranger answered travels sealed: turned anywhere it is worth nothing; nor is a matter's number alone."""
    first = stage.nobody.get("/benefits/check").text
    question = re.search(r'name="q" value="([^"]+)"', first).group(1)
    answer = stage.nobody.post("/benefits/check", [("s", ""), ("q", question), ("a", "70")])
    if answer.status != 303:
        choice = re.search(r'name="a"[^>]* value="([^"]+)"', first) or re.search(r'<option value="([^"]+)"', first)
        answer = stage.nobody.post("/benefits/check", [("s", ""), ("q", question), ("a", choice.group(1))])
    sealed = (answer.header("location") or "").partition("s=")[2]
    stage.judge.expect(len(sealed) > 60, "the check does not go on", str(answer.status), answer.text[:100])
    good = stage.nobody.get(f"/benefits/check?s={sealed}").text
    for forged in (*(turned(sealed) if sealed else ()), *SHORT, sealed * 20):
        forged = re.sub(r"[^\w%.-]", "_", forged)
        for path in ("/benefits/check", "/benefits/result"):
            answer = stage.nobody.get(f"{path}?s={forged}")
            stage.judge.expect(answer.text != good and answer.status < 500, "a turned seal is taken", path)
    guesses = ("0000", "", "' OR '1'='1", "%", "____", "123X", "１２３４", "1111", "2222")
    for n, digits in enumerate(guesses):
        answer = stage.nobody.post("/orders", [("number", stage.number), ("digits", digits)])
        # Five guesses are free; whoever goes on has to wait.
        stage.judge.expect(
            answer.status == (422 if n <= 5 else 429) and stage.applicant not in answer.text,
            "a matter is told without its digits",
            digits,
            str(answer.status),
        )


def _phones(stage):
    """A phone handed over, lost, or with numbers used again for something else."""
    visitor, device = stage.people["visitor"], str(uuid.uuid4())
    pulled = json_of(visitor.json("/f/sync/pull", {"device": device, "sent_at": now(), "cursor": 0}))
    own = next(card["id"] for card in pulled["people"] if card["may"]["visit"])
    body = {**stage.visit_body, "person": own, "attachments": [], "needs": []}
    operation = str(uuid.uuid4())
    first = stage.push(visitor, device, stage.visit(operation, body))
    again = stage.push(
        visitor, device, stage.visit(operation, body), stage.visit(operation, {**body, "note": "turned"})
    )
    stage.judge.expect(
        first[0]["outcome"] == "applied" and again[0]["already"], "a visit sent twice", str(first + again)
    )
    stage.judge.expect(again[1]["outcome"] == "refused", "a number was used for another visit", str(again[1]))
    for forged in (*SHORT, device[:-1], device.upper() + "0", "not-a-device", 1, None, [], {}):
        sent = {"device": forged, "sent_at": now(), "cursor": 0, "operations": []}
        for path in ("/f/sync/push", "/f/sync/pull"):
            answer = visitor.json(path, sent)
            stage.judge.expect(answer.status in (400, 409), "a forged phone", f"{path} {forged}", str(answer.status))
    for cursor in (-1, 2**63 - 1, 2**64, "x", 1.5, None):
        visitor.json("/f/sync/pull", {"device": device, "sent_at": now(), "cursor": cursor})
    for at in (
        "0000-00-00T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "-262143-01-01T00:00:00Z",
        "+262142-12-31T23:59:59Z",
        "x",
        0,
    ):
        visitor.json("/f/sync/pull", {"device": device, "sent_at": at, "cursor": 0})
        visitor.json(
            "/f/sync/push",
            {
                "device": device,
                "sent_at": at,
                "operations": [{**stage.visit(str(uuid.uuid4()), {**body, "began_at": at}), "at": at}],
            },
        )
