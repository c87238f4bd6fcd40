/// Asks again and again whether a libvirtd answers, by a connection that nothing else uses.
package actor DaemonProbe {
  private let uri: String
  private var connection: Connection?

  /// A probe; nothing is opened yet.
  package init(uri: String) {
    self.uri = uri
  }

  /// Returns when libvirtd has answered.
  ///
  /// - Throws: `LibvirtError`: `.timedOut`, or why there is no connection.
  package func check(within limit: Duration = .seconds(5)) async throws(LibvirtError) {
    if let connection, connection.closeReason == nil {
      return try await connection.ping(within: limit)
    }
    connection = nil
    let opened = try await Connection.open(uri: uri, timeLimit: limit)
    connection = opened
    try await opened.ping(within: limit)
  }
}
