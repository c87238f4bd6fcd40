#!/bin/sh
# What lies between the relay agent and the server.
set -eu
until ip link show dev downlink >/dev/null 2>&1; do sleep 0.1; done
ip address add 192.168.201.2/24 dev downlink
ip link set dev downlink up
ip route add 192.168.100.0/24 via 192.168.201.1
sysctl --quiet --write net.ipv4.ip_forward=1
exec sleep infinity
