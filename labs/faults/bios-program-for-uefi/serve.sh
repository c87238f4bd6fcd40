#!/bin/sh
# The boot file is a BIOS boot sector, no PE image; made here, for any will do.
set -eu
root=$PXELAB_DIRECTORY/root
rm -rf "$root"
mkdir "$root"
cp -R "$PXELAB_ROOT/." "$root"
printf '\351\000\000' >"$root/pxelinux.0"
head -c 40000 /dev/urandom >>"$root/pxelinux.0"
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot=pxelinux.0 --enable-tftp --tftp-root="$root"
