import FileSystem
import Planning
import Supervision

/// What keeps the other processes running, inside the sandbox; started by the lab's launch.
struct Supervising: Role {
  static let word = SupervisedLab.role
  static let arguments = "[--kvm] [--own-user] STATE CACHE LAB NODE..."

  private let lab: SupervisedLab

  init?(_ arguments: [String]) {
    guard let lab = SupervisedLab(arguments) else { return nil }
    self.lab = lab
  }

  func run() async throws {
    try await Supervisor(lab, program: try Files.ownExecutable()).run()
  }
}
