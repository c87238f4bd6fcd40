#!/bin/sh
# iPXE is told to go on with another MAC address.
set -eu
root=$PXELAB_DIRECTORY/root
rm -rf "$root"
mkdir "$root"
cp -R "$PXELAB_ROOT/." "$root"
cat >"$root/boot.ipxe" <<'END'
#!ipxe
set net0/mac 02:00:00:00:00:99
ifclose net0
ifopen net0
dhcp net0
END
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot=boot.ipxe --enable-tftp --tftp-root="$root"
