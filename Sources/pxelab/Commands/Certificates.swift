import ArgumentParser
import LabHost

/// `pxelab certificates`.
struct Certificates: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certificates",
    abstract: "Show the certificates of a lab's control plane, and when they are renewed.",
    discussion: """
      They are those of KubeVirt, by the HyperConverged's certConfig. An authority in a configmap is \
      one that is still trusted beside the newest. Whoever deletes a certificate's Secret has it made \
      anew at once: kubectl delete secret -n NAMESPACE NAME.
      """)

  @Argument(help: "The lab's name or folder; not needed when only one is up.")
  var lab: String?

  @OptionGroup var format: FormatOption

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    let name = try labs.resolve(lab)
    let certificates = try await labs.client(of: name).certificates()
    if format.format == .json { return try Output.json(certificates) }
    guard !certificates.isEmpty else {
      return try Output.line(
        "the lab \(name) has no KubeVirt, whose certificates these would be: a HyperConverged makes one"
      )
    }
    var table = Table([
      "CERTIFICATE", "SUBJECT", "SIGNED BY", "FROM", "UNTIL", "RENEWED AFTER", "DURATION",
      "RENEW BEFORE",
    ])
    for certificate in certificates {
      table.add([
        certificate.object, certificate.subject, certificate.issuer, certificate.notBefore,
        certificate.notAfter, certificate.renewedAfter ?? "-", certificate.duration ?? "-",
        certificate.renewBefore ?? "-",
      ])
    }
    try Output.line(table.text)
  }
}
