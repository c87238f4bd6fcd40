#!/bin/sh
# A proxyDHCP server (PXE 2.1) whose packet filter lets nobody in at port 4011.
set -eu
nft -f - <<'END'
table inet filter {
  chain input {
    type filter hook input priority 0; policy accept;
    udp dport 4011 drop
  }
}
END
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --user=root \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_NETWORK,proxy" --pxe-service=X86-64_EFI,boot,"$PXELAB_BOOT_FILE" \
  --pxe-service=BC_EFI,boot,"$PXELAB_BOOT_FILE" --enable-tftp --tftp-root="$PXELAB_ROOT"
