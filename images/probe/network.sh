# The NICs, the pod network, and the report itself.

# await_nics: returns when every PCI network controller that a driver has taken has its interface.
# Loading a driver probes its devices before it returns, so this rarely waits at all.
await_nics() {
  local device class tries=0 missing=1
  while [ $missing = 1 ] && [ $tries -lt 100 ]; do
    missing=0
    for device in "$SYS/bus/pci/devices"/*; do
      read -r class <"$device/class" || continue
      case $class in 0x02*) ;; *) continue ;; esac
      [ -e "$device/driver" ] || continue
      set -- "$device"/net/* "$device"/virtio*/net/*
      [ -e "$1" ] || [ -e "$2" ] || missing=1
    done
    [ $missing = 0 ] || usleep 20000
    tries=$((tries + 1))
  done
}

# start_pod_network BOOTMAC PREFIX: asks for an address on each NIC but the one booted from; that
# one stays down, as after a network boot without an installer. /run/pod tells the outcome.
start_pod_network() {
  local nic name address
  pod_requests=0
  mkfifo /run/pod
  exec 3<>/run/pod
  for nic in "$SYS/class/net"/*; do
    name=${nic##*/}
    [ "$name" != lo ] && [ -e "$nic/device" ] || continue
    read -r address <"$nic/address"
    [ "$address" != "$1" ] || continue
    ip link set dev "$name" up
    (
      export POD_PREFIX="$2"
      if ! udhcpc -f -q -n -t 6 -T 1 -A 0 -i "$name" -s /lib/probe/lease.sh >/dev/null 2>&1; then
        ip link set dev "$name" down
        echo "$name none" >&3
      fi
    ) &
    pod_requests=$((pod_requests + 1))
  done
}

# await_pod_network: sets $pod to the JSON of the first NIC that got a lease; waits until one did,
# all gave up, or 3 s passed.
await_pod_network() {
  local name gateway reachable
  while [ "$pod_requests" -gt 0 ] && read -r -t 3 name gateway reachable <&3; do
    if [ "$gateway" != none ]; then
      json_text "$name"; pod="{\"interface\":$json"
      json_text_or_null "${gateway#-}"; pod="$pod,\"gateway\":$json,\"reachable\":$reachable}"
      return
    fi
    pod_requests=$((pod_requests - 1))
  done
}

# read_nics: sets $nics to the JSON list of the interfaces that have a device behind them.
read_nics() {
  local nic name item value part path address separator=
  local addresses
  addresses=$(ip -o addr show)
  nics='['
  for nic in "$SYS/class/net"/*; do
    [ -e "$nic/device" ] || continue
    name=${nic##*/}
    json_text "$name"; item="{\"name\":$json"
    read -r value <"$nic/address"
    json_text "$value"; item="$item,\"mac\":$json"
    read -r value <"$nic/flags"
    if [ $((value & 1)) = 1 ]; then value=up; else value=down; fi
    item="$item,\"state\":\"$value\""
    # A NIC that is down does not tell its carrier: null.
    value=
    { read -r value <"$nic/carrier"; } 2>/dev/null
    json_flag "$value"; item="$item,\"carrier\":$json"
    path=$(cd -P "$nic/device/driver" 2>/dev/null && echo "${PWD##*/}")
    json_text_or_null "$path"; item="$item,\"driver\":$json"
    path=
    part=$(cd -P "$nic/device" && echo "$PWD")
    while [ -n "$part" ]; do
      case ${part##*/} in
        *:*:*.*) path=${part##*/}; break ;;
      esac
      part=${part%/*}
    done
    json_text_or_null "$path"; path=$json
    item="$item,\"addresses\":["
    part=
    while read -r _ value _ address _; do
      if [ "$value" = "$name" ]; then
        item="$item$part\"$address\""
        part=,
      fi
    done <<END
$addresses
END
    nics="$nics$separator$item],\"pci\":$path}"
    separator=,
  done
  nics=$nics]
}

# report: prints the JSON.
report() {
  local line
  read_nics
  read_lockdown
  line='{"version":1'
  json_flag "$secure_boot"; line="$line,\"secureBoot\":$json"
  json_flag "$setup_mode"; line="$line,\"setupMode\":$json"
  json_text_or_null "$lockdown"; line="$line,\"lockdown\":$json"
  json_text_or_null "$boot_current"; line="$line,\"bootCurrent\":$json"
  line="$line,\"bootOrder\":$boot_order,\"bootEntries\":$boot_entries"
  json_text "$cmdline"; line="$line,\"cmdline\":$json"
  read -r value <"$PROC/sys/kernel/osrelease"
  json_text "$value"; line="$line,\"kernel\":$json"
  echo "$line,\"nics\":$nics,\"pod\":${pod:-null}}"
}
