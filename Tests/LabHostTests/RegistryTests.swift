import FileSystem
import Foundation
import LabStore
import Planning
import Synchronization
import Testing

@testable import LabHost

@Suite(.timeLimit(.minutes(10))) struct RegistryTests {
  @Test("a name, a folder of manifests, or the only lab there is")
  func resolving() throws {
    let state = try State()
    let registry = state.registry
    #expect(throws: RegistryError.noLab) { try registry.resolve(nil) }
    #expect(throws: RegistryError.unknownLab("x", among: [])) { try registry.resolve("x") }
    try state.makeDeadLab("x")
    #expect(try registry.resolve(nil) == "x")
    #expect(try registry.resolve("x") == "x")
    try state.makeDeadLab("y")
    #expect(throws: RegistryError.severalLabs(["x", "y"])) { try registry.resolve(nil) }
    #expect(throws: RegistryError.unknownLab("z", among: ["x", "y"])) { try registry.resolve("z") }
    try Files.makeFolder(state.paths("z").stores)
    #expect(throws: RegistryError.self) { try registry.resolve("z") }
    #expect(try registry.resolve("z", allowingStores: true) == "z")
    let manifests = "\(state.path)/manifests"
    try Files.makeFolder(manifests)
    #expect(throws: LabHostError.self) { try registry.resolve(manifests) }
    try Files.write(
      "apiVersion: pxelab.dev/v1alpha1\nkind: Lab\nmetadata: {name: named}\n",
      to: "\(manifests)/lab.yaml")
    #expect(try registry.resolve(manifests) == "named")
  }

  @Test("what is being removed is no lab")
  func hidden() async throws {
    let state = try State()
    try state.makeDeadLab("x")
    try Files.rename(
      state.paths("x").directory, to: "\(state.path)/labs/.removing-x-0123456789abcdef")
    #expect(try state.registry.names() == [])
    #expect(throws: RegistryError.noLab) { try state.registry.resolve(nil) }
    let statuses = try await state.registry.statuses { Issue.record("\($0)") }
    #expect(statuses == [])
  }

  @Test(
    "of hidden folders only removed labs' are read as such",
    arguments: [
      (".removing-x-0123456789abcdef", "x"), (".removing-a-b-0123456789abcdef", "a-b"),
      (".removing-x-0123456789abcde", nil), (".removing-x-0123456789ABCDEF", nil),
      (".removing-0123456789abcdef", nil), (".removing--0123456789abcdef", nil), (".keys.x", nil),
      ("x", nil),
    ] as [(String, String?)])
  func names(_ name: String, _ lab: String?) throws {
    let state = try State()
    try Files.makeFolder("\(state.path)/labs/\(name)")
    let found = try RemovedFolder.all(in: "\(state.path)/labs")
    #expect(found.map(\.lab) == (lab.map { [$0] } ?? []))
    #expect(found.allSatisfy { $0.path == "\(state.path)/labs/\(name)" })
  }

  @Test("a lab that does not live is gone, being made, or dead")
  func clients() async throws {
    let state = try State()
    let registry = state.registry
    try state.makeDeadLab("other")
    #expect(throws: RegistryError.unknownLab("x", among: ["other"])) {
      try registry.client(of: "x")
    }
    let paths = state.paths("x")
    try Files.makeFolder(paths.directory)
    try Files.write("", to: paths.supervisorLog)
    _ = try await FolderLock.hold(paths.directory, within: .seconds(60)) { _ in
      #expect(throws: RegistryError.beingMade("x")) { try registry.client(of: "x") }
      var remarks: [String] = []
      let statuses = try await registry.statuses { remarks.append($0) }
      #expect(statuses.map(\.lab) == ["other"])
      #expect(remarks == ["\(RegistryError.beingMade("x"))"])
    }
    #expect(throws: RegistryError.dead("x")) { try registry.client(of: "x") }
  }

  @Test("a lab whose processes are gone is dead, one that does not answer is silent or starting")
  func phases() async throws {
    let state = try State()
    let paths = state.paths("x")
    try state.makeDeadLab("x")
    let dead = try await state.registry.status("x") { Issue.record("\($0)") }
    #expect(dead.phase == .dead)
    let holder = try await LockHolder("echo; exec sleep 1000", of: paths)
    var remarks: [String] = []
    let silent = try await state.registry.status("x") { remarks.append($0) }
    #expect(silent.phase == .silent && remarks.count == 1)
    let starting = try await FolderLock.hold(paths.directory, within: .seconds(60)) { _ in
      try await state.registry.status("x") { Issue.record("\($0)") }
    }
    #expect(starting?.phase == .starting)
    withExtendedLifetime(holder) {}
  }

  /// Labs are made and removed beside it again and again.
  @Test("who reads the labs sees each whole or not at all")
  func beside() async throws {
    let state = try State()
    let registry = state.registry
    let isOver = Atomic(false)
    async let looks: Int = {
      var looks = 0
      while !isOver.load(ordering: .relaxed), !Task.isCancelled {
        let statuses = try await registry.statuses { remark in
          if remark != "\(RegistryError.beingMade("x"))" { Issue.record("\(remark)") }
        }
        try #require(statuses.isEmpty || statuses.map(\.lab) == ["x"])
        looks += 1
        await Task.yield()
      }
      return looks
    }()
    for _ in 0..<100 {
      try state.makeWholeLab("x")
      #expect(try await LabRemoval(paths: state.paths("x"), loans: RecordedLoans()).remove())
    }
    isOver.store(true, ordering: .relaxed)
    #expect(try await looks > 0)
  }
}

extension State {
  /// Makes a lab that nobody sees before it has all of its files.
  fileprivate func makeWholeLab(_ lab: String) throws {
    try makeDeadLab(".making")
    let (making, made) = (paths(".making"), paths(lab))
    try Files.rename(making.directory, to: made.directory)
  }
}
