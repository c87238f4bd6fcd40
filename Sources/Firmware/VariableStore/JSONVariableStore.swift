import FoundationEssentials

/// A variable store in JSON, as QEMU's uefi-vars device keeps it (QEMU qapi/uefi.json), and as
/// virt-firmware and python-uefivars write it.
///
/// Of two variables of one name the first counts, as for QEMU. What is not changed keeps what other
/// programs wrote beside it, such as the digest of the certificate that may change it.
package struct JSONVariableStore: EditableVariables, Hashable, Sendable {
  /// The file's bytes, until something is changed.
  private var source: [UInt8]?
  /// What the file says.
  package private(set) var listing: VariableListing
  package private(set) var variables: [Variable]

  /// No store is larger, in bytes: QEMU's device takes 256 KiB of variables unless told otherwise.
  package static let sizeLimit = 8 << 20

  /// Reads a store.
  ///
  /// - Throws: `EFIDecodingError` with the place of the variable, from 0, as its offset.
  package init(bytes: [UInt8]) throws(EFIDecodingError) {
    listing = try VariableListing(parsing: bytes)
    var seen: Set<VariableName> = []
    variables = try listing.decoded().filter { seen.insert($0.name).inserted }
    source = bytes
  }

  package mutating func set(_ variable: Variable) {
    guard self[variable.name] != variable else { return }
    source = nil
    listing.set(variable)
    if let place = variables.firstIndex(where: { $0.name == variable.name }) {
      variables[place] = variable
    } else {
      variables.append(variable)
    }
  }

  @discardableResult
  package mutating func delete(_ name: VariableName) -> Bool {
    guard self[name] != nil else { return false }
    source = nil
    listing.variables.removeAll { $0.names(name) }
    variables.removeAll { $0.name == name }
    return true
  }

  package func encoded() throws -> [UInt8] {
    if let source { return source }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    return try [UInt8](encoder.encode(listing)) + [0x0a]
  }
}
