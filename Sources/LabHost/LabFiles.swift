import Execution
import FileSystem
import ImageStore
import Planning

/// What is in a lab's folder before its sandbox is started.
struct LabFiles: Sendable {
  let plan: LabPlan
  let images: [String: PreparedImage]
  /// The folder of the manifests, where files that lab.yaml names are.
  let manifestFolder: String
  /// The folder where libvirt remembers what QEMU can do is below it.
  let cache: String

  /// The plan that the lab has; `nil` of one that is being made. What it has in common with the other
  /// stays as it is.
  var present: LabPlan?

  /// The kernel's arguments that a lab adds to an image's.
  private static let arguments = ["pxelab.stay"]

  /// Writes all of it.
  ///
  /// - Throws: ``LabHostError``, `FileError`.
  func write() async throws {
    try Files.makeFolder("\(cache)/libvirt")
    if present == nil {
      // For servers of attachments that the API is told of later.
      for (name, image) in images {
        try image.makeRoot(at: plan.paths.image(name), arguments: Self.arguments)
      }
    }
    for server in plan.servers where present?.servers.contains(server) != true {
      try Files.remove(server.root)
      try await write(server)
    }
    try await StoreTemplate(
      plan: plan, manifestFolder: manifestFolder, runner: SubprocessRunner()
    ).make()
  }

  private func write(_ server: ServerPlan) async throws {
    try Files.makeFolder(server.directory)
    try server.image.flatMap { images[$0] }?.makeRoot(at: server.root, arguments: Self.arguments)
    for file in server.signedFiles ?? [] {
      guard Files.exists("\(server.root)/\(file)") else {
        throw LabHostError(.manifests, "sign: \(server.attachment) serves no \(file)")
      }
      try await LabKeys(paths: plan.paths, runner: SubprocessRunner())
        .sign("\(server.root)/\(file)")
    }
    if let certificate = server.certificate {
      try await LabCertificates(runner: SubprocessRunner()).make(certificate)
    }
  }
}
