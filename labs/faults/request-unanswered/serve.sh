#!/bin/sh
# A packet filter drops DHCP REQUESTs: option 53, which firmware puts first, is 3.
set -eu
nft -f - <<'END'
table inet filter {
  chain input {
    type filter hook input priority 0; policy accept;
    udp dport 67 @th,2000,8 3 drop
  }
}
END
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot="$PXELAB_BOOT_FILE" --enable-tftp --tftp-root="$PXELAB_ROOT"
