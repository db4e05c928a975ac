"""Connections that never say what they came for, held open beside everything else."""

import select
import socket
import threading
import time


class Crowd:
    """So many of each kind; whoever lets go of them is the service."""

    KINDS = ("nothing", "half a head", "a dripping head", "half a body", "an unread answer")

    def __init__(self, wire, each=80):
        self.wire, self.began, self.held, self.ended = wire, time.monotonic(), {}, {kind: [] for kind in self.KINDS}
        self.each = each
        for kind in self.KINDS:
            for _ in range(each):
                stream = wire.connect()
                stream.sendall(self._opening(kind))
                self.held[stream] = kind
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._drip, daemon=True)
        self.thread.start()

    def _opening(self, kind):
        host = self.wire.host.encode()
        return {
            "nothing": b"",
            "half a head": b"GET /help HTTP/1.1\r\nhost: " + host + b"\r\nx-a",
            "a dripping head": b"GET /help HTTP/1.1\r\nhost: " + host + b"\r\nx-a: ",
            "half a body": b"POST /sign-in HTTP/1.1\r\nhost: "
            + host
            + b"\r\norigin: http://"
            + host
            + b"\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 9000\r\n\r\nname=",
            "an unread answer": (b"GET /services HTTP/1.1\r\nhost: " + host + b"\r\n\r\n") * 20,
        }[kind]

    def _drip(self):
        while not self.over.wait(0.5):
            for stream in [stream for stream, kind in self.held.items() if kind == "a dripping head"]:
                try:
                    stream.send(b"a")
                except OSError:
                    self._gone(stream)
            reading = [stream for stream, kind in self.held.items() if kind != "an unread answer"]
            for stream in self._readable(reading):
                try:
                    if not stream.recv(1 << 14):
                        self._gone(stream)
                except OSError:
                    self._gone(stream)

    @staticmethod
    def _readable(streams):
        asked = select.poll()
        by_number = {stream.fileno(): stream for stream in streams}
        for number in by_number:
            asked.register(number, select.POLLIN | select.POLLHUP)
        return [by_number[number] for number, _ in asked.poll(0)]

    def _gone(self, stream):
        kind = self.held.pop(stream, None)
        if kind:
            self.ended[kind].append(time.monotonic() - self.began)
        stream.close()

    def leave(self, judge):
        """Waits until the service had time to lose patience, then says who still stands."""
        time.sleep(max(0.0, 35 - (time.monotonic() - self.began)))
        self.over.set()
        self.thread.join()
        for kind in self.KINDS[:4]:
            judge.expect(
                len(self.ended[kind]) == self.each,
                "slow connections are kept",
                kind,
                f"{len(self.ended[kind])} of {self.each} were let go",
            )
        for stream in self.held:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            stream.close()
