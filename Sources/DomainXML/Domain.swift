import Addresses

/// A libvirt domain, as `<domain>` describes it (libvirt's formatdomain.html).
///
/// The structures have libvirt's own shape: a property is the element or the attribute of that
/// name, spelled in full. Parsing ignores every element and attribute that is not modelled here;
/// encoding writes elements and attributes in the order in which they are declared.
package struct Domain: Decodable, Hashable, Sendable {
  /// The hypervisor driver: `kvm`, `qemu` (TCG) or, in tests, `test`.
  package var type: String
  /// The identifier of a running domain; libvirt gives it, and ignores it in a definition.
  package var id: Int?
  /// The domain's name, unique per connection.
  package var name: String
  /// The UUID in canonical text form; libvirt makes one where it is absent.
  package var uuid: String?
  /// Guest memory.
  package var memory: Memory
  /// The number of virtual CPUs.
  package var vcpu: VirtualCPUs
  /// SMBIOS tables, taken up when `os.smbios` has the mode `sysinfo`.
  package var sysinfo: SystemInformation?
  /// Machine type, firmware and direct kernel boot.
  package var os: OperatingSystem
  /// Hypervisor features.
  package var features: Features?
  /// CPU model and features.
  package var cpu: CPU?
  /// What libvirt does when the guest powers off: `destroy`, `restart`, `preserve`.
  package var onPowerOff: String?
  /// What libvirt does when the guest resets: `restart`, `destroy`, `preserve`.
  package var onReboot: String?
  /// What libvirt does when the guest crashes.
  package var onCrash: String?
  /// The devices.
  package var devices: Devices

  enum CodingKeys: String, CodingKey {
    case type, id, name, uuid, memory, vcpu, sysinfo, os, features, cpu
    case onPowerOff = "on_poweroff"
    case onReboot = "on_reboot"
    case onCrash = "on_crash"
    case devices
  }
}

/// A value that libvirt writes as `yes` or `no`.
package enum YesNo: String, Decodable, Hashable, Sendable {
  /// Affirmed.
  case yes
  /// Denied.
  case no
}

/// A value that libvirt writes as `on` or `off`.
package enum OnOff: String, Decodable, Hashable, Sendable {
  /// Switched on.
  case on
  /// Switched off.
  case off
}

extension Domain {
  /// An amount of memory with its unit (`<memory unit='b'>`).
  package struct Memory: Decodable, Hashable, Sendable {
    /// The unit: `b`, `KB`, `KiB` (also `k`, and the default), `MB`, `MiB`, `GB`, `GiB` and so on.
    package var unit: String?
    /// The amount, in that unit.
    package var amount: UInt64

    /// The amount in bytes; `nil` for a unit that libvirt does not know, and on overflow.
    package var bytes: UInt64? {
      let scale: UInt64
      switch unit ?? "KiB" {
      case "b", "bytes": scale = 1
      case "KB": scale = 1000
      case "k", "KiB": scale = 1 << 10
      case "MB": scale = 1_000_000
      case "M", "MiB": scale = 1 << 20
      case "GB": scale = 1_000_000_000
      case "G", "GiB": scale = 1 << 30
      case "TB": scale = 1_000_000_000_000
      case "T", "TiB": scale = 1 << 40
      default: return nil
      }
      let (product, overflow) = amount.multipliedReportingOverflow(by: scale)
      return overflow ? nil : product
    }

    enum CodingKeys: String, CodingKey {
      case unit
      case amount = ""
    }
  }

  /// The number of virtual CPUs (`<vcpu>`).
  package struct VirtualCPUs: Decodable, Hashable, Sendable {
    /// `static` or `auto`.
    package var placement: String?
    /// How many.
    package var count: Int

    enum CodingKeys: String, CodingKey {
      case placement
      case count = ""
    }
  }

  /// SMBIOS values (`<sysinfo type='smbios'>`).
  package struct SystemInformation: Decodable, Hashable, Sendable {
    /// Always `smbios` here.
    package var type: String
    /// Entries of the system table (SMBIOS type 1).
    package var system: Table?
    /// Entries of the baseboard table (SMBIOS type 2).
    package var baseBoard: Table?
    /// Entries of the chassis table (SMBIOS type 3).
    package var chassis: Table?

    /// One table.
    package struct Table: Decodable, Hashable, Sendable {
      /// The entries in order.
      package var entry: [Entry]
    }

    /// One entry, such as `uuid`, `serial` or `manufacturer`.
    package struct Entry: Decodable, Hashable, Sendable {
      /// The name.
      package var name: String
      /// The text.
      package var value: String

      enum CodingKeys: String, CodingKey {
        case name
        case value = ""
      }
    }
  }
}
