#!/bin/sh
# The server, on the provider's bridge.
set -eu
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot="$PXELAB_BOOT_FILE" --enable-tftp --tftp-root="$PXELAB_ROOT"
