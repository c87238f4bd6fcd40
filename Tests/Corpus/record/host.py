"""A network namespace with the servers and clients that run in it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from process import TOOLS, WORK, Process, run, wait_until
from switch import packet_filter


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
        self.switch = switch
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

    def nginx_tls(self, root, certificate, key, protocols="TLSv1.2 TLSv1.3"):
        conf = self.write("nginx-tls.conf", f"""
            daemon off; pid {self.files}/nginx-tls.pid; error_log stderr info; user root;
            events {{}}
            http {{ access_log {self.files}/access-tls.log; types {{ application/efi efi; }}
              client_body_temp_path {self.files}/a; proxy_temp_path {self.files}/b;
              fastcgi_temp_path {self.files}/c; uwsgi_temp_path {self.files}/d;
              scgi_temp_path {self.files}/e;
              server {{ listen 443 ssl; ssl_certificate {certificate}; ssl_certificate_key {key};
                ssl_protocols {protocols}; root {root}; }} }}""")
        process = self.start("nginx", "-p", self.files, "-c", conf, name="nginx-tls")
        self.listening(443, "tcp")
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

    def https(self, root, *options):
        """openssl's web server, with a certificate that nobody signed."""
        self.execute("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650",
                     "-subj", "/CN=boot.example.net", "-keyout", self.files / "key.pem", "-out",
                     self.files / "certificate.pem", stderr=subprocess.DEVNULL)
        process = Process("https", ["ip", "netns", "exec", self.name, "openssl", "s_server",
                                    "-accept", "443", "-WWW", "-key", self.files / "key.pem",
                                    "-cert", self.files / "certificate.pem", *options],
                          self.files / "https.log", cwd=root)
        self.lab.processes.append(process)
        self.listening(443, "tcp")
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
