"""Everything that people of another district reach, asked for by ours: pages, forms, the interface, the field."""

import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor

from crawl import crawl
from interface import example
from stage import OURS, PHOTO, now
from texts import STEPS

# What changes by itself when somebody asks: sessions, trails, keys, meetings with devices, refused operations.
LIVING = {
    "account_session",
    "account_token",
    "sign_in_attempt",
    "audit",
    "audit_head",
    "request_key",
    "care_device",
    "care_held",
    "care_operation",
    "reveal",
    "counter",
    "setting",
    "job",
    "sqlite_sequence",
}
# A stream has no end to wait for; the document's example is a number that somebody has.
UNCUT = ("/api/v1/stream", "/api/v1/openapi.json")
STARTS = [
    "/d/today",
    "/d/people?q=a",
    "/d/work/visit",
    "/d/work/ask",
    "/d/work/unserved",
    "/d/applications",
    "/d/visits",
    "/d/visits/needs",
    "/d/visits/phones",
    "/d/messages",
    "/d/linkage",
    "/d/lists",
]

MINE = ("", "/record", "/facts", "/family", "/looks", "/apply/meal_delivery", "/apply/home_adaptation")
MEANT_FOR_FAMILIES = {
    "/me/{person}/facts": [("fact", "children"), ("text", "words"), ("value", "1")],
    "/me/{person}/family/1/end": [],
    "/me/{person}/family/2/end": [],
    "/me/{applicant}/apply/home_adaptation": [("words", "words")],
    "/me/{applicant}/matters/{number}/withdraw": [],
}


def run(stage):
    judge, there = stage.judge, stage.there_people
    paths, forms = {}, {}
    for someone in there.values():
        starts = [
            *STARTS,
            f"/d/people/{stage.person}",
            f"/d/people/{stage.person}/bonds",
            f"/d/people/{stage.person}/looks",
            f"/d/applications/{stage.number}",
        ]
        starts += [
            f"/d/people/{stage.applicant}",
            f"/d/villages/{stage.village}",
            f"/d/villages/{stage.village}/answers",
            f"/d/visits/assign?village={stage.village}",
        ]
        found, on = crawl(someone, each=2, most=140, starts=starts)
        paths |= found
        forms |= on
    files = {link for answer in paths.values() for link in re.findall(r"/d/visits/\d+/files/[\w-]+", answer.text)}
    judge.expect(files, "the other district shows no file", "districts")
    mine = [f"/me/{stage.person}{rest}" for rest in MINE] + [f"/me/{stage.applicant}/matters/{stage.number}"]
    mine += [f"/f/{what}/{stage.person}" for what in ("visits", "assess")] + [
        f"/d/applications/new?person={stage.person}"
    ]
    own = [path for path in [*paths, *files, *mine] if names_theirs(stage, path.split("?")[0])]
    judge.expect(len(own) > 20, "too little of the other district was found", "districts", str(len(own)))
    before = stage.service.kept()
    posts = [form for form in forms.values() if form.method == "POST" and _is_about_theirs(stage, form)]
    judge.expect(len(posts) > 5, "too few forms of the other district were found", "districts", str(len(posts)))
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda role: _reached_by(stage, role, [*paths, *files, *mine], posts), OURS))
    _interface(stage)
    _field(stage)
    _asked_for(stage)
    after = stage.service.kept()
    for table in sorted(set(before) - LIVING):
        changed = before[table] ^ after[table]
        judge.expect(not changed, "another district's rows changed", table, str(sorted(changed)[:2]))


def _is_about_theirs(stage, form):
    values = [form.action, *(f"{name} {value}" for name, value in form.fields)]
    return any(is_theirs(stage, value) for value in values)


def _reached_by(stage, role, paths, posts):
    """What another district's people open and send, opened and sent by one of ours."""
    someone, judge = stage.people[role], stage.judge
    for path in paths:
        status = someone.get(path).status
        if names_theirs(stage, path.split("?")[0]):
            judge.expect(status in (303, 403, 404), "a page of another district", f"{path} as {role}", str(status))
    for form in posts:
        someone.post(form.action, form.fields)
    for path, fields in MEANT_FOR_FAMILIES.items():
        path = path.format(person=stage.person, applicant=stage.applicant, number=stage.number)
        status = someone.post(path, fields).status
        judge.expect(status in (403, 404), "a family's form for somebody else", f"{path} as {role}", str(status))


def names_theirs(stage, text):
    """A person, a matter or a file of the other district; places may be named by anybody."""
    people = {number.encode() for number in re.findall(r"P\d{8}", text)}
    return bool(people & stage.foreign) or stage.number in text or "/files/" in text


def is_theirs(stage, text):
    villages = re.findall(r"(?<!\d)\d{9,12}(?!\d)", text)
    return names_theirs(stage, text) or any(code.startswith(stage.there) for code in villages)


def _interface(stage):
    """By each operation with a number of theirs, as a program of ours and by the session of each of ours."""
    document = json.loads(stage.nobody.get("/api/v1/openapi.json").body)
    everybody = [stage.our_program, *(stage.people[role] for role in OURS)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda someone: _operations(stage, document, someone), everybody))


# Where the least that fits the document's shape would be refused for itself.
SOUND = {
    "reveal": {"purpose": "visit"},
    "applications": {"rule": "home_adaptation"},
    "recommendation": {"verdict": "grant"},
    "outcomes": {"outcome": "accepted"},
}
REFUSED = (401, 403, 404)


def _operations(stage, document, someone):
    judge, what = stage.judge, "another district by the interface"
    whom = {"person": stage.person, "rule": stage.items[0]["rule"]}
    for path, operations in document["paths"].items():
        filled = path.replace("{person}", stage.person).replace("{number}", stage.number)
        theirs = filled != path
        if "get" in operations and theirs:
            status = someone.get(filled).status
            judge.expect(status in REFUSED, what, f"GET {filled} as {someone.name}", str(status))
        elif "get" in operations and "{" not in path and path not in UNCUT:
            needs = "&q=a" if path.endswith("people") else ""
            someone.get(f"{path}?division={stage.there}{needs}")
            someone.get(f"{path}?division={stage.village}{needs}")
        if "post" in operations and (theirs or path.endswith("outcomes")):
            last = path.split("/")[-1]
            kinds = operations["post"].get("requestBody", {}).get("content", {})
            body = SOUND.get(last) or example(document, kinds.get("application/json", {}).get("schema"))
            status = someone.json(filled, {**body, "who": [whom]} if last == "outcomes" else body).status
            judge.expect(status in REFUSED, what, f"POST {filled} as {someone.name}", str(status))


def _field(stage):
    """A phone of ours with people, numbers, files and phones of theirs."""
    judge = stage.judge
    for role in ("visitor", "assessor", "volunteer", "township-coordinator", "county-officer"):
        someone, device = stage.people[role], str(uuid.uuid4())
        given = someone.json("/f/sync/pull", {"device": device, "sent_at": now(), "cursor": 0})
        judge.expect(given.status in (200, 403), "a pull", role, str(given.status))
        if given.status != 200:
            continue
        body = {**stage.visit_body, "attachments": [], "needs": []}
        edit = {"person": stage.person, "field": "door", "value": "x", "base": None}
        operations = [
            stage.visit(str(uuid.uuid4()), body),
            stage.visit(stage.operation, body),
            stage.visit(stage.operation, stage.visit_body),
            stage.visit(str(uuid.uuid4()), {**stage.visit_body, "needs": []}),
            {**stage.visit(str(uuid.uuid4()), edit), "kind": "edit"},
        ]
        for receipt in stage.push(someone, device, *operations):
            judge.expect(
                receipt["outcome"] == "refused", "an operation on another district's people", f"{receipt} as {role}"
            )
        for path in ("/f/sync/push", "/f/sync/pull"):
            answer = someone.json(path, {"device": stage.device, "sent_at": now(), "cursor": 0, "operations": []})
            judge.expect(answer.status == 409, "another's phone", f"{path} as {role}", str(answer.status))
        octets = ("content-type", "application/octet-stream")
        for phone, refusals in ((device, (403,)), (stage.device, (409,))):
            answer = someone.send(stage.part.format(device=phone), PHOTO, octets)
            judge.expect(answer.status in refusals, "a part of another's file", role, f"{answer.status} {answer.text}")
        answer = someone.get(f"/f/sync/attachments/{stage.attachment}")
        judge.expect(
            answer.status >= 400 or b'"received":0' in answer.body, "another's file is told of", role, answer.text
        )


def _asked_for(stage):
    """Filters that name the other district, and numbers next to one's own."""
    for role in OURS:
        someone = stage.people[role]
        for path in (
            "/d/today",
            "/d/work/visit",
            "/d/work/unserved",
            "/d/work/ask",
            "/d/visits",
            "/d/visits/needs",
            "/d/applications",
            "/d/awards",
            "/d/linkage",
            "/d/lists",
            "/d/messages",
            "/d/indicators",
            "/d/people",
        ):
            for scope in (stage.there, stage.village[:9], stage.village):
                someone.get(f"{path}?scope={scope}&division={scope}&q=a&village={scope}")
        for path in (
            f"/d/work/unserved/export.xlsx?scope={stage.there}",
            f"/d/awards/export.xlsx?scope={stage.there}",
            f"/d/awards/payments.xlsx?scope={stage.there}",
        ):
            someone.get(path)
        for step in STEPS:
            for path in (b"/d/people/", b"/me/", b"/d/applications/", b"/d/villages/"):
                someone.get(path + step)
