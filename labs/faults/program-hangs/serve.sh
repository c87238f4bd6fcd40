#!/bin/sh
# An EFI program of one instruction, which jumps to itself; packed and in Base64, for it has 1024 bytes.
set -eu
root=$PXELAB_DIRECTORY/root
rm -rf "$root"
mkdir "$root"
base64 --decode <<'END' | gzip --decompress >"$root/shimx64.efi"
H4sIAAAAAAACA/ONYiAbOABxgCsDQ0obI4r4AgYlBm4mIIMJSVAAipH5TFgMVUCIcxHpDjYy3K5XklpR
wgC1C+YWJgynJDAMc/D6H8MoGMEAALwwY64ABAAA
END
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-boot="$PXELAB_BOOT_FILE" --enable-tftp --tftp-root="$root"
