"""Programs of a recording, and waiting for what they do."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

TOOLS = Path(__file__).resolve().parent

WORK = Path("/run/work")


def run(*arguments, check=True, **options):
    return subprocess.run([str(a) for a in arguments], check=check, **options)


def wait_until(condition, limit, what="condition", required=True):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    if required:
        raise TimeoutError(f"not within {limit} s: {what}")
    return False


class Process:
    """A program in a host, with its output in a file."""

    def __init__(self, name, arguments, log, environment=None, cwd=None):
        self.log = Path(log)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.popen = subprocess.Popen(
            [str(a) for a in arguments], stdin=subprocess.DEVNULL, stdout=open(self.log, "ab"),
            stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}, cwd=cwd)
        self.name = name

    def output(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_for(self, pattern, limit=20):
        wait_until(lambda: re.search(pattern, self.output()), limit, f"{self.name}: {pattern}")
        return self

    def ended(self):
        return self.popen.poll() is not None

    def stop(self, number=signal.SIGTERM):
        if not self.ended():
            self.popen.send_signal(number)
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
