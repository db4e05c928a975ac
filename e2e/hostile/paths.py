"""Addresses that lead out of where they begin."""

from texts import PATHS

SECRETS = (b"root:x:", b"[workspace]", b"SQLite format", b"DATABASE_URL", b"yilian_requests_total")


def run(stage):
    for someone in (stage.nobody, stage.people["county-officer"], stage.program):
        for path in PATHS:
            for method in ("GET", "POST", "HEAD"):
                answer = someone.send(path, b"", method=method)
                where = f"{method} {path[:60]!r} as {someone.name}"
                stage.judge.expect(not any(secret in answer.body for secret in SECRETS), "a file was read", where)
                stage.judge.expect(300 <= answer.status < 500, "a trick was answered", where, str(answer.status))
        for name in (
            b"accept-language",
            b"accept-encoding",
            b"user-agent",
            b"referer",
            b"x-forwarded-for",
            b"x-forwarded-proto",
            b"forwarded",
            b"x-original-url",
            b"x-http-method-override",
            b"if-none-match",
            b"if-modified-since",
            b"range",
        ):
            for value in (
                b"\xff\xfe",
                b"a" * 9_000,
                b"<yl-planted onylplanted=1>",
                b"/d/audit",
                b"DELETE",
                b"bytes=0-,0-,0-",
                b"gzip;q=NaN, *;q=-1",
                b"https",
                b"127.0.0.1\t",
            ):
                someone.get("/services" if someone is stage.nobody else "/d/today", (name, value))
        for kind in ("yilian_display", "yilian-provider", "__Host-yilian", "yilian"):
            for value in ("<yl-planted>.xl", "a" * 4_000, "\xff", "", "..;=", "dark.xl.more.off.en.more"):
                someone.get("/help", ("cookie", f"{kind}={value}"))
