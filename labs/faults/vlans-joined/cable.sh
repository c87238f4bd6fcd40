#!/bin/sh
# A cable between a port of VLAN 100, which is here, and one of VLAN 200, which is in far-end.
set -eu
until ip netns exec far-end true 2>/dev/null; do sleep 0.1; done
ip link add cable type veth peer name cable netns far-end
for end in "" "ip netns exec far-end"; do
  $end ip address flush dev eth0
  $end ip link add hub type bridge
  $end ip link set dev eth0 master hub
  $end ip link set dev cable master hub
  $end ip link set dev cable up
  $end ip link set dev hub up
done
exec sleep infinity
