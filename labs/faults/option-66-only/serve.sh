#!/bin/sh
# DHCP with options 66 and 67, and no next server; the files are on boot-server.
set -eu
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-option-force=66,192.168.100.2 --dhcp-option-force=67,"$PXELAB_BOOT_FILE"
