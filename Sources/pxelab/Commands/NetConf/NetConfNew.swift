import Addresses
import ArgumentParser
import ExternalCommand
import LabHost
import LabManifest
import NetworkAttachment
import Objects
import Planning

/// `pxelab netconf new`.
struct NetConfNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write a network attachment, or what a node needs for it.",
    discussion: """
      Prints a NetworkAttachmentDefinition that is ready for a cluster. Without options, on a \
      terminal, it asks. What the plugin would refuse is refused here, in its words.
      """)

  /// What is printed.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case nad
    case cni
    case conflist
    case nmstate
    case commands
  }

  @Option(name: .long, help: "The attachment's name.")
  var name: String?

  @Option(name: .long, help: "Its namespace.")
  var namespace: String?

  @Option(name: .long, help: "bridge, cnv-bridge, ovn-localnet or sriov.")
  var type: NetworkAttachmentDraft.Kind = .bridge

  @Option(name: .long, help: "The bridge on the nodes, at most 15 characters.")
  var bridge: String?

  @Option(name: .long, help: "The access VLAN, 1 to 4094; 0 is none.")
  var vlan: Int?

  @Option(name: .long, help: "VLANs that the machine gets with their tags, such as 200-300,400.")
  var trunk: VLANRanges?

  @Flag(name: .long, help: "Take VLAN 1 off the port (preserveDefaultVlan: false).")
  var noDefaultVlan = false

  @Flag(name: .long, help: "Drop frames with another source MAC than the machine's.")
  var macSpoofCheck = false

  @Option(name: .long, help: "The MTU in bytes.")
  var mtu: Int?

  @Flag(name: .long, help: "Frames may leave by the port they came from.")
  var hairpin = false

  @Flag(name: .long, help: "Make the bridge promiscuous.")
  var promisc = false

  @Flag(name: .long, help: "Ports of this attachment cannot talk to one another.")
  var portIsolation = false

  @Option(name: .long, help: "The physical network of an ovn-localnet.")
  var physicalNetwork: String?

  @Option(name: .long, help: "CIDRs that OVN or host-local assigns addresses from, with commas.")
  var subnets: String?

  @OptionGroup(title: "Addresses") var addresses: AddressOptions
  @OptionGroup(title: "Virtual functions") var functions: VirtualFunctionOptions

  @Option(name: .long, help: "The resource that pods ask for; sriov needs it.")
  var resourceName: String?

  @Option(name: .long, help: "The nodes' network card under the bridge (nmstate, commands).")
  var nic: String?

  @Option(
    name: .customLong("as"),
    help: "nad (the default), cni, conflist, nmstate (the nodes' bridge) or commands.")
  var form: Form = .nad

  @Option(
    name: .long,
    help: "nmstate: write the policies for the bridges of the attachments in this file or lab.")
  var from: String?

  @OptionGroup var plugins: CNIPluginsOption

  func run() throws {
    if let from { return try Output.write(try policies(ofAttachmentsIn: from)) }
    var draft: NetworkAttachmentDraft
    if name == nil, CommandLine.arguments.last == Self._commandName, NetConfQuestions.canAsk {
      draft = try NetConfQuestions().draft()
    } else {
      guard let name else {
        throw ValidationError("--name is missing: the attachment's name")
      }
      draft = NetworkAttachmentDraft(name: name, kind: type)
      draft.namespace = namespace
      draft.bridge = bridge
      draft.vlan = try NetConfQuestions.vlan(vlan)
      draft.trunk = trunk
      draft.removesDefaultVLAN = noDefaultVlan
      draft.macSpoofCheck = macSpoofCheck
      draft.hairpin = hairpin
      draft.promiscuous = promisc
      draft.portIsolation = portIsolation
      draft.mtu = mtu
      draft.physicalNetwork = physicalNetwork
      draft.subnets = subnets
      draft.resourceName = resourceName
      draft.card = nic
      addresses.apply(to: &draft)
      functions.apply(to: &draft)
    }
    try check(draft)
    try Output.write(try text(of: draft))
  }

  /// - Throws: a usage error that names every option that is wrong.
  private func check(_ draft: NetworkAttachmentDraft) throws {
    var complaints = draft.objections.map { "--\($0.option) \($0.message)" }
    if complaints.isEmpty {
      complaints = draft.refusals(plugins: plugins.version ?? .newest).map(\.message)
    }
    guard complaints.isEmpty else {
      throw ValidationError(complaints.joined(separator: "\n"))
    }
  }

  private func text(of draft: NetworkAttachmentDraft) throws -> String {
    switch form {
    case .nad: return draft.manifest
    case .cni: return draft.configuration
    case .conflist: return draft.configurationList
    case .nmstate:
      guard let policy = draft.nodePolicy else {
        throw ValidationError(
          "--nic is missing: virtual functions are made by a SriovNetworkNodePolicy, which selects"
            + " the nodes' card by name")
      }
      return policy
    case .commands: return try commands(for: draft)
    }
  }

  /// The policies of the nodes for the bridges that a file's or a lab's attachments use.
  private func policies(ofAttachmentsIn path: String) throws -> String {
    guard form == .nmstate, name == nil else {
      throw ValidationError("--from goes with --as nmstate and --nic alone")
    }
    let input = try LabFolder.read(path, name: nil, cniPlugins: plugins.version)
    let errors = input.problems.filter { $0.severity == .error }
    for problem in errors { complain("\(problem)") }
    guard errors.isEmpty else { throw Failure(.manifests, "\(path): refused for these errors") }
    let cards = try cards()
    let drafts = NetworkAttachmentDraft.bridges(of: input.attachments) {
      cards.named[$0] ?? cards.any
    }
    guard !drafts.isEmpty else {
      throw Failure(.manifests, "\(path): no attachment in it uses a bridge")
    }
    let names = Set(drafts.map { $0.bridge ?? $0.physicalNetwork ?? "" })
    for name in cards.named.keys.sorted() where !names.contains(name) {
      throw ValidationError(
        "--nic: no attachment uses a bridge \(name); there is \(names.sorted().joined(separator: ", "))"
      )
    }
    guard cards.any == nil || drafts.count == 1 else {
      throw ValidationError(
        "--nic: a card is in one bridge; write "
          + names.sorted().map { "\($0)=CARD" }.joined(separator: ","))
    }
    return drafts.compactMap(\.nodePolicy).joined(separator: "---\n")
  }

  /// `CARD`, or `BRIDGE=CARD,BRIDGE=CARD`.
  private func cards() throws -> (any: String?, named: [String: String]) {
    guard let nic else { return (nil, [:]) }
    guard nic.contains("=") else { return (nic, [:]) }
    var named: [String: String] = [:]
    for item in nic.split(separator: ",") {
      let parts = item.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
        throw ValidationError("--nic: \(item) is no BRIDGE=CARD")
      }
      named[parts[0]] = parts[1]
    }
    return (nil, named)
  }

  private func attachment(_ draft: NetworkAttachmentDraft) throws -> NetworkAttachmentDefinition {
    let log = ProblemLog(object: "")
    guard
      let document = ManifestFile(path: draft.name, text: draft.manifest).documents.first,
      let attachment = NetworkAttachmentDefinition(
        document, log: log, plugins: plugins.version ?? .newest, onNode: true)
    else { throw Failure(.manifests, "the attachment cannot be read") }
    return attachment
  }

  /// The commands of `up`, for one port of a machine.
  private func commands(for draft: NetworkAttachmentDraft) throws -> String {
    guard draft.kind != .sriov else {
      guard let card = draft.card else {
        throw ValidationError("--nic is missing: the card whose virtual function 0 is set up")
      }
      guard case .sriov(let config) = try attachment(draft).config else {
        throw Failure(.manifests, "the attachment cannot be read")
      }
      let function = VirtualFunction(card: card, index: 0, address: "")
      return function.setting(config, mac: nil).shellText + "\n"
    }
    let attachment = try attachment(draft)
    guard let mac = MACAddress("02:00:00:00:00:01") else {
      throw Failure(.manifests, "no MAC address")
    }
    let plan = try DataplanePlan(
      attachment, device: "tap0", mac: mac, directory: "/run/openvswitch")
    var commands = plan.setUp
    if let card = draft.card, case .bridge = attachment.config {
      commands.append(
        Command("ip", ["link", "set", "dev", card, "master", attachment.bridgeDevice, "up"]))
      let tagged = VLANRanges((draft.trunk?.vlans ?? []) + [draft.vlan].compactMap { $0 })
      for range in tagged.ranges {
        let vid =
          range.lowerBound == range.upperBound
          ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        commands.append(Command("bridge", ["vlan", "add", "dev", card, "vid", vid]))
      }
    }
    return
      "# tap0 stands for the machine's port, \(mac) for its address\n"
      + commands.map { $0.shellText + "\n" }.joined()
  }
}

extension NetworkAttachmentDraft.Kind: ExpressibleByArgument {}

extension VLANRanges: ExpressibleByArgument {}
