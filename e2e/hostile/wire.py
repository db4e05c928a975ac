"""HTTP/1.1 by hand: what is sent is what was written, however wrong, and all that comes back is kept."""

import gzip
import socket
import threading
import zlib


class Answer:
    """One answer: its status, its headers as they came, its body unpacked."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return next((value for key, value in self.headers if key == name), None)

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def kind(self):
        return (self.header("content-type") or "").split(";")[0]


class Closed(Exception):
    """The other side hung up before an answer was whole."""


class Wire:
    """Connections to one service, one kept open by each thread."""

    def __init__(self, port, patience=30):
        self.port, self.patience, self.own = port, patience, threading.local()
        self.host = f"127.0.0.1:{port}"

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=self.patience)

    def ask(self, method, path, headers=(), body=b""):
        """A request as a browser would frame it; `path` and values may be bytes that no browser would send."""
        lines = [b"%s %s HTTP/1.1" % (raw(method), raw(path))]
        names = {name.lower() for name, _ in headers}
        if "host" not in names:
            lines.append(b"host: " + raw(self.host))
        if (body or method not in ("GET", "HEAD")) and not names & {"content-length", "transfer-encoding"}:
            lines.append(b"content-length: %d" % len(body))
        lines += [raw(name) + b": " + raw(value) for name, value in headers]
        sent = b"\r\n".join(lines) + b"\r\n\r\n" + body
        held = getattr(self.own, "stream", None)
        if held is not None:
            try:
                return self._answer(held, sent, method)
            except (Closed, OSError):
                held.close()
        self.own.stream = self.connect()
        return self._answer(self.own.stream, sent, method)

    def _answer(self, stream, sent, method):
        self.own.stream = None
        stream.sendall(sent)
        reader = Reader(stream)
        answer = reader.answer(method)
        if (answer.header("connection") or "").lower() == "close":
            stream.close()
        else:
            self.own.stream = stream
        return answer

    def raw(self, sent, quiet=3.0):
        """Sends bytes as they are; every answer that comes before the other side closes or says nothing more."""
        answers = []
        with self.connect() as stream:
            stream.settimeout(quiet)
            try:
                stream.sendall(sent)
            except OSError:
                pass
            reader = Reader(stream)
            try:
                while True:
                    answers.append(reader.answer("GET"))
            except (Closed, OSError):
                pass
        return answers


class Reader:
    def __init__(self, stream):
        self.stream, self.held = stream, b""

    def _more(self):
        piece = self.stream.recv(1 << 16)
        if not piece:
            raise Closed
        self.held += piece

    def _until(self, mark):
        while mark not in self.held:
            self._more()
        part, _, self.held = self.held.partition(mark)
        return part

    def _take(self, count):
        while len(self.held) < count:
            self._more()
        part, self.held = self.held[:count], self.held[count:]
        return part

    def answer(self, method):
        first, *lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(first.split(" ")[1])
        headers = [(key.lower(), value.strip()) for key, _, value in (line.partition(":") for line in lines)]
        found = dict(headers)
        if status == 100:
            return self.answer(method)
        if method == "HEAD" or status in (204, 304):
            body = b""
        elif found.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(self._until(b"\r\n").split(b";")[0], 16):
                body += self._take(size)
                self._take(2)
            self._until(b"\r\n")
        else:
            body = self._take(int(found.get("content-length", 0)))
        return Answer(status, headers, unpacked(body, found.get("content-encoding")))


def unpacked(body, packing):
    if packing == "gzip":
        return gzip.decompress(body)
    return zlib.decompress(body) if packing == "deflate" else body


def raw(text):
    return text if isinstance(text, bytes) else text.encode("utf-8")
