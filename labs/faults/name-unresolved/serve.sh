#!/bin/sh
# A DNS server that knows no name.
set -eu
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --no-hosts --no-resolv --local=/example/ --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --pxe-service=x86-64_EFI,"boot on from disk",0 --pxe-service=BC_EFI,"boot on from disk",0 \
  --enable-ra --ra-param="$PXELAB_INTERFACE,10" --dhcp-range=fd00:100::1000,fd00:100::1fff,64,3600 \
  --dhcp-match=set:http,option:client-arch,16 --dhcp-option-force=tag:http,60,HTTPClient \
  --dhcp-boot=tag:http,http://boot.example/snponly.efi
