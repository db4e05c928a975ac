"""Requests that are no requests, or two in one."""

from concurrent.futures import ThreadPoolExecutor

SMUGGLED = b"GET /health/live HTTP/1.1\r\nhost: {host}\r\n\r\n"


def shapes(host):
    head = b"POST /sign-in HTTP/1.1\r\nhost: " + host + b"\r\norigin: http://" + host + b"\r\n"
    form = b"content-type: application/x-www-form-urlencoded\r\n"
    get = b"GET /help HTTP/1.1\r\nhost: " + host + b"\r\n"
    inner = SMUGGLED.replace(b"{host}", host)
    # Bytes, and whether what follows the first request must not be answered as one of its own.
    yield b"two lengths", head + form + b"content-length: 4\r\ncontent-length: %d\r\n\r\na=b&" % (
        4 + len(inner)
    ) + inner, True
    yield b"a list of lengths", head + form + b"content-length: 4, 9\r\n\r\na=b&" + inner, True
    yield b"both lengths", head + form + b"content-length: %d\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n" % (
        5 + len(inner)
    ) + inner, True
    yield b"both lengths turned", head + form + b"transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n0\r\n\r\n" + inner, True
    for coding in [
        b"chunked, identity",
        b"identity",
        b"xchunked",
        b" chunked",
        b"chunked\r\ntransfer-encoding: identity",
        b"\x0bchunked",
        b"gzip, chunked",
        b"chunked, chunked",
    ]:
        yield b"coding " + coding, head + form + b"transfer-encoding: " + coding + b"\r\ncontent-length: 4\r\n\r\n0\r\n\r\n" + inner, True
    for name in [
        b"transfer-encoding ",
        b"transfer_encoding",
        b" transfer-encoding",
        b"x: y\r\n transfer-encoding",
        b"transfer\x00-encoding",
    ]:
        yield b"name " + name, head + form + b"content-length: 5\r\n" + name + b": chunked\r\n\r\n0\r\n\r\n", False
    for length in [b"+4", b"-1", b"0x4", b"4 4", b"4,4", b"99999999999999999999999", b"", b"4\x00", b"\xef\xbc\x94"]:
        yield b"length " + length, head + form + b"content-length: " + length + b"\r\n\r\na=b&" + inner, length not in (
            b"4,4",
        )
    for size in [b"ffffffffffffffffff", b"-1", b"0x4", b"4;" + b"a" * 20_000, b"z", b"", b"4\n", b" 4"]:
        yield b"chunk " + size[
            :8
        ], head + form + b"transfer-encoding: chunked\r\n\r\n" + size + b"\r\na=b&\r\n0\r\n\r\n", False
    yield b"endless trailers", head + form + b"transfer-encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 20_000 + b"\r\n", False
    yield b"no host", b"GET /help HTTP/1.1\r\n\r\n", False
    yield b"two hosts", get + b"host: evil.example\r\n\r\n", False
    yield b"another host", b"GET /help HTTP/1.1\r\nhost: evil.example\r\n\r\n", False
    yield b"a host with a user", b"GET /help HTTP/1.1\r\nhost: evil@" + host + b"\r\n\r\n", False
    yield b"a whole address", b"GET http://evil.example/help HTTP/1.1\r\nhost: " + host + b"\r\n\r\n", False
    yield b"bare line feeds", get.replace(b"\r\n", b"\n") + b"\n", False
    yield b"bare returns", get.replace(b"\r\n", b"\r") + b"\r", False
    yield b"a folded line", get + b"x-a: b\r\n c\r\n\r\n", False
    yield b"no version", b"GET /help\r\n\r\n", False
    yield b"version 9", get.replace(b"1.1", b"9.9") + b"\r\n", False
    yield b"http/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 64, False
    yield b"tls", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc" + b"\x00" * 400, False
    yield b"noise", bytes(range(256)) * 40, False
    yield b"many lines", get + b"x: y\r\n" * 3_000 + b"\r\n", False
    yield b"a long line", get + b"x: " + b"y" * 200_000 + b"\r\n\r\n", False
    yield b"a nul", get + b"x: a\x00b\r\n\r\n", False
    yield b"latin", get + b"x: \xe9\xff\r\ncookie: yilian=\xff\xfe\r\nuser-agent: \xff\r\n\r\n", False
    yield b"many cookies", get + b"cookie: yilian=a\r\n" * 60 + b"\r\n", False
    yield b"upgrade", get + b"connection: upgrade\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n\r\n", False
    yield b"expect", head + form + b"expect: 100-continue\r\ncontent-length: 3\r\n\r\na=b", False
    for method in [
        b"CONNECT",
        b"TRACE",
        b"OPTIONS",
        b"PROPFIND",
        b"get",
        b"G\x00T",
        b"DELETE",
        b"PUT",
        b"PATCH",
        b"A" * 5_000,
    ]:
        yield method[:9], get.replace(b"GET", method) + b"content-length: 0\r\n\r\n", False
    yield b"pipelined", (get + b"\r\n") * 40, False


def run(stage):
    with ThreadPoolExecutor(16) as pool:
        seconds = list(pool.map(lambda shape: _sent(stage, *shape), shapes(stage.wire.host.encode())))
    # What is told here is told of a second request that is one: were it never seen, nothing could be smuggled either.
    stage.judge.expect(max(seconds) > 30, "requests behind each other are not answered", "shapes", str(max(seconds)))
    stage.nobody.get("/help")


def _sent(stage, name, sent, alone):
    """How many answers came."""
    judge, where = stage.judge, name.decode("latin-1")
    answers = stage.wire.raw(sent, quiet=1.0)
    for answer in answers:
        judge.expect(answer.status < 500, f"status {answer.status}", where, answer.text)
        if answer.status < 400 and "live" not in where and answer.body != b"ok\n":
            judge.look(answer, where)
        judge.expect("x-planted" not in dict(answer.headers), "headers were split", where)
    smuggled = [answer for answer in answers if answer.status == 200 and answer.body == b"ok\n"]
    judge.expect(not (alone and smuggled), "a second request was smuggled in", where)
    judge.expect(stage.service.alive(), "the service died", where)
    told = {answer.status for answer in answers}
    judge.expect("host" not in where or told <= {400, 421}, "another host is answered", where, str(told))
    judge.expect("whole address" not in where or told == {421}, "another host is answered", where, str(told))
    return len(answers)
