"""All cases, by name. The truth of each is written down here, before any tool has seen its packets."""

import broken_dhcp  # noqa: F401
import broken_http  # noqa: F401
import broken_leases  # noqa: F401
import broken_loads  # noqa: F401
import broken_program  # noqa: F401
import broken_tftp  # noqa: F401
import healthy_bios  # noqa: F401
import healthy_leases  # noqa: F401
import healthy_loads  # noqa: F401
import healthy_programs  # noqa: F401
import healthy_systems  # noqa: F401
import healthy_uefi  # noqa: F401
from case import ALL

__all__ = ["ALL"]
