#!/bin/sh
# The TFTP root lacks grubx64.efi, which shim wants beside itself.
set -eu
root=$PXELAB_DIRECTORY/root
rm -rf "$root"
mkdir "$root"
cp -R "$PXELAB_ROOT/." "$root"
rm "$root/grubx64.efi"
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot="$PXELAB_BOOT_FILE" --enable-tftp --tftp-root="$root"
