"""Two districts of one region, each with its people at work; what belongs to the other one is known by number."""

import hashlib
import json
import re
import string
import uuid
from datetime import datetime, timezone

import known
from someone import Someone, invited
from wire import Wire

PHOTO = b"\xff\xd8\xff\xe0" + b"\x00" * 64 + b"\xff\xd9"
# Ready-made accounts whose reach ends with their own district.
OURS = [
    "county-officer",
    "township-coordinator",
    "visitor",
    "assessor",
    "provider-manager",
    "provider-worker",
    "family",
    "elder",
    "volunteer",
]
EVERYONE = [*OURS, "supervisor", "auditor", "administrator"]


def now():
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Stage:
    def __init__(self, service, judge):
        self.service, self.judge = service, judge
        self.known = known.read(service.lists())
        self.wire = Wire(service.port)
        self.nobody = Someone(self.wire, judge)
        enter = lambda role: Someone(self.wire, judge, f"demo-{role}", *service.accounts[f"demo-{role}"]).enter()
        self.people = {role: enter(role) for role in EVERYONE}
        self.invite("hostile-region", "county_officer", "6530")
        self.program = self.token("hostile-region")
        self._find_the_other_district()
        self._work_there()
        for role in OURS:
            self.people[role].foreign = self.foreign
        self.our_program = self.token("demo-county-officer")
        self.our_program.foreign = self.foreign

    def invite(self, name, role, division):
        link = re.search(
            r"\S*/invite/\S{43}",
            self.service.run("user", "invite", name, "--name", name, "--role", role, "--division", division),
        )
        return invited(self.wire, self.judge, name, link.group(0))

    def token(self, user, *more):
        """A program that signs in for an account."""
        text = self.service.run("token", "make", user, "--name", "hostile", *more).split("\n")[0]
        program = Someone(self.wire, self.judge, f"program of {user}")
        program.headers = lambda more=(): [("authorization", f"Bearer {text}"), *more]
        program.bearer = text
        return program

    def _find_the_other_district(self):
        items = lambda someone, query: json_of(someone.get(f"/api/v1/work-items?kind=unserved&limit=200{query}"))[
            "items"
        ]
        here = {item["division"]["code"][:6] for item in items(self.people["county-officer"], "")}
        assert len(here) == 1, here
        self.here = here.pop()
        counties = sorted({item["division"]["code"][:6] for item in items(self.program, "")} - {self.here})
        assert counties, "one county alone"
        self.there = counties[0]
        self.items = items(self.program, f"&division={self.there}")
        villages = [item["division"]["code"] for item in self.items]
        self.village = max(sorted(set(villages)), key=villages.count)
        self.foreign = set()
        for letter in string.ascii_lowercase:
            found = json_of(self.program.get(f"/api/v1/people?q={letter}&division={self.there}&limit=200"))
            self.foreign |= {line["id"].encode() for line in found["items"]}
        assert len(self.foreign) > 50, len(self.foreign)

    def _work_there(self):
        """Something of everything that can be asked for by its number."""
        there = self.there_people = {
            "officer": self.invite("hostile-officer", "county_officer", self.there),
            "coordinator": self.invite("hostile-coordinator", "township_coordinator", self.village[:9]),
            "visitor": self.invite("hostile-visitor", "visitor", self.village),
        }
        coordinator, visitor = there["coordinator"], there["visitor"]
        page = coordinator.get(f"/d/visits/assign?village={self.village}").text
        user = re.search(r'value="(U\d{8})">hostile-visitor', page).group(1)
        done = coordinator.post("/d/visits/assign", [("village", self.village), ("user", user), ("whole", "1")])
        assert done.status == 303, done.text
        self.device, self.operation, self.attachment = (str(uuid.uuid4()) for _ in range(3))
        pulled = json_of(visitor.json("/f/sync/pull", {"device": self.device, "sent_at": now(), "cursor": 0}))
        self.person = next(card["id"] for card in pulled["people"] if card["may"]["visit"])
        digest = hashlib.sha256(PHOTO).hexdigest()
        self.part = f"/f/sync/attachments/{self.attachment}?device={{device}}&sent_at={now()}&kind=photo&bytes={len(PHOTO)}&sha256={digest}&offset=0"
        sent = visitor.send(self.part.format(device=self.device), PHOTO, ("content-type", "application/octet-stream"))
        assert sent.status == 200, sent.text
        self.visit_body = {
            "person": self.person,
            "visit_kind": "home",
            "began_at": now(),
            "met": True,
            "helps": [],
            "note": "a note of theirs",
            "checks": {key: {"state": "ok"} for key in ("food", "clothes", "health")}
            | {"housing": {"state": "mind", "signs": ["no_handrail"]}},
            "needs": [{"need": "adaptation", "wants": True}],
            "attachments": [self.attachment],
        }
        receipts = self.push(visitor, self.device, self.visit(self.operation, self.visit_body))
        assert receipts[0]["outcome"] == "applied", receipts
        # Not every benefit is decided here: the first that can be applied for.
        here = [item for item in self.items if item["division"]["code"].startswith(self.village[:9])]
        file = lambda item: self.program.json(
            f"/api/v1/people/{item['person']['id']}/applications", {"rule": item["rule"]}
        )
        filed, self.applicant = next(
            (answer, item["person"]["id"]) for item in here if (answer := file(item)).status == 201
        )
        self.number = json_of(filed)["number"]
        bonds = [
            ("relation", "child"),
            ("spoke", "elder"),
            ("means", "township"),
            ("see", "yes"),
            ("name", "王燕"),
            ("phone", "13900004444"),
        ]
        coordinator.post(f"/d/people/{self.person}/bonds", bonds)
        self.nobody.post(
            "/callback",
            [
                ("about", ""),
                ("place", self.village[:9]),
                ("text", "a message of theirs"),
                ("name", "某"),
                ("contact", "13900005555"),
            ],
        )

    def visit(self, operation, body):
        return {"id": operation, "seq": 1, "at": now(), "kind": "visit", "body": body}

    def push(self, someone, device, *operations):
        return json_of(
            someone.json("/f/sync/push", {"device": device, "sent_at": now(), "operations": list(operations)})
        )["receipts"]


def json_of(answer):
    assert answer.status < 300, f"{answer.status} {answer.text[:400]}"
    return json.loads(answer.body)
