"""Hostile text in every parameter and every field of the OpenAPI document, by a program that may everything."""

import json
import uuid
from urllib.parse import quote

from stage import now
from texts import ALONE, BROKEN, STEPS, TEXTS

KINDS = (
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "",
    "application/json; charset=utf-16",
)


def run(stage):
    document = json.loads(stage.nobody.get("/api/v1/openapi.json").body)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method in ("get", "post", "delete") and path != "/api/v1/stream":
                _operation(stage, document, path, method.upper(), operation)
    _phone(stage)


def _phone(stage):
    """What a phone sends, leaf by leaf."""
    visitor, device = stage.people["visitor"], str(uuid.uuid4())
    pulled = json.loads(visitor.json("/f/sync/pull", {"device": device, "sent_at": now(), "cursor": 0}).body)
    mine = next(card["id"] for card in pulled["people"] if card["may"]["visit"])
    bodies = {
        "visit": {**stage.visit_body, "person": mine, "attachments": [], "not_met": None},
        "edit": {"person": mine, "field": "door", "value": "words", "base": None},
        "decide": {"person": mine, "field": "door", "keep": str(uuid.uuid4())},
        "assess": {
            "person": mine,
            "answers": {"items": {"1.1": 1}},
            "known_by": {"1.1": ["words"]},
            "notes": {"1.1": "words"},
            "informant": "words",
            "signature": device,
            "attachments": [device],
        },
        "settle": {"person": mine, "assessment": 1, "answers": {"items": {"1.1": 1}}, "reason": "words"},
        "agree": {"person": mine, "assessment": 1, "proposal": device},
    }

    def push(operation):
        visitor.json("/f/sync/push", {"device": device, "sent_at": now(), "operations": [operation]})

    for kind, body in bodies.items():
        _fields(None, body, lambda value: push({**stage.visit(str(uuid.uuid4()), value), "kind": kind}))
        _fields(
            None,
            {**stage.visit(str(uuid.uuid4()), {}), "kind": kind},
            lambda value: push({**value, "body": body} if isinstance(value, dict) else value),
        )


def _operation(stage, document, path, method, operation):
    program = stage.program
    parameters = [resolved(document, parameter) for parameter in operation.get("parameters", [])]
    usual = path
    for parameter in parameters:
        if parameter["in"] == "path":
            usual = usual.replace("{%s}" % parameter["name"], sample(document, parameter["schema"]))
    kinds = operation.get("requestBody", {}).get("content", {})
    schema = kinds.get("application/json", {}).get("schema")
    body = json.dumps(example(document, schema)).encode() if schema else b""
    ask = lambda to, *headers, sent=body: program.send(
        to, sent, *headers, ("content-type", "application/json"), method=method
    )
    for parameter in parameters:
        name, place = parameter["name"], parameter["in"]
        if place == "path":
            for step in STEPS:
                before, _, after = path.partition("{%s}" % name)
                rest = [resolved(document, other) for other in operation["parameters"]]
                for other in rest:
                    after = after.replace("{%s}" % other["name"], sample(document, other["schema"]))
                    before = before.replace("{%s}" % other["name"], sample(document, other["schema"]))
                ask(before.encode() + step + after.encode())
        elif place == "query":
            for text in TEXTS:
                ask(f"{usual}?{quote(name)}={quote(text)}")
            for broken in BROKEN:
                ask(usual.encode() + b"?" + name.encode() + b"=" + broken)
            ask(f"{usual}?{name}=1&{name}=2")
            ask(f"{usual}?{name}[]=1&{name}[a]=2")
        else:
            for text in ("\u202e", "a" * 9_000, "'; --", "*", 'W/"', '"' * 50, "-1", "é", "zh;q=NaN, *;q=-1"):
                ask(usual, (name, text))
            ask(usual, (name, "a"), (name, "b"))
    if schema:
        _fields(document, example(document, schema), lambda value: ask(usual, sent=json.dumps(value).encode()))
        for broken in (b"\xff\xfe", b'{"a":"\xff"}', b"\xef\xbb\xbf{}", body[:-1], body + body, b"\x00"):
            answer = ask(usual, sent=broken)
            stage.judge.expect(answer.status in range(400, 500), "broken JSON was taken", usual, str(answer.status))
    for kind in KINDS if kinds else ():
        program.send(usual, body or b"a,b\n1,2\n", ("content-type", kind), method=method)


def _fields(document, value, ask):
    """Each leaf in turn, and as another type."""
    for path in leaves(value):
        for text in (*ALONE, "", [], {}, None, -1, 2**63, 1e308, True, ["a"] * 500):
            ask(with_leaf(value, path, text))
    ask({**value, "onyl": 1} if isinstance(value, dict) else [value])


def leaves(value, path=()):
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield from leaves(value[0], (*path, 0))
    else:
        yield path


def with_leaf(value, path, text):
    if not path:
        return text
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_leaf(value[path[0]], path[1:], text)
    return copy


def resolved(document, part):
    while "$ref" in part:
        found = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def sample(document, schema):
    value = example(document, schema)
    return quote(str(value), safe="")


def example(document, schema):
    """The least that fits a schema."""
    schema = resolved(document, schema or {})
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "const" in schema:
        return schema["const"]
    for key in ("oneOf", "anyOf", "allOf"):
        if schema.get(key):
            return example(document, schema[key][0])
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: example(document, inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(document, schema.get("items"))]
    return {"integer": 1, "number": 1, "boolean": True}.get(kind, "words")
