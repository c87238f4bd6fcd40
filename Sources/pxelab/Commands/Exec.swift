import Addresses
import ArgumentParser
import Kinds
import LabHost
import Planning

/// `pxelab exec`.
struct Exec: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Run a program in a network namespace on an attachment's VLAN.",
    usage: "pxelab exec @ATTACHMENT [OPTIONS] -- COMMAND [ARGUMENT]...",
    discussion: """
      The program is in the lab's sandbox: the VLAN is all of the network that it has, as eth0, and \
      it ends with the lab. Its exit status is passed on; one that a signal ended gives 128 and the \
      signal's number.
      """)

  @Argument(help: "The network attachment, with an @ in front: @pxe-net-conf.")
  var attachment: String

  @Option(name: .long, help: "The lab's name or folder; without it the only lab there is.")
  var lab: String?

  @Option(
    name: .long,
    help: """
      The address of eth0, as 192.168.100.7/24, or none. Without it: the server's where nothing is \
      served, else a free one outside the server's range.
      """)
  var address: String?

  @Option(name: .long, help: "Another VLAN on the attachment's bridge; 0 is untagged.")
  var vlan: Int?

  @Flag(name: .long, help: "In the server's own namespace, instead of a new one.")
  var server: Bool = false

  @Argument(parsing: .postTerminator, help: "The program and its arguments.")
  var command: [String] = []

  func validate() throws {
    guard attachment.hasPrefix("@"), attachment.count > 1 else {
      throw ValidationError("an attachment has an @ in front: @\(attachment)")
    }
    guard !command.isEmpty else {
      throw ValidationError("no program: pxelab exec \(attachment) -- COMMAND [ARGUMENT]...")
    }
    if server, address != nil || vlan != nil {
      throw ValidationError("the server's namespace has its address and VLAN already")
    }
  }

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    let program = LabProgram(labs: labs, lab: try labs.resolve(lab)) { complain($0) }
    let status = try await program.run(
      command,
      in: ProgramNamespaceRequest(
        attachment: String(attachment.dropFirst()), vlan: vlan, address: try requestedAddress(),
        ofServer: server))
    if status != 0 { throw ExitCode(status) }
  }

  private func requestedAddress() throws -> ProgramNamespaceRequest.Address {
    guard let address else { return .chosen }
    if address == "none" { return .none }
    guard let network = IPv4Network(address) else {
      throw Failure(
        .usage,
        "\(address.debugDescription) is neither an address such as 192.168.100.7/24 nor none")
    }
    return .given(network)
  }
}
