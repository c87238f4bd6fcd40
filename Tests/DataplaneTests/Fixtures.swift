import Addresses
import Foundation
import NetworkAttachment

/// A file of Fixtures/.
func fixture(_ name: String) throws -> String {
  try String(
    contentsOf: Bundle.module.bundleURL.appending(path: "Fixtures/\(name)"), encoding: .utf8)
}

/// A table by its numbers.
func table(_ pvid: UInt16?, untagged: [UInt16] = [], tagged: [UInt16] = []) -> PortVLANs {
  PortVLANs(
    pvid: pvid.flatMap(VLANID.init(rawValue:)),
    untagged: untagged.compactMap(VLANID.init(rawValue:)),
    tagged: tagged.compactMap(VLANID.init(rawValue:)))
}
