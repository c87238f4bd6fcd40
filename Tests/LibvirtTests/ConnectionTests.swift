import Foundation
import Libvirt
import Testing

/// libvirt's test driver: each connection to `test:///default` has a world of its own, except that
/// connections open at the same time share it, hence domain names of each test's own.
@Suite struct ConnectionTests {
  static func definition(_ name: String) -> String {
    """
    <domain type='test'><name>\(name)</name><memory>8192</memory><vcpu>1</vcpu>
    <os><type arch='i686'>hvm</type></os></domain>
    """
  }

  @Test func aDomainLivesAndDies() async throws {
    let connection = try await Connection.open(uri: "test:///default")
    let defined = try await connection.define(xml: Self.definition("life"))
    #expect(defined.name == "life")
    #expect(UUID(uuidString: defined.uuid) != nil)
    #expect(defined.id == nil)
    #expect(defined.state == .shutOff)

    try await connection.start("life")
    let running = try await connection.domain("life")
    #expect(running.state == .running)
    #expect(running.id != nil)
    #expect(try await connection.domains().contains(running))
    #expect(try await connection.xml(of: "life").contains("<name>life</name>"))
    #expect(try await connection.xml(of: "life", inactive: true).contains(" id=") == false)

    try await connection.suspend("life")
    #expect(try await connection.domain("life").state == .paused)
    try await connection.resume("life")
    #expect(try await connection.domain("life").state == .running)
    try await connection.destroy("life")
    #expect(try await connection.domain("life").state == .shutOff)
    try await connection.undefine("life")
    #expect(try await connection.domains().contains { $0.name == "life" } == false)
  }

  @Test func eventsArriveInOrder() async throws {
    let connection = try await Connection.open(uri: "test:///default")
    let events = try await connection.events()
    try await connection.define(xml: Self.definition("events"))
    try await connection.start("events")
    try await connection.suspend("events")
    try await connection.resume("events")
    try await connection.destroy("events")
    try await connection.undefine("events")
    var kinds: [LifecycleEvent.Kind] = []
    for await event in events where event.domain == "events" {
      kinds.append(event.kind)
      if event.kind == .undefined { break }
    }
    #expect(
      kinds == [.defined, .started, .suspended, .resumed, .stopped(.destroyed), .undefined])
  }

  @Test func closingEndsTheStreamAndRefusesCalls() async throws {
    let connection = try await Connection.open(uri: "test:///default")
    let events = try await connection.events()
    await connection.close()
    await connection.close()
    for await _ in events {}
    let error = await #expect(throws: LibvirtError.self) { try await connection.domains() }
    #expect(error?.message == "the connection is closed; open another")
  }

  @Test func errorsSayWhatAndWhere() async throws {
    let connection = try await Connection.open(uri: "test:///default")
    let missing = await #expect(throws: LibvirtError.self) {
      try await connection.start("nobody")
    }
    #expect(missing?.code == .noDomain)
    #expect(missing?.function == "virDomainLookupByName")
    #expect(missing?.message.contains("Domain not found") == true)
    let broken = await #expect(throws: LibvirtError.self) {
      try await connection.define(xml: "<domain type='test'>")
    }
    #expect(broken?.code == .xmlSyntax)
    #expect(broken?.level == 2)
    let other = await #expect(throws: LibvirtError.self) {
      try await connection.define(xml: "<network/>")
    }
    #expect(other?.code == .xmlError)
    let idle = await #expect(throws: LibvirtError.self) {
      try await connection.define(xml: Self.definition("idle"))
      try await connection.destroy("idle")
    }
    #expect(idle?.code == .operationInvalid)
    try await connection.undefine("idle")
  }

  @Test(arguments: [
    ("qemu+unix:///system?socket=/nonexistent/libvirt-sock", "/nonexistent/libvirt-sock"),
    ("qemu+pigeon:///system", "transport in URL"),
  ])
  func aConnectionThatCannotBeOpened(uri: String, text: String) async throws {
    let error = await #expect(throws: LibvirtError.self) {
      _ = try await Connection.open(uri: uri)
    }
    #expect(error?.function == "virConnectOpen")
    #expect(error?.message.contains(text) == true)
  }

  /// Each task's error is its own, though all fail at once on one connection.
  @Test func errorsDoNotCross() async throws {
    let connection = try await Connection.open(uri: "test:///default")
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<50 {
        group.addTask {
          do {
            try await connection.define(xml: "<ghost-\(number)>")
            return false
          } catch let error as LibvirtError {
            return error.message.contains("ghost-\(number) ")
          } catch {
            return false
          }
        }
      }
      for await own in group { #expect(own) }
    }
  }
}
