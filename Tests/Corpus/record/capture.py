"""A file of packets while it is written."""

import signal
from pathlib import Path

from process import WORK, Process, run
from thin import thin


class Capture:
    """One file of packets, taken by tcpdump or dumpcap at an interface or in a host."""

    def __init__(self, lab, file, interface, host=None, options=(), dumpcap=False, snaplen=None,
                 filter="", thin=False, **about):
        self.lab, self.about, self.thin = lab, about, thin
        self.raw = WORK / "captures" / Path(file).name
        self.raw.parent.mkdir(parents=True, exist_ok=True)
        self.file = file
        prefix = ["ip", "netns", "exec", host.name] if host else []
        self.process = None
        lab.captures.append(self)
        if interface is None:  # another program writes it
            return
        if dumpcap:
            command = [*prefix, "dumpcap", "-q", "-i", interface, "-w", str(self.raw).removesuffix(".gz")]
            command += ["-s", str(snaplen)] if snaplen else []
            command += ["-f", filter] if filter else []
        else:
            command = [*prefix, "tcpdump", "--immediate-mode", "-U", "-n", "-i", interface, "-w",
                       str(self.raw).removesuffix(".gz"), *options]
            command += ["-s", str(snaplen)] if snaplen else []
            command += [filter] if filter else []
        self.process = Process("capture", command, WORK / "captures" / f"{self.raw.name}.log")
        self.process.wait_for("listening on|File:|Capturing on")

    def packets(self, display):
        """How many packets so far match a display filter of tshark."""
        path = str(self.raw).removesuffix(".gz")
        out = run("tshark", "-r", path, "-Y", display, "-T", "fields", "-e", "frame.number",
                  check=False, capture_output=True)
        return len(out.stdout.split())

    def finish(self):
        if self.process:
            self.process.stop(signal.SIGINT)
        path = Path(str(self.raw).removesuffix(".gz"))
        if self.thin:
            thin(path)
        if self.raw.suffix == ".gz":
            run("gzip", "-9nf", path)
