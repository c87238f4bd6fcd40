import Addresses
import ArgumentParser
import FileSystem
import LabManifest

/// `pxelab init`.
struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a new lab that comes up as it is: a machine, its network, a lab.yaml.",
    discussion: """
      The machine boots by PXE with UEFI and without Secure Boot, unless an option says otherwise.

      \(kinds)
      """)

  private static var kinds: String {
    LabTemplate.Kind.allCases.map { kind in
      "\(kind.rawValue.padded(to: 14)) \(kind.summary)."
    }.joined(separator: "\n")
  }

  @Argument(help: "The lab's name, or a path that ends in it: the folder that is made.")
  var name: String

  @Option(
    name: .long, help: ArgumentHelp("How the machine boots.", valueName: "kind"))
  var kind: LabTemplate.Kind?

  @Flag(name: .long, help: "UEFI with Secure Boot: the kind secure-boot.")
  var secureBoot = false

  @Flag(name: .long, help: "BIOS instead of UEFI: the kind bios-ipxe.")
  var bios = false

  @Option(name: .long, help: "The VLAN that the machine boots on, 1 to 4094.")
  var vlan: UInt16 = 100

  @Option(name: .long, help: "How many nodes the lab has, 1 to \(LabNode.most).")
  var nodes = 1

  func validate() throws {
    if !(1...LabNode.most).contains(nodes) {
      throw ValidationError("--nodes \(nodes): a lab has 1 to \(LabNode.most) nodes")
    }
    if bios, secureBoot {
      throw ValidationError("--bios and --secure-boot exclude each other: Secure Boot is UEFI's")
    }
    if let kind, secureBoot || bios {
      throw ValidationError(
        "--kind \(kind.rawValue) and \(bios ? "--bios" : "--secure-boot") exclude each other")
    }
    if VLANID(rawValue: vlan) == nil {
      throw ValidationError("invalid VLAN ID \(vlan) (must be between 1 and 4094)")
    }
    if let objection = LabTemplate.objection(toName: labName) {
      throw ValidationError("no lab can be named \(labName.debugDescription): \(objection)")
    }
  }

  /// The folder's own name.
  private var labName: String {
    String(name.split(separator: "/").last ?? "")
  }

  func run() throws {
    guard let vlan = VLANID(rawValue: vlan) else { return }
    let folder = name.count > 1 && name.hasSuffix("/") ? String(name.dropLast()) : name
    let template = LabTemplate(
      name: labName, kind: kind ?? (secureBoot ? .secureBoot : bios ? .biosIPXE : .uefiPXE),
      vlan: vlan, nodes: nodes)
    try requireEmpty(folder)
    try Files.makeFolder(folder, mode: 0o755)
    for file in template.files {
      try Files.write(file.text, to: "\(folder)/\(file.name)", mode: 0o644)
    }
    try Output.line("wrote \(folder): \(template.files.map(\.name).joined(separator: ", "))")
    try Output.line(
      """

      Next:
        pxelab validate \(folder)    what a cluster would say
        pxelab plan \(folder)        all that `up` would do
        pxelab up \(folder)          boot it, judge it; --once removes it afterwards
      """)
  }

  private func requireEmpty(_ folder: String) throws {
    guard Files.exists(folder) else { return }
    guard Files.isFolder(folder) else {
      throw Failure(.lab, "\(folder) is a file; a lab is a folder")
    }
    guard try Files.names(in: folder).isEmpty else {
      throw Failure(.lab, "the folder \(folder) is not empty; nothing was written")
    }
  }
}

extension LabTemplate.Kind: ExpressibleByArgument {}
