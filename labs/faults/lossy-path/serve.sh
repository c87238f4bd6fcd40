#!/bin/sh
# Of what is sent to the machine, every fourth packet of data is lost at its port of the node's bridge.
set -eu
nsenter --net=/proc/1/ns/net nft -f - <<'END'
table netdev loss {
  chain egress {
    type filter hook egress device "pxl-tfeb09125" priority 0; policy accept;
    udp length > 600 numgen inc mod 4 == 0 drop
  }
}
END
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot="$PXELAB_BOOT_FILE" --enable-tftp --tftp-root="$PXELAB_ROOT"
