#!/bin/sh
# A GRUB that was made with the network's modules alone (packages grub-common, grub-efi-amd64-bin).
set -eu
root=$PXELAB_DIRECTORY/root
rm -rf "$root"
mkdir "$root"
grub-mkimage --format=x86_64-efi --prefix=/grub --output="$root/grubx64.efi" efinet tftp
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot=grubx64.efi --enable-tftp --tftp-root="$root"
