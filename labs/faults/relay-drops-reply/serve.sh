#!/bin/sh
# A server with a range for the relay agent's network.
set -eu
ip route add 192.168.100.0/24 via 192.168.200.2
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range=192.168.100.50,192.168.100.99,255.255.255.0,3600 \
  --dhcp-boot="$PXELAB_BOOT_FILE" --enable-tftp --tftp-root="$PXELAB_ROOT"
