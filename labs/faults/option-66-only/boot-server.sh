#!/bin/sh
# TFTP alone.
set -eu
exec dnsmasq --keep-in-foreground --log-facility=- --conf-file=/dev/null --port=0 --user=root \
  --interface="$PXELAB_INTERFACE" --bind-interfaces --enable-tftp --tftp-root="$PXELAB_ROOT"
