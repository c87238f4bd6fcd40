#!/bin/sh
# HTTPS with a certificate that signs itself; the firmware, which trusts nobody, does not even ask for it.
set -eu
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$PXELAB_ADDRESS" \
  -addext "subjectAltName=IP:$PXELAB_ADDRESS" \
  -keyout "$PXELAB_DIRECTORY/own.key" -out "$PXELAB_DIRECTORY/own.crt"
openssl s_server -accept "$PXELAB_ADDRESS:443" -www \
  -cert "$PXELAB_DIRECTORY/own.crt" -key "$PXELAB_DIRECTORY/own.key" &
# PXE clients are told to go on.
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --enable-ra --dhcp-range="::1000,::1fff,constructor:$PXELAB_INTERFACE,64,$PXELAB_LEASE_SECONDS" \
  --pxe-service=x86-64_EFI,none,0 --pxe-service=BC_EFI,none,0 \
  --dhcp-match=set:http,option:client-arch,16 --dhcp-option-force=tag:http,60,HTTPClient \
  --dhcp-boot=tag:http,"https://$PXELAB_ADDRESS/snponly.efi"
