#!/bin/sh
# A DHCP server whose only address is leased to another machine.
set -eu
printf "%s 02:00:00:00:00:01 %s other *\n" "$(($(date +%s) + 3600))" "$PXELAB_RANGE_START" \
  >"$PXELAB_DIRECTORY/leases"
PXELAB_RANGE_END=$PXELAB_RANGE_START
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot="$PXELAB_BOOT_FILE" --enable-tftp --tftp-root="$PXELAB_ROOT"
