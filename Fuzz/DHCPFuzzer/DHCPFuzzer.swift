import PXEWire

/// A DHCP message, and all that is read out of it.
@_cdecl("LLVMFuzzerTestOneInput")
public func decode(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: bytes, count: count))
  guard let message = try? DHCPMessage(decoding: bytes[...]) else { return 0 }
  precondition(message.options.reduce(0) { $0 + $1.data.count } <= count)
  _ = (message.messageType, message.subnetMask, message.routers, message.domainNameServers)
  _ = (message.hostName, message.requestedAddress, message.leaseTime, message.serverIdentifier)
  _ = (message.message, message.maximumMessageSize, message.renewalTime, message.rebindingTime)
  _ = (message.vendorClass, message.tftpServerName, message.bootFile, message.userClasses)
  _ = (message.clientArchitectures, message.clientInterface, message.clientMachineUUID)
  _ = (message.ipxeOptions, message.isFromIPXE, message.relayAgentInformation)
  if let pxe = message.pxeOptions {
    _ = (pxe.discoveryControl, pxe.bootServers, pxe.bootMenu, pxe.menuPrompt, pxe.bootItem)
  }
  return 0
}
