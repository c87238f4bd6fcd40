#!/bin/sh
# A relay agent with a leg in each VLAN, whose packet filter drops what servers answer.
set -eu
until ip netns exec far-end true 2>/dev/null; do sleep 0.1; done
ip link add uplink type veth peer name downlink netns far-end
ip address add 192.168.201.1/24 dev uplink
ip link set dev uplink up
ip route add 192.168.200.0/24 via 192.168.201.2
nft -f - <<'END'
table inet filter {
  chain input {
    type filter hook input priority 0; policy accept;
    ip saddr 192.168.200.1 udp dport 67 drop
  }
}
END
exec dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --conf-file=/dev/null --port=0 --user=root \
  --dhcp-relay=192.168.100.2,192.168.200.1
