#!/bin/busybox sh
# What udhcpc calls with deconfig, bound, renew or nak. An address outside of the pod network means
# that this NIC is not the pod's: it stays without an address.
case $1 in
  bound | renew) ;;
  *) exit 0 ;;
esac
case $ip in
  "$POD_PREFIX"*) ;;
  *)
    ip link set dev "$interface" down
    echo "$interface none" >/run/pod
    exit 0
    ;;
esac
ip addr replace "$ip/${mask:-24}" dev "$interface"
gateway=${router%% *}
reachable=false
if [ -n "$gateway" ]; then
  ip route replace default via "$gateway" dev "$interface"
  arping -q -f -c 1 -w 1 -I "$interface" "$gateway" && reachable=true
fi
echo "$interface ${gateway:--} $reachable" >/run/pod
