#!/bin/sh
# Over IPv4, PXE is told to go on; over IPv6 there is a router, and no DHCPv6.
set -eu
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --pxe-service=x86-64_EFI,"boot on from disk",0 --pxe-service=BC_EFI,"boot on from disk",0
