#!/bin/sh
# A DHCP server that somebody forgot: it names a boot file of old, and serves none.
set -eu
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-authoritative --dhcp-boot=pxelinux.0
