"""A virtual machine that boots over the network."""

import os
import re
import shutil
import time
from pathlib import Path

from process import WORK, Process, run, wait_until

OVMF = Path("/usr/share/OVMF")


class Machine:
    """A virtual machine under QEMU's own processor emulation, on one tap port."""

    counter = 0

    def __init__(self, lab, switch, mac="de:00:00:00:00:de", firmware="efi", model="virtio-net-pci",
                 secure=False, support="4", vlan=None, disk=None, extra=(), memory=256,
                 boot=True, name=None, kernel=None, netdev=None, bits=64, rom=True):
        self.lab, self.mac_address = lab, mac
        Machine.counter += 1
        self.name = name or f"vm{Machine.counter}"
        self.tap = f"tap-{self.name}" if switch else None
        self.files = WORK / self.name
        self.files.mkdir(parents=True, exist_ok=True)
        if switch:
            run("ip", "tuntap", "add", self.tap, "mode", "tap")
            run("sysctl", "-qw", f"net.ipv6.conf.{self.tap}.disable_ipv6=1")
            run("ip", "link", "set", self.tap, "up")
            switch.add(self.tap, vlan=vlan)
        arguments = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-m", memory, "-nodefaults",
                     "-nographic", "-serial", f"file:{self.files}/console",
                     "-monitor", f"unix:{self.files}/monitor,server=on,wait=off",
                     "-netdev", netdev or f"tap,id=n0,ifname={self.tap},script=no,downscript=no"]
        device = f"{model},netdev=n0,mac={mac}"
        if boot:
            device += ",bootindex=1"
        if firmware == "efi":
            code, variables = (("OVMF_CODE_4M.ms.fd", "OVMF_VARS_4M.ms.fd") if secure
                               else ("OVMF_CODE_4M.fd", "OVMF_VARS_4M.fd"))
            shutil.copy(OVMF / variables, self.files / "vars.fd")
            arguments += ["-machine", "q35,smm=on", "-cpu", "max",
                          "-global", "driver=cfi.pflash01,property=secure,value=on",
                          "-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={OVMF / code}",
                          "-drive", f"if=pflash,format=raw,unit=1,file={self.files}/vars.fd",
                          "-device", "virtio-rng-pci",
                          "-fw_cfg", "name=opt/org.tianocore/IPv4PXESupport,string="
                          + ("y" if "4" in support else "n"),
                          "-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string="
                          + ("y" if "6" in support else "n")]
            # OVMF drives virtio-net itself; other models need the driver in QEMU's ROM.
            if model.startswith("virtio") or not rom:
                device += ",romfile="
        elif firmware == "uboot":
            arguments += ["-machine", "pc", "-bios",
                          f"{os.environ['UBOOT']}/{'qemu-x86' if bits == 32 else 'qemu-x86_64'}/u-boot.rom"]
            device += ",romfile="
        else:
            # With no graphics SeaBIOS gives its screen to the serial port, and what it starts inherits it.
            arguments += ["-machine", "pc", "-vga", "none"]
        arguments += ["-device", device]
        if disk:
            arguments += ["-drive", f"if=none,id=d0,format=raw,file={disk}",
                          "-device", "virtio-blk-pci,drive=d0,bootindex=2"]
        if kernel:
            arguments += kernel
        self.process = Process(self.name, arguments + list(extra), self.files / "qemu.log")
        lab.processes.append(self.process)
        self.monitor = self.files / "monitor"

    def console(self):
        path = self.files / "console"
        text = path.read_bytes().decode("utf-8", "replace") if path.exists() else ""
        return re.sub(r"\x1b\[[0-9;=?]*[A-Za-z]", "", text)

    def says(self, pattern, limit=200):
        """Waits for the console to say something. If it does not, the capture is kept, with a notice."""
        if self.process.ended():
            raise RuntimeError(f"{self.name} ended: {self.process.output()}")
        said = wait_until(lambda: re.search(pattern, self.console()), limit, required=False)
        if not said:
            print(f"{self.lab.case}: {self.name} did not say {pattern} in {limit} s", flush=True)
        return said

    def tell(self, command):
        import socket
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.monitor))
            connection.settimeout(5)
            connection.recv(4096)
            connection.sendall(command.encode() + b"\n")
            time.sleep(0.3)

    def stop(self):
        self.process.stop()
