#!/bin/sh
# Each address is reserved for another machine once it is offered, as by an IPAM that knows better.
set -eu
reserved=$PXELAB_DIRECTORY/reserved
rm -rf "$reserved"
mkdir "$reserved"
dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --no-ping \
  --user=root --dhcp-leasefile="$PXELAB_DIRECTORY/leases" \
  --interface="$PXELAB_INTERFACE" --bind-interfaces \
  --dhcp-range="$PXELAB_RANGE_START,$PXELAB_RANGE_END,$PXELAB_NETMASK,$PXELAB_LEASE_SECONDS" \
  --dhcp-hostsdir="$reserved" --dhcp-boot="$PXELAB_BOOT_FILE" \
  --enable-tftp --tftp-root="$PXELAB_ROOT" 2>&1 |
  while read -r process transaction message address rest; do
    echo "$process $transaction $message $address $rest"
    case $message in
      DHCPOFFER*) echo "02:00:00:00:00:${address##*.},$address" >"$reserved/$address" ;;
    esac
  done
