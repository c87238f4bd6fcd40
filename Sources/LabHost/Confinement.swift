import FileSystem
import FoundationEssentials
import Glibc
import LabManifest
import Objects

/// What `--no-commands` allows a lab: no program of its own, and no file but those of its folder.
struct Confinement {
  /// The lab's folder, absolute.
  let folder: String

  /// Refuses a lab that asks for more.
  ///
  /// - Parameter tell: is given every place.
  /// - Throws: ``LabHostError``.
  func check(
    _ input: LabInput, from path: String, problem tell: (Problem) -> Void
  ) throws {
    let problems = input.outsideReferences.compactMap(objection)
    for problem in problems { tell(problem) }
    guard problems.isEmpty else {
      throw LabHostError(
        .manifests,
        "\(path): refused by --no-commands for \(problems.count == 1 ? "this" : "these"); "
          + "nothing was made")
    }
  }

  private func objection(to reference: OutsideReference) -> Problem? {
    switch reference.subject {
    case .command(let program):
      return reference.problem(
        "--no-commands: it runs \(program.debugDescription) on this machine as you")
    case .hostDisk(let path):
      return reference.problem(
        "--no-commands: it uses \(path.debugDescription), a file of this machine, as a disk")
    case .file(let path):
      guard let real = real(path), !Self.isInside(real, folder) else { return nil }
      return reference.problem(
        "--no-commands: \(path.debugDescription) is \(real), outside of the lab's folder")
    }
  }

  /// Where a path leads, links followed; `nil` for one within the folder where there is nothing.
  private func real(_ path: String) -> String? {
    let whole = path.hasPrefix("/") ? path : "\(folder)/\(path)"
    if let real = Files.real(whole) { return real }
    let standard = URL(fileURLWithPath: whole).standardizedFileURL.path
    return Self.isInside(standard, folder) ? nil : standard
  }

  private static func isInside(_ path: String, _ folder: String) -> Bool {
    let folder = Files.real(folder) ?? folder
    return path.hasPrefix(folder == "/" ? folder : "\(folder)/")
  }
}
