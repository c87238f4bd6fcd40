#!/bin/sh
# An installer that, once started, restarts the machine: GRUB stands for it.
set -eu
root=$PXELAB_DIRECTORY/root
rm -rf "$root"
mkdir "$root"
cp -R "$PXELAB_ROOT/." "$root"
sed -i 's|^boot|reboot|' "$root/grub/grub.cfg"
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot="$PXELAB_BOOT_FILE" --enable-tftp --tftp-root="$root"
