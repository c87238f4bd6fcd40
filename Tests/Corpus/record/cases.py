"""All cases, by name. The truth of each is written down here, before any tool has seen its packets."""

from case import ALL

import healthy_firmware  # noqa: F401
import healthy_systems  # noqa: F401
import broken_dhcp  # noqa: F401
import broken_transfer  # noqa: F401
import broken_program  # noqa: F401

__all__ = ["ALL"]
