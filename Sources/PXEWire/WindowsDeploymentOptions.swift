/// What Windows Deployment Services tells its network boot program wdsnbp.com in DHCP option 250
/// (Windows SDK, wdsbp.h: the packet type WDSNBP).
package struct WindowsDeploymentOptions: Hashable, Sendable, Codable {
  /// Sub-option 2: what the program does next.
  package let nextAction: Action?
  /// Sub-option 5: the number of the request that an administrator approves or rejects.
  package let requestID: UInt32?
  /// Sub-option 6: the administrator's message to who sits at the machine.
  package let message: String?
  /// Sub-option 14: whether the action is done, so that the program goes on.
  package let isDone: Bool

  /// The value of sub-option 2.
  package struct Action: RawRepresentable, Hashable, Sendable, Codable {
    /// The number on the wire.
    package let rawValue: UInt8

    /// An action from its number; any number is allowed.
    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// To wait until an administrator approves.
    package static let approval = Action(rawValue: 1)
    /// To ask another server.
    package static let referral = Action(rawValue: 3)
    /// To end, so that the machine boots from its next device.
    package static let abort = Action(rawValue: 5)
  }

  init(_ bytes: [UInt8]) {
    let list = DHCPSubOption.list(in: bytes)
    let data = { (code: UInt8) in list.first { $0.code == code }?.data }
    nextAction = data(2).flatMap { $0.count == 1 ? Action(rawValue: $0[0]) : nil }
    requestID = data(5).flatMap { bytes in
      bytes.count == 4 ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : nil
    }
    message = data(6).map { DHCPMessage.text($0) }.flatMap { $0.isEmpty ? nil : $0 }
    isDone = data(14)?.contains { $0 != 0 } ?? false
  }
}

extension DHCPMessage {
  /// Option 250 read as Windows Deployment Services' own; `nil` without it.
  package var windowsDeploymentOptions: WindowsDeploymentOptions? {
    data(of: 250).map(WindowsDeploymentOptions.init)
  }
}
