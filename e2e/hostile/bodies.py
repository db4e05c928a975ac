"""Bodies that are too large, packed too well, or nested too deep."""

import gzip
import io
import json
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor

FORM = ("content-type", "application/x-www-form-urlencoded")
JSON = ("content-type", "application/json")
MIB = 1 << 20
DEVICE = "0190b2c4-7a5e-7c3d-8f21-00000000b0d1"


def endless(stage, someone, path, kind, mib, chunked):
    """Sends up to so many MiB as long as somebody reads; what came back, if anything did."""
    lines = [f"POST {path} HTTP/1.1", f"host: {stage.wire.host}"]
    lines += [f"{name}: {value}" for name, value in someone.headers([kind])]
    lines.append("transfer-encoding: chunked" if chunked else f"content-length: {4096 * MIB}")
    piece = b"a" * (64 << 10)
    piece = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
    with stage.wire.connect() as stream:
        stream.settimeout(5)
        stream.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        try:
            for _ in range(mib * 16):
                stream.sendall(piece)
        except OSError:
            pass
        try:
            stream.settimeout(5)
            first = stream.recv(64)
        except OSError:
            first = b""
    stage.judge.expect(not first.startswith((b"HTTP/1.1 5", b"HTTP/1.1 2")), "an endless body", path, first[:30])


def book(bytes_inside):
    """A workbook whose one sheet unfolds to so many bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(bytes_inside // MIB):
                sheet.write(b" " * MIB)
    return held.getvalue()


def sync(extra=()):
    return {"device": DEVICE, "sent_at": "2026-11-30T00:00:00Z", "cursor": 0, "operations": list(extra)}


def run(stage):
    judge, visitor, officer = stage.judge, stage.people["visitor"], stage.people["county-officer"]
    before = stage.service.memory_mib("VmRSS")
    floods = [
        (stage.nobody, "/sign-in", FORM),
        (stage.nobody, "/callback", FORM),
        (officer, "/d/offers", FORM),
        (officer, "/d/policy/what-if", ("content-type", "multipart/form-data; boundary=x")),
        (visitor, "/f/sync/push", JSON),
        (visitor, "/f/sync/pull", JSON),
        (stage.program, "/api/v1/work-items/outcomes", JSON),
        (stage.program, "/api/v1/pack/what-if", JSON),
        (officer, "/nothing", FORM),
    ]
    with ThreadPoolExecutor(9) as pool:
        for chunked in (True, False):
            list(pool.map(lambda flood: endless(stage, *flood, 80, chunked), floods))

    bomb = json.dumps(sync()).encode() + b" " * (256 * MIB)
    packings = {"gzip": gzip.compress(bomb, 6), "deflate": zlib.compress(bomb, 6)}
    packings["gzip, gzip"] = gzip.compress(packings["gzip"])
    packings["x-gzip"] = packings["gzip"]
    packings["br"] = b"\xff" * 100
    many = gzip.compress(b" " * 1024) * 3_000
    for path in ("/f/sync/push", "/f/sync/pull"):
        for packing, body in [
            *packings.items(),
            ("gzip", many),
            ("gzip", many[:-7]),
            ("gzip", b"\x1f\x8b"),
            ("gzip", b""),
        ]:
            answer = visitor.send(path, body, JSON, ("content-encoding", packing))
            judge.expect(400 <= answer.status < 500, "a bomb was taken", f"{path} {packing}", str(answer.status))

    with ThreadPoolExecutor(4) as pool:
        bomb = book(400 * MIB)
        sheet = ("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        path = "/api/v1/lists?file_name=low_income_2026-11-19.xlsx&dry_run=true"
        answers = list(pool.map(lambda _: stage.program.send(path, bomb, sheet), range(4)))
        judge.expect(
            all(a.status < 500 and b'"state":"accepted"' not in a.body for a in answers),
            "a workbook bomb was taken",
            path,
        )

    deep = b"[" * 200_000
    for someone, path in [
        (visitor, "/f/sync/push"),
        (stage.program, "/api/v1/work-items/outcomes"),
        (stage.program, "/api/v1/pack/what-if"),
    ]:
        for body in (
            deep,
            b'{"a":' * 100_000,
            b'{"device":' + deep,
            b"\xff\xfe{}",
            b"{",
            b"",
            b"null",
            b"[]",
            b"1e999",
            b'"\\ud800"',
            b'{"a":1,"a":2}',
            b"{}\x00",
        ):
            answer = someone.json(path, body)
            judge.expect(
                400 <= answer.status < 500, "no refusal of what is no such JSON", path, f"{answer.status} {body[:20]}"
            )
    many = sync(
        {"id": f"0190b2c4-7a5e-7c3d-8f21-{n:012x}", "seq": n, "at": "2026-11-30T00:00:00Z", "kind": "visit", "body": {}}
        for n in range(51)
    )
    judge.expect(visitor.json("/f/sync/push", many).status == 413, "too many operations were taken", "/f/sync/push")

    grown = stage.service.memory_mib() - before
    judge.expect(grown < 320, "bodies took memory", f"{before} MiB and {grown} more")
