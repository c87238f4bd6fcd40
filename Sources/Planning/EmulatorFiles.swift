/// Where QEMU finds a machine's files when it runs as a user of its own, who may not enter the
/// folders above them: the sandbox shows them elsewhere.
///
/// The folders stay root's, so that nothing in them can be replaced by a link that root follows.
package struct EmulatorFiles: Codable, Hashable, Sendable {
  /// Something that is shown elsewhere.
  package struct Shown: Codable, Hashable, Sendable {
    /// Where it is.
    package var path: String
    /// Where QEMU finds it.
    package var place: String
    /// Whether QEMU writes to it.
    package var isWritten = true
  }

  /// The user.
  package var user: EmulatorUser
  /// The folders with what is the lab's.
  package var folders: [Shown]
  /// Folders that the user may pass through: those of `folders`, and folders in them.
  package var passages: [String]
  /// The folder in which QEMU makes files: the user's.
  package var screenFolder: String
  /// The lab's files that QEMU opens: the user's, where they are there.
  package var owned: [String]
  /// Files that others own, shown as the user's.
  package var others: [Shown]
  /// PCI addresses of virtual functions, whose devices are shown as the user's.
  package var functions: [String]

  init(user: EmulatorUser, paths: LabPaths, machine: MachinePlan) {
    let base = machine.directory.split(separator: "/").last.map(String.init) ?? machine.name
    self.user = user
    folders = [
      Shown(path: machine.directory, place: "\(Self.root)/machines/\(base)"),
      Shown(path: paths.stores, place: "\(Self.root)/stores"),
    ]
    passages = folders.map(\.path)
    screenFolder = "\(machine.directory)/screen"
    owned = [machine.variableStore?.path].compactMap { $0 }
    others = []
    functions = machine.interfaces.compactMap(\.function?.function.address)
    for (index, volume) in machine.volumes.enumerated() {
      let place = "\(Self.root)/files/\(base)/\(index)"
      switch volume.owner {
      case .lab: owned.append(volume.path)
      case .stores:
        owned.append(volume.path)
        if !passages.contains(volume.folder) { passages.append(volume.folder) }
      case .user: others.append(Shown(path: volume.path, place: place))
      }
      if case .overlay(let image) = volume.content {
        others.append(Shown(path: image.path, place: "\(place).base", isWritten: false))
      }
    }
  }

  /// Where QEMU finds a file.
  package func place(of path: String) -> String {
    if let file = others.first(where: { $0.path == path }) { return file.place }
    guard let folder = folders.first(where: { path.hasPrefix("\($0.path)/") }) else { return path }
    return folder.place + path.dropFirst(folder.path.count)
  }

  /// The folder below which the sandbox shows files and devices.
  package static let root = "/run/pxelab-qemu"
}
