import Addresses

extension LabTemplate {
  /// How the machine of a new lab boots.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// UEFI and PXE: shim, GRUB.
    case uefiPXE = "uefi-pxe"
    /// The same under Secure Boot.
    case secureBoot = "secure-boot"
    /// The same over IPv6.
    case uefiPXEv6 = "uefi-pxev6"
    /// UEFI and PXE: iPXE, driven by the firmware.
    case uefiSNPOnly = "uefi-snponly"
    /// UEFI HTTP boot.
    case uefiHTTP = "uefi-http"
    /// The same over IPv6.
    case uefiHTTPv6 = "uefi-httpv6"
    /// UEFI HTTP boot over TLS.
    case uefiHTTPS = "uefi-https"
    /// The same over IPv6.
    case uefiHTTPSv6 = "uefi-httpsv6"
    /// BIOS and the card's iPXE.
    case biosIPXE = "bios-ipxe"
    /// BIOS and undionly.kpxe.
    case biosUndionly = "bios-undionly"
    /// BIOS and pxelinux.
    case biosPXELINUX = "bios-pxelinux"
    /// UEFI: installed by network, then booted from the disk.
    case install
  }

  /// What the machine boots with.
  enum Firmware {
    /// SeaBIOS.
    case bios
    /// OVMF without Secure Boot.
    case uefi
    /// OVMF with Secure Boot.
    case secureBoot
  }
}

extension LabTemplate.Kind {
  var firmware: LabTemplate.Firmware {
    switch self {
    case .biosIPXE, .biosUndionly, .biosPXELINUX: .bios
    case .secureBoot: .secureBoot
    case .uefiPXE, .uefiPXEv6, .uefiSNPOnly, .uefiHTTP, .uefiHTTPv6, .uefiHTTPS, .uefiHTTPSv6,
      .install:
      .uefi
    }
  }

  /// A sentence without its end.
  package var summary: String {
    switch self {
    case .uefiPXE: "A machine with UEFI that boots by PXE: shim, GRUB, Linux"
    case .secureBoot: "A machine with UEFI and Secure Boot that boots by PXE: shim, GRUB, Linux"
    case .uefiPXEv6: "A machine with UEFI that boots by PXE over IPv6: shim, GRUB, Linux"
    case .uefiSNPOnly: "A machine with UEFI that boots iPXE by PXE: snponly.efi, a script, Linux"
    case .uefiHTTP: "A machine with UEFI that boots by HTTP: snponly.efi, a script, Linux"
    case .uefiHTTPv6:
      "A machine with UEFI that boots by HTTP over IPv6: snponly.efi, a script, Linux"
    case .uefiHTTPS:
      "A machine with UEFI that boots by HTTPS and trusts the lab's own authority: snponly.efi,"
        + " then by HTTP a script and Linux"
    case .uefiHTTPSv6:
      "A machine with UEFI that boots by HTTPS over IPv6 and trusts the lab's own authority:"
        + " snponly.efi, then by HTTP a script and Linux"
    case .biosIPXE: "A machine with BIOS that boots by its card's iPXE: a script, Linux"
    case .biosUndionly: "A machine with BIOS that boots undionly.kpxe: a script, Linux"
    case .biosPXELINUX: "A machine with BIOS that boots pxelinux, and from there Linux"
    case .install:
      "A machine with UEFI that is installed over the network and then boots from its disk"
    }
  }

  /// The image that is served.
  var image: String { self == .install ? "debian-install" : "debian-secureboot" }

  /// What the server is told beyond its address and image: lines of lab.yaml.
  func serverLines(on vlan: VLANID) -> [String] {
    switch self {
    case .uefiPXE, .secureBoot, .biosIPXE: []
    case .uefiPXEv6: ["methods: [pxev6]"]
    case .uefiSNPOnly: ["bootFile: snponly.efi"]
    case .uefiHTTP: ["methods: [httpv4]"]
    case .uefiHTTPv6: ["methods: [httpv6]"]
    case .uefiHTTPS: ["methods: [httpsv4]"]
    case .uefiHTTPSv6: ["methods: [httpsv6]"]
    case .biosUndionly: ["ipxeScript: undionly.ipxe"]
    case .biosPXELINUX: ["bootFile: pxelinux.0"]
    // Firmware that finds no PXE goes on by IPv6, where it must get an answer, lest it waits.
    case .install: ["ipv6: fd00:\(vlan)::1/64 # where firmware that is to go on looks next"]
    }
  }
}
