"""Namespaces, cables, servers and clients of a recording.

Everything lives in a network, mount and PID namespace of its own: `record` starts this file's users
under unshare, so nothing reaches the machine's network and all processes end with the case.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from thin import thin

TOOLS = Path(__file__).resolve().parent
WORK = Path("/run/work")
OVMF = Path("/usr/share/OVMF")


def run(*arguments, check=True, **options):
    return subprocess.run([str(a) for a in arguments], check=check, **options)


def packet_filter(family, hook, rule):
    return f"table {family} f {{ chain c {{ type filter hook {hook} priority 0; {rule}; }}; }}"


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


def wait_until(condition, limit, what="condition", required=True):
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    if required:
        raise TimeoutError(f"not within {limit} s: {what}")
    return False


class Host:
    """A network namespace with one interface `eth0` whose other end is a port of a switch."""

    def __init__(self, lab, name, switch=None, address=None, mac=None, mtu=1500, vlan=None,
                 offload=False, port="eth0"):
        self.lab, self.name = lab, name
        self.files = WORK / name
        self.files.mkdir(parents=True, exist_ok=True)
        run("ip", "netns", "add", name)
        self.ip("link", "set", "lo", "up")
        self.ports = []
        if switch:
            self.plug(switch, port, address, mac, mtu, vlan, offload)

    def plug(self, switch, port="eth0", address=None, mac=None, mtu=1500, vlan=None, offload=False,
             **more):
        outer = f"{self.name}-{len(self.ports)}"
        run("ip", "link", "add", outer, "type", "veth", "peer", "name", port, "netns", self.name,
            *(["address", mac] if mac else []))
        self.ports.append(outer)
        if not offload:
            run("ethtool", "-K", outer, "tx", "off", "tso", "off", "gso", "off", "gro", "off",
                stdout=subprocess.DEVNULL)
            self.execute("ethtool", "-K", port, "tx", "off", "tso", "off", "gso", "off", "gro",
                         "off", stdout=subprocess.DEVNULL)
        if address:  # servers want their link-local address at once
            self.execute("sysctl", "-qw", f"net.ipv6.conf.{port}.accept_dad=0")
        self.ip("link", "set", port, "mtu", mtu, "up")
        run("ip", "link", "set", outer, "mtu", mtu, "up")
        for each in [address] if isinstance(address, str) else (address or []):
            self.ip("address", "add", each, "dev", port, *(["nodad"] if ":" in each else []))
        switch.add(outer, vlan=vlan, **more)
        return self

    @property
    def port(self):
        return self.ports[0]

    def ip(self, *arguments):
        run("ip", "-n", self.name, *arguments)

    def mac(self, port="eth0"):
        out = run("ip", "-n", self.name, "-j", "link", "show", port, capture_output=True).stdout
        return json.loads(out)[0]["address"]

    def execute(self, *arguments, **options):
        return run("ip", "netns", "exec", self.name, *arguments, **options)

    def start(self, *arguments, name=None, environment=None):
        name = name or Path(str(arguments[0])).name
        process = Process(name, ["ip", "netns", "exec", self.name, *arguments],
                          self.files / f"{name}.log", environment, cwd=self.files)
        self.lab.processes.append(process)
        return process

    def nft(self, hook, rule):
        """A rule of a packet filter in this host."""
        self.execute("nft", packet_filter("inet", hook, rule))

    def write(self, name, text):
        path = self.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text)
        path.chmod(0o644)
        return path

    # Servers

    def dnsmasq(self, *options, tftp=None, name="dnsmasq"):
        arguments = ["dnsmasq", "--keep-in-foreground", "--log-facility=-", "--log-dhcp",
                     "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--user=root",
                     "--port=0", f"--dhcp-leasefile={self.files}/{name}.leases", "--no-ping"]
        if tftp:
            arguments += ["--enable-tftp", f"--tftp-root={tftp}"]
        return self.start(*arguments, *options, name=name).wait_for("started")

    def dhcpd(self, configuration, six=False, interfaces=("eth0",), name="dhcpd"):
        conf = self.write(f"{name}.conf", configuration)
        leases = self.write(f"{name}.leases", "")
        return self.start("dhcpd", "-f", "-d", "-6" if six else "-4", "-cf", conf, "-lf", leases,
                          "--no-pid", *interfaces, name=name).wait_for("Sending on|Listening on")

    def kea(self, configuration, six=False):
        daemon = "kea-dhcp6" if six else "kea-dhcp4"
        section = "Dhcp6" if six else "Dhcp4"
        defaults = {
            "interfaces-config": {"interfaces": ["eth0"]},
            "lease-database": {"type": "memfile", "persist": False},
            "loggers": [{"name": daemon, "output_options": [{"output": "stdout"}],
                         "severity": "INFO"}],
        }
        conf = self.write(f"{daemon}.json", json.dumps({section: {**defaults, **configuration}}))
        os.makedirs("/run/kea", exist_ok=True)
        return self.start(daemon, "-c", conf, name=daemon, environment={
            "KEA_PIDFILE_DIR": str(self.files), "KEA_LOCKFILE_DIR": str(self.files)}
        ).wait_for("_STARTED")

    def udhcpd(self, configuration):
        conf = self.write("udhcpd.conf", configuration + f"\ninterface eth0\nlease_file {self.files}/udhcpd.leases\n")
        self.write("udhcpd.leases", b"")
        return self.start("busybox", "udhcpd", "-f", conf, name="udhcpd").wait_for("started")

    def tftpd_hpa(self, root, *options, address="0.0.0.0"):
        process = self.start("in.tftpd", "--foreground", "--verbose", "--address",
                             f"{address}:69", "--secure", *options, root, name="tftpd-hpa")
        self.listening(69)
        return process

    def atftpd(self, root, *options):
        process = self.start(self.lab.atftpd, "--daemon", "--no-fork", "--logfile", "-", "--user",
                             "root", *options, root, name="atftpd")
        self.listening(69)
        return process

    def odd_tftpd(self, root, *faults):
        process = self.start(sys.executable, TOOLS / "odd_tftpd.py", root, *faults,
                             name="odd-tftpd")
        self.listening(69)
        return process

    def nginx(self, root, address="80"):
        conf = self.write("nginx.conf", f"""
            daemon off; pid {self.files}/nginx.pid; error_log stderr; user root;
            events {{}}
            http {{ access_log {self.files}/access.log; types {{ application/efi efi; }}
              client_body_temp_path {self.files}/a; proxy_temp_path {self.files}/b;
              fastcgi_temp_path {self.files}/c; uwsgi_temp_path {self.files}/d;
              scgi_temp_path {self.files}/e;
              server {{ listen {address}; root {root}; }} }}""")
        process = self.start("nginx", "-p", self.files, "-c", conf)
        self.listening(80, "tcp")
        return process

    def lighttpd(self, root, six=False):
        conf = self.write("lighttpd.conf", f"""
            server.document-root = "{root}"
            server.port = 80
            server.use-ipv6 = "{'enable' if six else 'disable'}"
            mimetype.assign = ( ".efi" => "application/efi" )
            """)
        process = self.start("lighttpd", "-D", "-f", conf)
        self.listening(80, "tcp")
        return process

    def python_http(self, root, port=80):
        process = self.start(sys.executable, "-m", "http.server", str(port), "-d", root,
                             name="python-http")
        self.listening(port, "tcp")
        return process

    def odd_httpd(self, root, *faults):
        process = self.start(sys.executable, TOOLS / "odd_httpd.py", root, *faults, name="odd-httpd")
        self.listening(80, "tcp")
        return process

    def radvd(self, configuration):
        conf = self.write("radvd.conf", configuration)
        self.execute("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1")
        return self.start("radvd", "--nodaemon", "--logmethod", "stderr", "--config", conf,
                          "--pidfile", self.files / "radvd.pid", "--username", "root"
                          ).wait_for("started")

    def listening(self, port, kind="udp"):
        flag = "-Hlun" if kind == "udp" else "-Hltn"
        wait_until(lambda: self.execute("ss", flag, f"sport = :{port}", capture_output=True
                                        ).stdout.strip(), 20, f"{self.name}: port {port}")


class Bridge:
    """A Linux bridge without VLANs."""

    def __init__(self, name="br0", stp=False, delay=0):
        self.name = name
        run("ip", "link", "add", name, "type", "bridge", "stp_state", int(stp), "forward_delay",
            delay * 100, "mcast_snooping", 0)
        run("sysctl", "-qw", f"net.ipv6.conf.{name}.disable_ipv6=1")
        run("ip", "link", "set", name, "up")

    def nft(self, rule):
        """A rule for the frames that the bridge forwards."""
        run("nft", packet_filter("bridge", "forward", rule))

    def add(self, port, vlan=None, **_):
        run("sysctl", "-qw", f"net.ipv6.conf.{port}.disable_ipv6=1", check=False)
        run("ip", "link", "set", port, "master", self.name)


class VLANSwitch:
    """An Open vSwitch bridge on the userspace datapath: access ports, trunks, 802.1ad tunnels."""

    started = False

    def __init__(self, lab, name="sw0"):
        self.name = name
        folder = WORK / "ovs"
        self.environment = {**os.environ, **{f"OVS_{key}DIR": str(folder) for key in
                                             ("RUN", "LOG", "DB", "SYSCONF")}}
        if not VLANSwitch.started:
            VLANSwitch.started = True
            self.start(lab, folder)
        self.vsctl("add-br", name, "--", "set", "bridge", name, "datapath_type=netdev")

    def start(self, lab, folder):
        folder.mkdir(parents=True, exist_ok=True)
        run("ovsdb-tool", "create", folder / "conf.db", env=self.environment)
        socket = f"unix:{folder}/db.sock"
        lab.processes.append(Process("ovsdb-server", [
            "ovsdb-server", f"--remote=p{socket}", folder / "conf.db"], folder / "db.log",
            self.environment))
        wait_until((folder / "db.sock").exists, 20, "ovsdb-server")
        self.vsctl("--no-wait", "init")
        self.vsctl("--no-wait", "set", "Open_vSwitch", ".", "other_config:vlan-limit=2")
        lab.processes.append(Process("ovs-vswitchd", ["ovs-vswitchd", socket], folder / "sw.log",
                                     self.environment))

    def link(self, other, name, here, there):
        """A cable to another switch: how each takes it is a dictionary for add."""
        run("ip", "link", "add", f"{name}a", "type", "veth", "peer", "name", f"{name}b")
        for switch, end, how in ((self, f"{name}a", here), (other, f"{name}b", there)):
            run("ethtool", "-K", end, "tx", "off", stdout=subprocess.DEVNULL)
            run("sysctl", "-qw", f"net.ipv6.conf.{end}.disable_ipv6=1")
            run("ip", "link", "set", end, "up")
            switch.add(end, **how)

    def vsctl(self, *arguments):
        run("ovs-vsctl", f"--db=unix:{WORK}/ovs/db.sock", *arguments, env=self.environment)

    def add(self, port, vlan=None, trunk=None, tunnel=None, mode=None, **_):
        settings = []
        if vlan:
            settings += [f"tag={vlan}"]
        if trunk:
            settings += [f"trunks={','.join(map(str, trunk))}"]
        if tunnel:
            settings += [f"tag={tunnel}", "vlan_mode=dot1q-tunnel"]
        if mode:
            settings += [f"vlan_mode={mode}"]
        self.vsctl("add-port", self.name, port, *settings)

    def mirror(self, port="mirror0"):
        """A port that shows every frame of the switch with its tag."""
        self.vsctl("add-port", self.name, port, "--", "set", "interface", port, "type=internal",
                   "--", "--id=@p", "get", "port", port,
                   "--", "--id=@m", "create", "mirror", "name=all", "select-all=true",
                   "output-port=@p", "--", "set", "bridge", self.name, "mirrors=@m")
        run("ip", "link", "set", port, "up")
        return port


class Machine:
    """A virtual machine under QEMU's own processor emulation, on one tap port."""

    counter = 0

    def __init__(self, lab, switch, mac="de:00:00:00:00:de", firmware="efi", model="virtio-net-pci",
                 secure=False, support="4", vlan=None, disk=None, extra=(), memory=256,
                 boot=True, name=None, kernel=None, netdev=None, bits=64):
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
            if model.startswith("virtio"):
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
