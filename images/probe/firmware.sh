# What the firmware left: EFI variables by efivarfs (4 bytes of attributes, then the value), and
# the kernel's lockdown state.

GLOBAL=8be4df61-93ca-11d2-aa0d-00e098032b8c

# variable_hex NAME: sets $hex to the value of a global EFI variable, or to nothing.
variable_hex() {
  local file=$SYS/firmware/efi/efivars/$1-$GLOBAL
  hex=
  [ -r "$file" ] || return 1
  hex=$(xxd -p -c 1048576 "$file")
  hex=${hex#????????}
}

# flag_of NAME: sets $flag to 1, 0 or nothing.
flag_of() {
  flag=
  if variable_hex "$1"; then
    case $hex in
      01) flag=1 ;;
      00) flag=0 ;;
    esac
  fi
}

# number_at HEX: sets $number to the four digits, as in Boot####, of the little-endian UINT16 that
# HEX begins with.
number_at() {
  local low=${1%"${1#??}"} rest=${1#??}
  number=${rest%"${rest#??}"}$low
  # Variables are named with upper-case digits (UEFI 2.10, 3.1.3).
  case $number in
    *[a-f]*) number=$(printf '%04X' "0x$number") ;;
  esac
}

# read_firmware: sets secure_boot, setup_mode, boot_current, boot_current_hex, boot_order and
# boot_entries (the last two as JSON).
read_firmware() {
  local file entry separator=
  boot_current= boot_current_hex= boot_order='[' boot_entries='{'
  flag_of SecureBoot; secure_boot=$flag
  flag_of SetupMode; setup_mode=$flag
  if variable_hex BootCurrent && [ ${#hex} -eq 4 ]; then
    number_at "$hex"; boot_current=$number
  fi
  if variable_hex BootOrder; then
    while [ ${#hex} -ge 4 ]; do
      number_at "$hex"
      boot_order=$boot_order$separator\"$number\"
      separator=,
      hex=${hex#????}
    done
  fi
  boot_order=$boot_order]
  separator=
  for file in "$SYS/firmware/efi/efivars"/Boot[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-"$GLOBAL"; do
    [ -e "$file" ] || continue
    entry=${file##*/Boot}
    entry=${entry%%-*}
    variable_hex "Boot$entry"
    boot_entries=$boot_entries$separator\"$entry\":\"$hex\"
    separator=,
    if [ "$entry" = "$boot_current" ]; then boot_current_hex=$hex; fi
  done
  boot_entries=$boot_entries}
}

# boot_mac_from_entry: prints the MAC address in the device path of the boot entry that was used
# (UEFI 2.10, 10.3.4.10: type 3, subtype 11, length 37, 32 bytes of address, interface type).
boot_mac_from_entry() {
  local rest=${boot_current_hex#*030b2500} mac= i=0
  [ "$rest" != "$boot_current_hex" ] || return 0
  while [ $i -lt 6 ]; do
    mac=$mac${mac:+:}${rest%"${rest#??}"}
    rest=${rest#??}
    i=$((i + 1))
  done
  echo "$mac"
}

# read_lockdown: sets $lockdown to the chosen word of "none [integrity] confidentiality".
read_lockdown() {
  local text=
  lockdown=
  if [ -r "$SYS/kernel/security/lockdown" ]; then
    read -r text <"$SYS/kernel/security/lockdown"
    text=${text#*[}
    lockdown=${text%%]*}
  fi
}
