import PXEWire

/// A DHCPv6 message with those inside it, and all that is read out of them.
@_cdecl("LLVMFuzzerTestOneInput")
public func decode(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: bytes, count: count))
  guard let outer = try? DHCPv6Message(decoding: bytes[...]) else { return 0 }
  for message in [outer, outer.innermost?.message].compactMap({ $0 }) {
    precondition(message.options.reduce(0) { $0 + $1.data.count } <= count)
    _ = (message.clientIdentifier?.mac, message.serverIdentifier?.description)
    _ = (message.identityAssociations, message.addresses, message.failure, message.status)
    _ = (message.requestedOptions, message.elapsedTime, message.userClasses, message.vendorClass)
    _ = (message.vendorOptions, message.interfaceID, message.domainNameServers)
    _ = (message.bootFileURL, message.bootFileParameters, message.clientArchitectures)
    _ = (message.clientInterface, message.clientLinkLayerAddress, message.isFromIPXE)
  }
  return 0
}
