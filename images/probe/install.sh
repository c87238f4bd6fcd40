# What an installer does, in short: fills the first disk from the network and tells the server.

# install_disk URL MAC: gets an address on the NIC with that address, writes what is at the URL to
# the first disk, and posts /installed/MAC to the URL's server.
install_disk() {
  local nic name address disk server
  for module in /modules/later/*.ko; do
    [ -e "$module" ] && insmod "$module"
  done
  for nic in "$SYS/class/net"/*; do
    read -r address <"$nic/address"
    [ "$address" = "$2" ] && name=${nic##*/}
  done
  for disk in vda sda; do
    [ -b "/dev/$disk" ] && break
    disk=
  done
  if [ -z "$name" ] || [ -z "$disk" ]; then
    echo "pxelab: cannot install: no NIC $2 or no disk"
    return 1
  fi
  ip link set dev "$name" up
  export POD_PREFIX=
  udhcpc -f -q -n -t 10 -T 1 -i "$name" -s /lib/probe/lease.sh >/dev/null 2>&1
  echo "pxelab: installs $disk from $1"
  # Through a pipe a failed download would end like a whole one.
  mkdir -p /tmp/download && mount -t tmpfs -o size=90% tmpfs /tmp/download
  wget -q -O /tmp/download/disk "$1" || { echo "pxelab: cannot get $1"; return 1; }
  dd if=/tmp/download/disk of="/dev/$disk" bs=1M 2>/dev/null || return 1
  sync
  server=${1#http://}
  server=${server%%/*}
  wget -q -O /dev/null --post-data= "http://$server/installed/$2"
  echo "pxelab: $disk is installed, restarts"
}
