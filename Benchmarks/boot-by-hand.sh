#!/bin/bash
# The boot that `pxelab up --once labs/secureboot` does, by hand: what pxelab's time is held
# against. Same payload, same firmware, same dataplane, raw commands; dnsmasq as its manual page
# has it. Everything runs in private network, mount and PID namespaces, which take it all away
# with them. Needs root.
set -euo pipefail

usage() {
  cat <<'END'
usage: boot-by-hand.sh [options] TFTPROOT
  TFTPROOT           folder with shimx64.efi, grubx64.efi, grub/grub.cfg, kernel, initramfs
  --engine ENGINE    linux-bridge or openvswitch; default: linux-bridge where the kernel filters
                     VLANs, else openvswitch
  --accel ACCEL      QEMU's accelerator, as in tcg,tb-size=256 (default tcg)
  --cpu MODEL        QEMU's CPU model (default max)
  --memory MIB       the machine's memory (default 1024)
  --capture FILE     also write the tagged frames of the server's port to FILE
  --serial FILE      keep the serial console's output
  --events FILE      keep the lines of the console and of dnsmasq, with their times
  --dnsmasq OPTION   one more dnsmasq option, without the dashes (repeatable)
  --qemu ARGUMENT    one more QEMU argument (repeatable)
  --timeout SECONDS  give up after this time (default 120)
END
}

engine='' accel=tcg cpu=max memory=1024 capture='' serial='' events='' timeout=120 root=''
dnsmasq_options=() qemu_arguments=()
original=("$@")
while [ $# -gt 0 ]; do
  case $1 in
    --engine) engine=$2; shift 2 ;;
    --accel) accel=$2; shift 2 ;;
    --cpu) cpu=$2; shift 2 ;;
    --memory) memory=$2; shift 2 ;;
    --capture) capture=$2; shift 2 ;;
    --serial) serial=$2; shift 2 ;;
    --events) events=$2; shift 2 ;;
    --dnsmasq) dnsmasq_options+=("--$2"); shift 2 ;;
    --qemu) qemu_arguments+=("$2"); shift 2 ;;
    --timeout) timeout=$2; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; exit 2 ;;
    *) root=$1; shift ;;
  esac
done
if [ -z "$root" ]; then
  usage >&2
  exit 2
fi
for file in shimx64.efi grubx64.efi grub/grub.cfg kernel initramfs; do
  if [ ! -r "$root/$file" ]; then
    echo "boot-by-hand: $root/$file is missing" >&2
    exit 2
  fi
done

if [ -z "${BY_HAND_SANDBOX-}" ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "boot-by-hand: needs root" >&2
    exit 2
  fi
  BY_HAND_STARTED=$EPOCHREALTIME
  BY_HAND_SANDBOX=$(mktemp -d)
  export BY_HAND_STARTED BY_HAND_SANDBOX
  trap 'rm -rf "$BY_HAND_SANDBOX"' EXIT
  unshare --net --mount --pid --fork --kill-child --mount-proc "$0" "${original[@]}"
  exit
fi

work=$BY_HAND_SANDBOX
console=${serial:-$work/serial}
events=${events:-$work/events}
: >"$console"
: >"$events"

# Writes each line that comes in to the events, with its time and the given word.
stamp() {
  local line
  while IFS= read -r line; do
    printf '%s %s %s\n' "$EPOCHREALTIME" "$1" "$line"
  done >>"$events"
}
mark() { printf '%s mark %s\n' "$EPOCHREALTIME" "$1" >>"$events"; }

# The network: a namespace for the server, a tap for the machine, access ports of VLAN 100.
mount -t tmpfs tmpfs /run
ip link set lo up
ip netns add server
ip link add server type veth peer name eth0 netns server
ip netns exec server ip link set lo up
ip netns exec server ip address add 192.168.100.1/24 dev eth0
ip netns exec server ip link set eth0 up
ip tuntap add dev machine mode tap
if [ -z "$engine" ]; then
  ip link add br0 type bridge
  if [ -e /sys/class/net/br0/bridge/vlan_filtering ]; then
    engine=linux-bridge
  else
    engine=openvswitch
  fi
  ip link delete br0
fi
case $engine in
  linux-bridge)
    ip link add br0 type bridge vlan_filtering 1
    for port in server machine; do
      ip link set "$port" master br0
      bridge vlan delete dev "$port" vid 1
      bridge vlan add dev "$port" vid 100 pvid untagged
    done
    ip link set br0 up
    tagged=br0
    ;;
  openvswitch)
    ip netns exec server ethtool -K eth0 tx off >/dev/null
    export OVS_RUNDIR=$work OVS_LOGDIR=$work OVS_DBDIR=$work OVS_SYSCONFDIR=$work
    ovsdb-tool create "$work/conf.db" /usr/share/openvswitch/vswitch.ovsschema
    ovsdb-server "$work/conf.db" "--remote=punix:$work/db.sock" --no-chdir --detach --pidfile \
      --log-file=/dev/null 2>/dev/null
    ovs-vsctl "--db=unix:$work/db.sock" --no-wait init
    ovs-vswitchd "unix:$work/db.sock" --no-chdir --detach --pidfile --log-file=/dev/null \
      2>/dev/null
    mirror=()
    if [ -n "$capture" ]; then
      mirror=(-- add-port br0 mirror0 -- set interface mirror0 type=internal
        -- --id=@port get port mirror0
        -- --id=@mirror create mirror name=all select-all=true output-port=@port
        -- set bridge br0 mirrors=@mirror)
    fi
    ovs-vsctl "--db=unix:$work/db.sock" add-br br0 -- set bridge br0 datapath_type=netdev \
      -- add-port br0 server tag=100 -- add-port br0 machine tag=100 "${mirror[@]}" >/dev/null
    tagged=mirror0
    ;;
  *)
    echo "boot-by-hand: no such engine: $engine" >&2
    exit 2
    ;;
esac
ip link set server up
ip link set machine up

capturing=''
if [ -n "$capture" ]; then
  ip link set "$tagged" up promisc on
  tcpdump -q -n -U -i "$tagged" -w "$capture" 2>"$work/tcpdump" &
  capturing=$!
  until grep -q 'listening on' "$work/tcpdump"; do
    kill -0 "$capturing"
    sleep 0.05
  done
fi

# The server.
ip netns exec server dnsmasq --keep-in-foreground --log-facility=- --log-dhcp --port=0 \
  --interface=eth0 --bind-interfaces --user=root --leasefile-ro --pid-file= \
  --dhcp-range=192.168.100.50,192.168.100.150,1h \
  --dhcp-match=set:efi64,option:client-arch,7 --dhcp-boot=tag:efi64,shimx64.efi \
  --enable-tftp --tftp-root="$(realpath "$root")" "${dnsmasq_options[@]}" \
  2> >(stamp server) >/dev/null &
mark network

# The machine, as libvirt would run it.
vars=$work/vars.fd
cp /usr/share/OVMF/OVMF_VARS_4M.ms.fd "$vars"
truncate -s 1G "$work/disk.img"
qemu-system-x86_64 -name vmi-pxe-boot -nodefaults -no-user-config -no-reboot \
  -accel "$accel" -machine q35,smm=on,vmport=off,pflash0=code,pflash1=vars -cpu "$cpu" \
  -global driver=cfi.pflash01,property=secure,value=on -global ICH9-LPC.disable_s3=1 \
  -m "$memory" -smp 1 \
  -blockdev node-name=code,driver=file,read-only=on,filename=/usr/share/OVMF/OVMF_CODE_4M.ms.fd \
  -blockdev node-name=vars,driver=file,filename="$vars" \
  -device pcie-root-port,id=port1,chassis=1 -device pcie-root-port,id=port2,chassis=2 \
  -device pcie-root-port,id=port3,chassis=3 -device pcie-root-port,id=port4,chassis=4 \
  -netdev user,id=pod,net=10.0.2.0/24 \
  -device virtio-net-pci-non-transitional,netdev=pod,mac=02:00:00:00:00:01,bus=port1,romfile= \
  -netdev tap,id=pxe,ifname=machine,script=no,downscript=no \
  -device virtio-net-pci-non-transitional,netdev=pxe,mac=de:00:00:00:00:de,bus=port2,bootindex=1,romfile= \
  -blockdev node-name=disk,driver=file,filename="$work/disk.img" \
  -device virtio-blk-pci,drive=disk,bus=port3,bootindex=2 \
  -device virtio-balloon-pci-non-transitional,bus=port4 \
  -device bochs-display -vnc "unix:$work/vnc" \
  -sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny \
  -serial "file:$console" "${qemu_arguments[@]}" &
machine=$!
mark machine

# Follows the console until the machine powers off or the time is over.
tail --follow --lines=+1 --bytes=+0 --sleep-interval=0.05 --pid="$machine" "$console" 2>/dev/null |
  stdbuf -oL tr '\r\000' '\n\n' | stamp console &
following=$!
(
  for ((second = 0; second < timeout; second++)); do sleep 1; done
  kill "$machine"
) &
watch=$!
status=0
wait "$machine" || status=$?
mark 'power off'
wait "$following" || true
kill "$watch" 2>/dev/null || true
[ -z "$capturing" ] || { sleep 0.2; kill -INT "$capturing"; wait "$capturing" || true; }

# The phases: from the command to the first line that shows each.
report=$(sed -n 's/.*console .*PXELAB-REPORT //p' "$events" | head -n 1)
awk -v started="$BY_HAND_STARTED" '
  function phase(name) {
    if (name in seen) return
    seen[name] = 1
    printf "%7.3f  +%6.3f  %s\n", $1 - started, $1 - (last ? last : started), name
    last = $1
  }
  $2 == "mark" { $3 = $3; phase(substr($0, index($0, "mark ") + 5)) }
  /console .*(>>Start PXE|BdsDxe: loading)/ { phase("firmware") }
  /server .*DHCPDISCOVER/ { phase("DHCP discover") }
  /server .*DHCPACK/ { phase("DHCP ack") }
  /server .*sent .*shimx64.efi/ { phase("shim by TFTP") }
  /server .*sent .*grubx64.efi/ { phase("GRUB by TFTP") }
  /server .*sent .*grub.cfg/ { phase("GRUB configuration") }
  /server .*sent .*\/kernel/ { phase("kernel by TFTP") }
  /server .*sent .*\/initramfs/ { phase("initramfs by TFTP") }
  /console .*EFI stub/ { phase("kernel starts") }
  /console .*PXELAB-REPORT/ { phase("report") }
' <(sort -n "$events")
if [ -z "$report" ]; then
  echo "boot-by-hand: no report from the guest (QEMU's exit status $status)" >&2
  tail -n 30 "$events" >&2
  exit 1
fi
printf '%s\n' "$report"
