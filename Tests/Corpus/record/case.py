"""The table of cases, and what most of them share."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from process import WORK, run

ALL = {}

SERVER = "192.168.77.1"
NETWORK = "192.168.77.0/24"
SHIM = Path("/usr/lib/shim/shimx64.efi.signed")
SIGNED_GRUB = Path("/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed")
IPXE = Path("/usr/lib/ipxe")
PXELINUX = Path("/usr/lib/PXELINUX/pxelinux.0")
SYSLINUX = Path("/usr/lib/syslinux/modules/bios")


@dataclass
class Case:
    name: str
    function: object
    about: dict


def case(cause="healthy", **about):
    """Declares a case. `cause` is the truth: `healthy`, or a word of causes.json."""
    def declare(function):
        name = function.__name__.replace("_", "-")
        title = (function.__doc__ or name).strip().replace("\n    ", " ")
        ALL[name] = Case(name, function, {"cause": cause, "title": title, **about})
        return function
    return declare


def served(*files, **named):
    """A folder to serve: paths as they are, `name=path or text` under another name (`_` for `/`)."""
    root = WORK / "tftp"
    root.mkdir(parents=True, exist_ok=True)
    for path in files:
        shutil.copyfile(path, root / Path(path).name)
    for name, content in named.items():
        put(root, name, content)
    return root


def put(root, name, content):
    target = root / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copyfile(content, target)
    else:
        target.write_text(content)
    target.chmod(0o644)
    return target


def small_grub(prefix="(tftp)/grub", platform="x86_64-efi", more=(), config=None):
    """GRUB's network image with few modules: an NBP of some 200 kB."""
    target = WORK / ("grub.efi" if platform.endswith("efi") else "grub.pxe")
    modules = ["net", "tftp", "normal", "echo", "sleep", "configfile", "linux", "test", "reboot",
               "halt", *more]
    modules += ["efinet"] if platform.endswith("efi") else ["pxe", "serial", "terminal"]
    arguments = ["-O", platform, "-o", target, "-p", prefix]
    if config is not None:
        (WORK / "embedded.cfg").write_text(config)
        arguments += ["-c", WORK / "embedded.cfg"]
    run("grub-mkimage", *arguments, *modules)
    return target


def quiet_nbp(name="quiet.efi"):
    """A program of some 100 kB that starts, says so, and never uses the network."""
    target = WORK / name
    (WORK / "quiet.cfg").write_text("echo the program is here\nsleep 3\nhalt\n")
    run("grub-mkimage", "-O", "x86_64-efi", "-o", target, "-p", "/", "-c", WORK / "quiet.cfg",
        "echo", "sleep", "halt")
    return target


# What `pxelab up` fetches: a distribution's signed kernel, and the probe initramfs.
IMAGE = Path(os.environ.get("PXELAB_IMAGE", Path.home()
                            / ".cache/pxelab/images/debian-secureboot/current/root"))
MENU = "echo the menu is here\nsleep 1\nhalt\n"
