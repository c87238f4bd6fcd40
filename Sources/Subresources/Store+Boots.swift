import Kinds
import Objects
import Store

extension Store {
  /// The last start of an instance; `nil` before the first. A client of the API may have written it, and its
  /// words become parts of paths: one with a folder in them is none.
  ///
  /// - Throws: `KindError`.
  func boot(ofInstance uid: String, namespace: String) throws(KindError) -> Boot? {
    let boots = list(Boot.resource, namespace: namespace) {
      $0.label(Boot.instanceLabel) == uid
    }
    return try boots.items.map { item throws(KindError) in
      try item.object.tree.decoded(as: Boot.self)
    }.filter { boot in
      [boot.spec.title, boot.spec.node ?? ""].allSatisfy { !$0.contains("/") && $0 != ".." }
    }.max { $0.spec.start < $1.spec.start }
  }
}
