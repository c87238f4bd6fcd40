import Glibc
import Objects
import Sockets

extension APIClient {
  /// An answer that is no refusal.
  struct Answer: Sendable {
    var body: [UInt8]
    var warnings: [String]

    func tree() throws(APIClientError) -> ObjectNode {
      do {
        return try ObjectNode(json: body)
      } catch {
        throw .notUnderstood("\(error)")
      }
    }

    func written() throws(APIClientError) -> Written {
      Written(object: try tree(), warnings: warnings)
    }
  }

  func send(
    _ method: String, _ target: String, _ type: String? = nil, _ body: ObjectNode? = nil,
    within limit: Duration? = nil
  ) async throws(APIClientError) -> Answer {
    let limit = limit ?? timeLimit
    let bytes = body?.canonicalJSON ?? []
    return try await Self.within(limit, "\(method) \(target)", socketPath) { [self] in
      var exchange = try await exchange(method, target, type, bytes)
      let body = try await exchange.body()
      try Self.check(exchange.status, body)
      return Answer(body: body, warnings: exchange.warnings)
    }
  }

  private func exchange(
    _ method: String, _ target: String, _ type: String?, _ body: [UInt8]
  ) async throws -> HTTPExchange {
    let deadline = ContinuousClock.now + restartPatience
    while true {
      do {
        return try await HTTPExchange(
          socket: socketPath, method: method, target: target, type: type, body: body)
      } catch let error as SocketError
        where error.code == ECONNREFUSED && ContinuousClock.now < deadline
      {
        // Nothing tells when somebody listens at the path again.
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  /// What an answer that is not of success refuses.
  static func check(_ status: Int, _ body: [UInt8]) throws(APIClientError) {
    guard !(200..<300).contains(status) else { return }
    if let tree = try? ObjectNode(json: body), let refusal = StatusError(tree) {
      throw .refused(refusal)
    }
    let text = String(decoding: body.prefix(300), as: UTF8.self).filter { $0 != "\n" }
    throw .refused(StatusError(status, "", text.isEmpty ? "HTTP status \(status)" : text))
  }

  /// Runs something, for so long at most.
  static func within<Value: Sendable>(
    _ limit: Duration, _ request: String, _ socket: String,
    _ body: @escaping @Sendable () async throws -> Value
  ) async throws(APIClientError) -> Value {
    let result: Result<Value, APIClientError> = await withTaskGroup(
      of: Result<Value, APIClientError>.self
    ) { group in
      group.addTask {
        do {
          return .success(try await body())
        } catch {
          return .failure(APIClientError(error, socket: socket))
        }
      }
      group.addTask {
        do {
          try await Task.sleep(for: limit)
          return .failure(.timedOut(request: request, limit: limit))
        } catch {
          return .failure(.cancelled)
        }
      }
      let first = await group.next() ?? .failure(.cancelled)
      group.cancelAll()
      return first
    }
    return try result.get()
  }

  func known(_ resource: GroupResource) throws(APIClientError) -> APIResource {
    guard let known = resources[resource] else { throw .unknownKind(resource.description) }
    return known
  }

  func path(of key: ObjectKey, version: String? = nil) throws(APIClientError) -> String {
    try known(key.resource).path(
      namespace: key.namespace.percentEncoded, name: key.name.percentEncoded, version: version)
  }

  func key(of object: ObjectNode) throws(APIClientError) -> ObjectKey {
    guard let key = resources.key(of: object) else {
      throw .unknownKind(
        "\(object["kind"]?.string ?? "") of \(object["apiVersion"]?.string ?? "no version")")
    }
    return key
  }

  /// The version that an object is written in.
  func version(of object: ObjectNode) -> String? {
    object["apiVersion"]?.string?.split(separator: "/").last.map(String.init)
  }
}

extension APIClientError {
  init(_ error: any Error, socket: String) {
    switch error {
    case let error as APIClientError: self = error
    case let error as SocketError: self = .notReachable(socket: socket, reason: error.reason)
    case let error as HTTPExchange.Malformed: self = .notUnderstood(error.reason)
    case is CancellationError: self = .cancelled
    default: self = .notReachable(socket: socket, reason: "\(error)")
    }
  }
}

extension HTTPExchange {
  /// The texts of the field Warning: `299 - "TEXT"`.
  fileprivate var warnings: [String] {
    fields.filter { $0.name == "warning" }.map { field in
      let quoted = field.value.drop { $0 != "\"" }.dropFirst()
      var text = ""
      var isEscaped = false
      for character in quoted {
        if !isEscaped, character == "\"" { break }
        isEscaped = !isEscaped && character == "\\"
        if !isEscaped { text.append(character) }
      }
      return text
    }
  }
}

/// The query of a request, without the fields that are empty.
struct Query {
  let text: String

  init(_ fields: (name: String, value: String)...) {
    let written = fields.filter { !$0.value.isEmpty }.map {
      "\($0.name)=\($0.value.percentEncoded)"
    }
    text = written.isEmpty ? "" : "?\(written.joined(separator: "&"))"
  }
}

extension String {
  /// With everything escaped that means something in a URL (RFC 3986 section 2.3).
  var percentEncoded: String {
    var encoded = ""
    for byte in utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        encoded += byte < 16 ? "%0" : "%"
        encoded += String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}
