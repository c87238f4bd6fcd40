/// A firmware's or a boot program's own word that it could not go on.
package struct FirmwareError: Hashable, Sendable {
  /// Who says it.
  package let speaker: Speaker
  /// Its code, `PXE-E18` or `ipxe.org/4c0a6092`; `nil` where the message has none.
  package let code: String?
  /// What it means.
  package let meaning: String

  /// Who ends a boot with an error.
  package enum Speaker: String, Hashable, Sendable, CaseIterable {
    /// PXE of a BIOS or of UEFI.
    case pxe = "PXE"
    /// UEFI's HTTP boot.
    case httpBoot = "HTTP boot"
    /// iPXE.
    case ipxe = "iPXE"
    /// shim.
    case shim
    /// GRUB.
    case grub = "GRUB"
    /// U-Boot.
    case uBoot = "U-Boot"
  }

  /// The error that a console's line states; `nil` for a line that states none.
  package init?(line: String) {
    if let code = Self.pxeCode(in: line) {
      self.init(.pxe, code, Self.pxeMeanings[code] ?? "an error of this firmware's own")
    } else if let code = Self.ipxeCode(in: line) {
      self.init(.ipxe, "ipxe.org/\(code)", "the page of that name says more")
    } else if let (words, speaker, meaning) = Self.sentences.first(where: { line.contains($0.0) }) {
      // The same words in a sentence of another program mean something else.
      guard !Self.beginning.contains(speaker) || line.drop(while: { $0 == " " }).hasPrefix(words)
      else { return nil }
      self.init(speaker, nil, meaning)
    } else {
      return nil
    }
  }

  private init(_ speaker: Speaker, _ code: String?, _ meaning: String) {
    self.speaker = speaker
    self.code = code
    self.meaning = meaning
  }

  /// `PXE-E18` in a line: two characters after the `E`, of which the second may be a letter.
  private static func pxeCode(in line: String) -> String? {
    guard let start = line.firstRange(of: "PXE-E") else { return nil }
    let digits = line[start.upperBound...].prefix { $0.isHexDigit }.prefix(2)
    return digits.count == 2 ? "PXE-E" + digits.uppercased() : nil
  }

  /// The eight digits of `https://ipxe.org/4c0a6092`, by which iPXE names an error.
  private static func ipxeCode(in line: String) -> String? {
    guard let start = line.firstRange(of: "ipxe.org/") else { return nil }
    let digits = line[start.upperBound...].prefix { $0.isHexDigit }
    return digits.count == 8 ? String(digits) : nil
  }

  /// Speakers whose errors begin their lines.
  private static let beginning: Set<Speaker> = [.grub, .httpBoot, .shim, .uBoot]

  /// The codes of the PXE specification 2.1 (appendix C) and of edk2 (NetworkPkg/UefiPxeBcDxe).
  package static let pxeMeanings: [String: String] = [
    "PXE-E00": "too little free base memory", "PXE-E01": "the card's PCI IDs do not match the ROM",
    "PXE-E04": "the card's PCI configuration space cannot be read",
    "PXE-E05": "the card's EEPROM is damaged; of UEFI: the buffer is smaller than the file",
    "PXE-E06": "the option ROM needs a BIOS with DDIM", "PXE-E07": "the network device fails",
    "PXE-E08": "the BIOS answers with an unexpected error",
    "PXE-E09": "memory for the transfer cannot be had",
    "PXE-E11": "nobody answers ARP for the boot server's address",
    "PXE-E12": "the card has no link", "PXE-E16": "no DHCP server offers anything usable",
    "PXE-E18": "a server does not answer, or its answers are not taken",
    "PXE-E20": "extended memory cannot be copied",
    "PXE-E21": "the boot was cancelled; of a BIOS: extended memory cannot be copied",
    "PXE-E23": "the TFTP server answers with an error",
    "PXE-E32": "the TFTP server does not answer the request for the file",
    "PXE-E35": "the TFTP transfer stops", "PXE-E36": "the TFTP server answers with an error",
    "PXE-E37": "the TFTP transfer ended too early", "PXE-E38": "no TFTP transfer can be opened",
    "PXE-E39": "the TFTP transfer cannot be read", "PXE-E3A": "the TFTP server sends too much",
    "PXE-E3B": "the TFTP server does not have the file",
    "PXE-E3C": "the TFTP server refuses access to the file",
    "PXE-E3F": "a TFTP packet has a size that was not agreed",
    "PXE-E51": "no DHCP or proxyDHCP server offers anything",
    "PXE-E52": "only a proxyDHCP server answers: nobody gives an address",
    "PXE-E53": "no server names a boot file",
    "PXE-E55": "the proxyDHCP server does not answer on port 4011",
    "PXE-E61": "the card has no link", "PXE-E63": "the network card cannot be initialised",
    "PXE-E67": "the network card cannot be initialised",
    "PXE-E74": "the PXE menu or its prompt is missing or damaged (option 43)",
    "PXE-E76": "the multicast address for discovery is missing or wrong (option 43)",
    "PXE-E77": "the list of boot servers is missing or wrong (option 43)",
    "PXE-E78": "no boot server was found",
    "PXE-E79": "the boot program does not fit into base memory",
    "PXE-E7A": "no boot server was found that can be trusted",
    "PXE-E7B": "the address for MTFTP is missing", "PXE-E89": "the boot program cannot be loaded",
    "PXE-E98": "an ICMP error came back", "PXE-E99": "the network fails in an unexpected way",
    "PXE-EA0": "a key cancelled the boot",
  ]

  /// Sentences with which a program gives something up, whose they are, and what they mean.
  package static let sentences: [(String, Speaker, String)] = [
    ("HTTP ERROR: Resource Redirected", .httpBoot, "the server redirects, which is not followed"),
    ("HTTP ERROR:", .httpBoot, "the server answers with an error"),
    (
      "Error: Could not retrieve NBP", .httpBoot,
      "the boot file's size or the file is not to be had"
    ),
    ("Error: Server response timeout", .httpBoot, "the server does not answer"),
    ("Error: Unexpected network error", .httpBoot, "the network fails in an unexpected way"),
    ("Error: Could not detect network connection", .httpBoot, "the card has no link"),
    ("Error: Could not establish connection", .httpBoot, "the server takes no connection"),
    ("Error: Boot file is not", .httpBoot, "the file is not of a kind that can be booted"),
    ("Unable to fetch TFTP image:", .shim, "the second stage cannot be loaded by TFTP"),
    ("Unable to fetch HTTP image", .shim, "the second stage cannot be loaded by HTTP"),
    ("Failed to load image", .shim, "the second stage cannot be loaded"),
    ("start_image() returned", .shim, "the second stage ended"),
    ("Something has gone seriously wrong", .shim, "shim cannot go on"),
    (
      "Bootloader has not verified loaded image", .shim,
      "the second stage was loaded without shim's check"
    ),
    ("error: couldn't send network packet", .grub, "the network card sends nothing"),
    ("error: couldn't autoconfigure", .grub, "no DHCP server answers GRUB"),
    ("error: no server is specified", .grub, "GRUB does not know which server it came from"),
    ("error: timeout reading", .grub, "a transfer stops"),
    ("error: time out opening", .grub, "the server does not answer"),
    ("error: bad shim signature", .grub, "the kernel's signature is not accepted"),
    ("error: prohibited by secure boot policy", .grub, "Secure Boot forbids a module or command"),
    ("error: disk `http,", .grub, "this GRUB does not speak HTTP"),
    ("error: disk `tftp,", .grub, "this GRUB does not speak TFTP"),
    ("error: access denied", .grub, "the server or Secure Boot refuses the file"),
    ("Retry count exceeded; starting again", .uBoot, "a server does not answer"),
    ("Retry time exceeded; starting again", .uBoot, "no DHCP server answers"),
    ("TFTP error: ", .uBoot, "the TFTP server answers with an error"),
    ("TFTP server died", .uBoot, "the TFTP server went away"),
    ("*** ERROR: `serverip' not set", .uBoot, "no server is named"),
    ("*** ERROR: `ipaddr' not set", .uBoot, "there is no address"),
    ("No ethernet found.", .uBoot, "there is no network card"),
    ("Bad Linux ARM64 Image magic!", .uBoot, "what was loaded is no kernel"),
    ("Wrong Image Format for boot", .uBoot, "what was loaded is no image that U-Boot knows"),
    ("ERROR: can't get kernel image!", .uBoot, "what was loaded is no kernel"),
  ]
}
