#!/bin/sh
# A trunk of the machine's bridge is plugged into an access port of the provider's, which takes tags for payload.
set -eu
node() { nsenter --net=/proc/1/ns/net "$@"; }
node ip link add trunk type veth peer name tunnel
node ip link set dev trunk up
node ip link set dev tunnel up
database=$PXELAB_DIRECTORY/../ovs/db.sock
if [ -S "$database" ]; then
  node ovs-vsctl --db="unix:$database" set Open_vSwitch . other_config:vlan-limit=2 \
    -- add-port br-pxe trunk trunks=100 -- add-port br-provider tunnel vlan_mode=dot1q-tunnel tag=200
else
  node ip link set dev br-provider type bridge vlan_protocol 802.1ad
  node ip link set dev trunk master br-pxe
  node bridge vlan add dev trunk vid 100
  node ip link set dev tunnel master br-provider
  node bridge vlan del dev tunnel vid 1
  node bridge vlan add dev tunnel vid 200 pvid untagged
fi
exec sleep infinity
