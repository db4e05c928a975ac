"""A demonstration of our own: its accounts, its log, what it keeps, how much memory it takes."""

import os
import re
import resource
import signal
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ACCOUNT = re.compile(r"^ {2}(demo-\S+) +(\S.*?) {2}(\S+) {2}", re.M)

SIZE = ["--townships", "4", "--older-people", "1200"]


def binary():
    target = os.environ.get("CARGO_TARGET_DIR") or Path.home() / ".cache/yilian"
    return os.environ.get("YILIAN_BIN") or str(Path(target) / "release/yilian")


class Service:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="yilian-hostile-")
        self.home = Path(self.folder.name) / "home"
        told = self.run("demo", "--no-serve", *SIZE)
        self.accounts = {
            name: (password, None if secret == "-" else secret) for name, password, secret in ACCOUNT.findall(told)
        }
        assert self.accounts, told

    def run(self, *args):
        data = ["--packs", str(REPOSITORY / "packs"), "--authz", str(REPOSITORY / "authz")]
        args = [binary(), "--home", str(self.home), "--lang", "en", *data, *args]
        done = subprocess.run(args, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{args[5:]}: {done.stderr}"
        return done.stdout

    def lists(self):
        """The departments' lists once more: who the invented people are."""
        out = Path(self.folder.name) / "lists"
        self.run("synth", "--out", str(out), *SIZE)
        return out

    def start(self):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 16_384), most))
        data = ["--packs", str(REPOSITORY / "packs"), "--authz", str(REPOSITORY / "authz")]
        served = open(Path(self.folder.name) / "served", "wb")
        self.log_path = Path(self.folder.name) / "log"
        args = [binary(), "--home", str(self.home), "--lang", "en", *data, "serve", "--port", "0"]
        # As much as anybody would switch on to find a fault, so that what it might tell is told.
        told = {**os.environ, "YILIAN_LOG": "debug"}
        self.process = subprocess.Popen(args, stdout=served, stderr=open(self.log_path, "wb"), env=told)
        for _ in range(150):
            found = re.search(r"http://[\d.]+:(\d+)", Path(served.name).read_text())
            if found:
                self.port = int(found.group(1))
                return self
            time.sleep(0.1)
        raise AssertionError(f"the service did not start: {self.log()}")

    def stop(self):
        if self.alive():
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.folder.cleanup()

    def alive(self):
        return self.process.poll() is None

    def log(self):
        return self.log_path.read_text("utf-8", "replace")

    def memory_mib(self, line="VmHWM"):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{line}:\s+(\d+)", status).group(1)) // 1024

    def kept(self):
        """Rows of every table by their digest-free text, for what must not change."""
        database = sqlite3.connect(f"file:{self.home / 'yilian.db'}?mode=ro", uri=True)
        try:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: set(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in names}
        finally:
            database.close()
