#!/bin/sh
# A server that gives its boot file to architecture 9 (EBC) only, as old examples do.
set -eu
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-match=set:efi,option:client-arch,9 --dhcp-boot=tag:efi,"$PXELAB_BOOT_FILE" \
  --enable-tftp --tftp-root="$PXELAB_ROOT"
