import ExternalCommand
import FileSystem

/// The kernel modules of an unpacked package: where each lies and what it depends on.
///
/// The package has no modules.dep (depmod makes that on installation), so the dependencies come
/// from the modules themselves: the `depends=` string of the .modinfo section.
struct KernelModules {
  private let files: [String: String]
  private let builtIn: Set<String>

  /// The modules below the root of an unpacked package.
  ///
  /// - Throws: `FileError` when they cannot be read.
  init(packageRoot: String) throws(FileError) {
    var files: [String: String] = [:]
    var builtIn: Set<String> = []
    let releases = ["lib", "usr/lib"].flatMap { Files.matches("\(packageRoot)/\($0)/modules/*") }
    for release in releases {
      for path in try Files.descendants(of: "\(release)/kernel") where Self.isModule(path) {
        files[Self.moduleName(of: path)] = "\(release)/kernel/\(path)"
      }
      let file = "\(release)/modules.builtin"
      let list = Files.exists(file) ? try Files.text(of: file) : ""
      builtIn.formUnion(list.split(separator: "\n").map { Self.moduleName(of: String($0)) })
    }
    self.files = files
    self.builtIn = builtIn
  }

  /// Whether the kernel of this package has no modules at all, so that its modules, if any, lie in
  /// another package.
  var isEmpty: Bool { files.isEmpty && builtIn.isEmpty }

  func isBuiltIn(_ name: String) -> Bool { builtIn.contains(Self.normalized(name)) }

  func path(of name: String) -> String? { files[Self.normalized(name)] }

  /// The names of the modules to load for `names`, each behind what it depends on.
  func loadOrder(for names: [String]) throws -> [String] {
    var order: [String] = []
    for name in names { try visit(Self.normalized(name), &order, path: []) }
    return order
  }

  private func visit(_ name: String, _ order: inout [String], path: [String]) throws {
    guard let file = files[name], !order.contains(name), !path.contains(name) else { return }
    for dependency in Self.dependencies(in: [UInt8](try Files.read(file))) {
      try visit(dependency, &order, path: path + [name])
    }
    order.append(name)
  }

  /// The names in the `depends=` string of a module's .modinfo section.
  static func dependencies(in module: [UInt8]) -> [String] {
    let key: [UInt8] = [0] + Array("depends=".utf8)
    guard let start = module.firstRange(of: key)?.upperBound else { return [] }
    let end = module[start...].firstIndex(of: 0) ?? module.endIndex
    return String(decoding: module[start..<end], as: UTF8.self).split(separator: ",")
      .map { normalized(String($0)) }
  }

  /// The name that the kernel gives to a module file: no folder, no endings, `_` for `-`.
  static func moduleName(of path: String) -> String {
    let file = Files.name(of: path)
    return normalized(file.firstIndex(of: ".").map { String(file[..<$0]) } ?? file)
  }

  private static func isModule(_ path: String) -> Bool {
    [".ko", ".ko.xz", ".ko.zst"].contains { path.hasSuffix($0) }
  }

  private static func normalized(_ name: String) -> String {
    String(name.map { $0 == "-" ? "_" : $0 })
  }
}
