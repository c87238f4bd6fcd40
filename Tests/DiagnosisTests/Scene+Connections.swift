import Addresses
import PXEWire

@testable import Diagnosis

/// TCP with what boots by it, and DNS.
extension Scene {
  private static let fin: UInt8 = 1
  private static let syn: UInt8 = 2
  private static let rst: UInt8 = 4
  private static let ack: UInt8 = 16

  // MARK: TCP

  /// A client's SYN, again after one second each where it is not answered.
  mutating func connect(_ port: UInt16, to server: UInt16 = 80, again: Int = 0) {
    sequences[port] = (1000, 9000)
    for round in 0...again {
      if round > 0 { wait(1) }
      segment(port, server, fromClient: true, flags: Self.syn)
    }
    advance(port, client: 1)
  }

  mutating func accept(_ port: UInt16, to server: UInt16 = 80) {
    segment(port, server, fromClient: false, flags: Self.syn | Self.ack)
    advance(port, server: 1)
    segment(port, server, fromClient: true, flags: Self.ack)
  }

  mutating func reset(_ port: UInt16, to server: UInt16 = 80, byClient: Bool = false) {
    segment(port, server, fromClient: byClient, flags: Self.rst | Self.ack)
  }

  mutating func close(_ port: UInt16, to server: UInt16 = 80, byClient: Bool = false) {
    segment(port, server, fromClient: byClient, flags: Self.fin | Self.ack)
    advance(port, client: byClient ? 1 : 0, server: byClient ? 0 : 1)
  }

  mutating func say(
    _ bytes: [UInt8], _ port: UInt16, to server: UInt16 = 80, fromClient: Bool
  ) {
    segment(port, server, fromClient: fromClient, flags: Self.ack, bytes)
    let length = UInt32(bytes.count)
    advance(port, client: fromClient ? length : 0, server: fromClient ? 0 : length)
    segment(port, server, fromClient: !fromClient, flags: Self.ack)
  }

  private mutating func advance(_ port: UInt16, client: UInt32 = 0, server: UInt32 = 0) {
    let (before, then) = sequences[port] ?? (1000, 9000)
    sequences[port] = (before &+ client, then &+ server)
  }

  private mutating func segment(
    _ port: UInt16, _ other: UInt16, fromClient: Bool, flags: UInt8, _ payload: [UInt8] = []
  ) {
    let numbers = sequences[port] ?? (1000, 9000)
    let own = fromClient ? numbers.client : numbers.server
    let theirs = fromClient ? numbers.server : numbers.client
    var bytes = Self.bytes(UInt64(fromClient ? port : other), 2)
    bytes += Self.bytes(UInt64(fromClient ? other : port), 2)
    bytes += Self.bytes(UInt64(own), 4) + Self.bytes(UInt64(theirs), 4)
    bytes += [0x50, flags, 0xff, 0xff, 0, 0, 0, 0] + payload
    ip(
      6, from: fromClient ? address : server, to: fromClient ? server : address,
      sender: fromClient ? client : serverMAC, receiver: fromClient ? serverMAC : client, bytes)
  }

  // MARK: HTTP

  mutating func ask(
    path: String, _ port: UInt16, method: String = "GET", agent: String = "UefiHttpBoot/1.0"
  ) {
    let lines = [
      "\(method) \(path) HTTP/1.1", "Host: 192.168.100.1", "User-Agent: \(agent)", "", "",
    ]
    say(Array(lines.joined(separator: "\r\n").utf8), port, fromClient: true)
  }

  /// A response, of whose body only the first bytes may come.
  mutating func respond(
    _ port: UInt16, status: String = "200 OK", length: Int = 0, sends: Int? = nil,
    begins: [UInt8] = Scene.program()
  ) {
    let head = "HTTP/1.1 \(status)\r\nContent-Length: \(length)\r\n\r\n"
    say(Array(head.utf8), port, fromClient: false)
    var rest = sends ?? length
    var start = begins
    while rest > 0 {
      let count = min(1400, rest)
      let part = start.prefix(count) + [UInt8](repeating: 7, count: max(0, count - start.count))
      say(Array(part), port, fromClient: false)
      start = []
      rest -= count
    }
  }

  /// A whole file by HTTP.
  mutating func fetch(
    _ path: String, _ port: UInt16, bytes: Int = 20000, agent: String = "UefiHttpBoot/1.0",
    begins: [UInt8] = Scene.program()
  ) {
    connect(port)
    accept(port)
    ask(path: path, port, agent: agent)
    respond(port, length: bytes, begins: begins)
  }

  // MARK: TLS

  /// A client's first message and the server's answer.
  mutating func greet(_ port: UInt16) {
    var hello: [UInt8] = [3, 3] + [UInt8](repeating: 1, count: 32)
    hello += [0, 0, 2, 0x13, 0x01, 1, 0, 0, 0]
    let body = [1] + Self.bytes(UInt64(hello.count), 3) + hello
    record(22, body, port, fromClient: true)
    let answer: [UInt8] = [2, 0, 0, 38, 3, 3] + [UInt8](repeating: 2, count: 36)
    record(22, answer, port, fromClient: false)
  }

  mutating func alert(_ level: UInt8, _ code: UInt8, _ port: UInt16, fromClient: Bool) {
    record(21, [level, code], port, fromClient: fromClient)
  }

  mutating func record(_ type: UInt8, _ body: [UInt8], _ port: UInt16, fromClient: Bool) {
    say(
      [type, 3, 3] + Self.bytes(UInt64(body.count), 2) + body, port, to: 443,
      fromClient: fromClient)
  }

  // MARK: DNS

  /// A question for a host's address, and the answer; without a code there is none.
  mutating func resolve(
    _ name: String, _ id: UInt16, code: UInt8? = nil, address found: UInt32? = nil
  ) {
    var question: [UInt8] = []
    for label in name.split(separator: ".") { question += [UInt8(label.utf8.count)] + label.utf8 }
    question += [0, 0, 1, 0, 1]
    let counts: (UInt8) -> [UInt8] = { [0, 1, 0, $0, 0, 0, 0, 0] }
    udp(
      from: (address, 1024 + id), to: (server, 53), sender: client, receiver: serverMAC,
      Self.bytes(UInt64(id), 2) + [1, 0] + counts(0) + question)
    guard let code else { return }
    var answer = Self.bytes(UInt64(id), 2) + [0x81, 0x80 | code]
    answer += counts(found == nil ? 0 : 1) + question
    if let found {
      answer += [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4] + Self.bytes(UInt64(found), 4)
    }
    udp(
      from: (server, 53), to: (address, 1024 + id), sender: serverMAC, receiver: client, answer)
  }
}
