"""The lab of one case.

Everything lives in a network, mount and PID namespace of its own, which `record` makes: nothing reaches
the machine's network, and all processes end with the case.
"""

import os
import time
from pathlib import Path

from capture import Capture
from host import Host
from machine import Machine
from process import WORK, run


class Lab:
    def __init__(self, case, out):
        self.case, self.out = case, Path(out)
        self.processes, self.captures, self.attachments = [], [], {}
        self.atftpd = os.environ["ATFTPD"]
        WORK.mkdir(parents=True, exist_ok=True)
        # Clients of operating systems write here.
        (WORK / "resolv.conf").write_text("")
        run("mount", "--bind", WORK / "resolv.conf", os.path.realpath("/etc/resolv.conf"))
        for folder in ("/var/lib/dhcp", "/var/lib/dhcpcd", "/var/lib/kea"):
            os.makedirs(folder, exist_ok=True)
            run("mount", "-t", "tmpfs", "tmpfs", folder)

    def host(self, name, *arguments, **options):
        return Host(self, name, *arguments, **options)

    def machine(self, switch, **options):
        return Machine(self, switch, **options)

    def attach(self, **files):
        """Files that go with the captures of this case: console=, efivars=, manifests=."""
        self.attachments.update(files)

    def capture(self, file, interface, **options):
        return Capture(self, file, interface, **options)

    def finish(self):
        time.sleep(1.2)  # dumpcap gets its packets once a second
        for capture in self.captures:
            if capture.process:
                capture.finish()
        for process in reversed(self.processes):
            process.stop()
        for capture in self.captures:
            if not capture.process:
                capture.finish()
