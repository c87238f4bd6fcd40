import FlyingFox
import FlyingSocks
import Foundation
import LabPlan

/// A lab did not answer on its control socket as it should.
package struct ControlError: Error, Sendable, CustomStringConvertible {
  /// What happened, with the socket.
  package let description: String
  /// The lab's own words, where it answered and did not do what it was asked.
  package let refusal: String?

  /// An error.
  package init(description: String, refusal: String? = nil) {
    self.description = description
    self.refusal = refusal
  }
}

/// Speaks to a lab's supervisor: HTTP/1.1 over its unix socket.
package struct ControlClient: Sendable {
  private let socketPath: String

  /// A client of the supervisor that listens at a path.
  package init(socketPath: String) {
    self.socketPath = socketPath
  }

  /// What the lab is like now.
  package func status() async throws -> LabStatus {
    try decode(try await within(Self.patience) { try await send(.GET, "/v1/status") })
  }

  /// The events from a number on; waits until there is at least one.
  package func events(from number: Int) async throws -> [LabEvent] {
    try decode(try await send(.GET, "/v1/events", query: [.init(name: "from", value: "\(number)")]))
  }

  /// The events so far; does not wait.
  package func pastEvents() async throws -> [LabEvent] {
    try decode(
      try await within(Self.patience) {
        try await send(
          .GET, "/v1/events",
          query: [.init(name: "from", value: "0"), .init(name: "wait", value: "no")])
      })
  }

  /// The verdicts on all machines; waits until they have all been judged.
  package func report() async throws -> LabReport {
    try decode(try await send(.GET, "/v1/report"))
  }

  /// The lab's bridges and ports as the engine has them now; waits until they are made.
  package func dataplane() async throws -> DataplaneState {
    try decode(try await send(.GET, "/v1/dataplane"))
  }

  /// Switches a machine, and returns when that is done.
  package func power(_ machine: String, _ request: PowerRequest) async throws -> MachineAnswer {
    let body = try JSONEncoder().encode(request)
    return try decode(try await send(.POST, "/v1/machines/\(machine)/power", body: body))
  }

  /// What was seen of a machine's boots.
  package func boots(of machine: String) async throws -> BootObservation {
    try decode(try await send(.GET, "/v1/machines/\(machine)/boots"))
  }

  /// Presses keys of a machine's keyboard.
  package func press(_ machine: String, _ request: KeyRequest) async throws {
    let body = try JSONEncoder().encode(request)
    _ = try await send(.POST, "/v1/machines/\(machine)/keys", body: body)
  }

  /// Takes a picture of a machine's screen.
  package func screenshot(_ machine: String) async throws -> Screenshot {
    try decode(try await send(.POST, "/v1/machines/\(machine)/screenshot"))
  }

  /// The ports of the namespaces that programs run in.
  package func programs() async throws -> [ProgramPort] {
    try decode(try await send(.GET, "/v1/namespaces"))
  }

  /// Ends the lab; returns when the supervisor has agreed.
  package func down() async throws {
    _ = try await within(Self.patience) { try await send(.POST, "/v1/down") }
  }

  /// Says that the uplinks are in the sandbox's network namespace, which the lab waits for.
  package func uplinksAreIn() async throws {
    _ = try await within(Self.patience) { try await send(.POST, "/v1/uplinks") }
  }

  /// Makes a network namespace for a program; waits until the lab's network is made.
  package func makeNamespace(_ request: ProgramNamespaceRequest) async throws -> ProgramNamespace {
    let body = try JSONEncoder().encode(request)
    return try decode(try await send(.POST, "/v1/namespaces", body: body))
  }

  /// Removes a network namespace in which nothing runs any more.
  ///
  /// - Returns: the processes that still run in it; then it stays.
  package func removeNamespace(_ name: String) async throws -> [Int32] {
    try decode(try await send(.DELETE, "/v1/namespaces/\(name)"))
  }

  /// How long a supervisor may take over what it answers at once when it is well.
  private static let patience: Duration = .seconds(15)

  private func within(_ limit: Duration, _ body: @escaping @Sendable () async throws -> Data)
    async throws -> Data
  {
    try await withThrowingTaskGroup(of: Data.self) { group in
      group.addTask { try await body() }
      group.addTask { [socketPath] in
        try await Task.sleep(for: limit)
        throw ControlError(description: "no answer from the lab at \(socketPath) within \(limit)")
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }

  private func send(
    _ method: HTTPMethod, _ path: String, query: [HTTPRequest.QueryItem] = [], body: Data = Data()
  ) async throws -> Data {
    var client = HTTPClient()
    do {
      let request = HTTPRequest(
        method: method, version: .http11, path: path, query: query,
        headers: [.host: "localhost", .connection: "close"], body: body)
      let response = try await client.sendHTTPRequest(request, to: .unix(path: socketPath))
      let body = try await response.bodyData
      guard response.statusCode == .ok else {
        let text = String(decoding: body, as: UTF8.self)
        throw ControlError(
          description: "the lab at \(socketPath) refused \(path): \(text)", refusal: text)
      }
      return body
    } catch let error as ControlError {
      throw error
    } catch {
      throw ControlError(
        description: "no answer from the lab at \(socketPath): \(reason(of: error))")
    }
  }

  private func decode<Value: Decodable>(_ data: Data) throws -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: data)
    } catch {
      throw ControlError(
        description: "the lab at \(socketPath) answered what this pxelab does not know "
          + "(\(reason(of: error))): is it of another version?")
    }
  }
}
