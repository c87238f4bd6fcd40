"""What hosts and machines are plugged into."""

import os
import subprocess

from process import WORK, Process, run, wait_until


def packet_filter(family, hook, rule):
    return f"table {family} f {{ chain c {{ type filter hook {hook} priority 0; {rule}; }}; }}"


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
