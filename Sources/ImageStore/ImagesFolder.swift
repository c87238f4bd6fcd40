/// The folder of the netboot images' definitions that comes with the program.
package enum ImagesFolder {
  /// The file that only this folder has: the program that images boot into. Any other folder may be
  /// called images too.
  package static let marker = "probe/init"

  /// Where the folder of a program may be, the likeliest first: beside an installed program, or in
  /// the checkout that it was built in, at most four folders above it.
  ///
  /// - Parameter program: the program's path, absolute and without links.
  package static func candidates(for program: String) -> [String] {
    var parts = program.split(separator: "/").dropLast()
    var candidates = [path(parts.dropLast() + ["share", "pxelab", "images"])]
    for _ in 0..<4 {
      candidates.append(path(parts + ["images"]))
      if parts.popLast() == nil { break }
    }
    return candidates
  }

  /// The first candidate with the marker in it.
  ///
  /// - Parameter exists: whether something is at a path.
  package static func find(for program: String, exists: (String) -> Bool) -> String? {
    candidates(for: program).first { exists("\($0)/\(marker)") }
  }

  private static func path(_ parts: some Sequence<Substring>) -> String {
    "/" + parts.joined(separator: "/")
  }
}
