#!/bin/sh
# The lab's authority has signed for PXELAB_ADDRESS; the URL has the server's second address.
set -eu
other="${PXELAB_ADDRESS%.*}.2"
ip address add "$other/$PXELAB_PREFIX_LENGTH" dev "$PXELAB_INTERFACE"
openssl s_server -accept "$other:443" -www -cert "$PXELAB_CERTIFICATE" -key "$PXELAB_CERTIFICATE_KEY" &
# PXE clients are told to go on.
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --enable-ra --dhcp-range="::1000,::1fff,constructor:$PXELAB_INTERFACE,64,$PXELAB_LEASE_SECONDS" \
  --pxe-service=x86-64_EFI,none,0 --pxe-service=BC_EFI,none,0 \
  --dhcp-match=set:http,option:client-arch,16 --dhcp-option-force=tag:http,60,HTTPClient \
  --dhcp-boot=tag:http,"https://$other/snponly.efi"
