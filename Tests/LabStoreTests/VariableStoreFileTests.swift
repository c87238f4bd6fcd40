import FileSystem
import Firmware
import Foundation
import Glibc
import LabStore
import Testing

@Suite struct VariableStoreFileTests {
  private static let template = "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"
  private static let plainTemplate = "/usr/share/OVMF/OVMF_VARS_4M.fd"

  /// Runs a test with a folder of its own.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "pxelab-variables-\(UUID().uuidString)"
    try Files.makeFolder(folder)
    defer { try? Files.remove(folder) }
    try body(folder)
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
  }

  @Test func aChangeKeepsModeAndFormerStore() throws {
    try inFolder { folder in
      let path = "\(folder)/a.fd"
      let former = try Files.read(Self.template)
      try Files.write(former, to: path, mode: 0o640)
      let file = VariableStoreFile(path: path)
      var store = try file.read()
      try file.write(store)
      #expect(!Files.exists(file.backupPath), "nothing changed, so nothing is written")
      try store.setBootNext(2)
      try file.write(store)
      #expect(try file.read().bootNext() == 2)
      #expect(mode(path) == 0o640)
      #expect(try Files.read(file.backupPath) == former)
      #expect(mode(file.backupPath) == 0o600)
      #expect(try Set(Files.names(in: folder)) == ["a.fd", "a.fd.bak"])
      // A link stays one, and what it names is changed.
      try Files.link("\(folder)/link.fd", to: path)
      let linked = VariableStoreFile(path: "\(folder)/link.fd")
      try store.setBootNext(3)
      try linked.write(store)
      #expect(try file.read().bootNext() == 3)
    }
  }

  @Test func aDamagedStoreStaysAsItIs() throws {
    try inFolder { folder in
      let path = "\(folder)/a.fd"
      var bytes = try Files.read(Self.template)
      bytes[0x64] = 0
      try Files.write(bytes, to: path)
      let error = #expect(throws: VariableStoreFileError.self) {
        try VariableStoreFile(path: path).read()
      }
      #expect(error?.description.contains("\(path): variable store, at 100: ") == true)
      let keeper = MachineStoreKeeper(
        path: path, template: Self.template, isPersistent: true, secureBoot: true)
      #expect(throws: VariableStoreFileError.self) { try keeper.prepare() }
      #expect(try Files.read(path) == bytes)
      #expect(throws: VariableStoreFileError.self) {
        try VariableStoreFile(path: "\(folder)/none.fd").read()
      }
    }
  }

  /// QEMU's lock is one of an open file description, on bytes from 100 on.
  @Test func aStoreThatAMachineHasIsNotWritten() throws {
    try inFolder { folder in
      let path = "\(folder)/a.fd"
      try Files.write(try Files.read(Self.template), to: path)
      let file = VariableStoreFile(path: path)
      var store = try file.read()
      try store.setBootNext(2)
      let descriptor = open(path, O_RDWR | O_CLOEXEC)
      try #require(descriptor >= 0)
      var lock = flock()
      lock.l_type = Int16(F_RDLCK)
      lock.l_whence = Int16(SEEK_SET)
      lock.l_start = 101
      lock.l_len = 1
      let setOpenFileLock: Int32 = 37
      try #require(fcntl(descriptor, setOpenFileLock, &lock) == 0)
      #expect(file.isInUse)
      let error = #expect(throws: VariableStoreFileError.self) { try file.write(store) }
      #expect(error?.description.contains("turn the machine off") == true)
      #expect(try file.read().bootNext() == nil)
      // Not by closing it alone: a program that another test is starting has a copy until it runs.
      lock.l_type = Int16(F_UNLCK)
      try #require(fcntl(descriptor, setOpenFileLock, &lock) == 0)
      close(descriptor)
      #expect(!file.isInUse)
      try file.write(store)
      #expect(try file.read().bootNext() == 2)
    }
  }

  /// What each start begins with, over edits of the manifest.
  @Test func aMachinesStoreOverItsStarts() throws {
    try inFolder { folder in
      let path = "\(folder)/stores/vm_VARS.fd"
      func start(persistent: Bool = true, secureBoot: Bool, template: String? = nil) throws
        -> (changes: [String], store: VariableStore)
      {
        let changes = try MachineStoreKeeper(
          path: path, template: template ?? (secureBoot ? Self.template : Self.plainTemplate),
          isPersistent: persistent, secureBoot: secureBoot
        ).prepare()
        return (changes, try VariableStoreFile(path: path).read())
      }
      var (changes, store) = try start(secureBoot: false)
      #expect(changes == [])
      #expect(SecureBootState(store) == .setupMode)
      try store.setBootOrder([7, 8])
      try VariableStoreFile(path: path).write(store)
      (changes, store) = try start(secureBoot: false)
      #expect(try changes == [] && store.bootOrder() == [7, 8])

      (changes, store) = try start(secureBoot: true)
      #expect(changes == ["it got the firmware's keys for Secure Boot"])
      #expect(try store.bootOrder() == [7, 8])
      #expect(SecureBootState(store) == .enabled)
      // What a person takes out stays out while the manifest stays.
      store.delete(.platformKey)
      try VariableStoreFile(path: path).write(store)
      (changes, store) = try start(secureBoot: true)
      #expect(changes == [] && SecureBootState(store) == .setupMode)
      try store.takeKeys(of: VariableStoreFile(path: Self.template).read())
      try VariableStoreFile(path: path).write(store)

      (changes, store) = try start(secureBoot: false)
      #expect(changes == ["Secure Boot is off; its keys stay for when it is on again"])
      #expect(SecureBootState(store) == .disabled)
      (changes, store) = try start(secureBoot: true)
      #expect(changes == ["Secure Boot is on again, with the keys that it has"])
      #expect(try SecureBootState(store) == .enabled && store.bootOrder() == [7, 8])

      let variables = store.variables.count
      (changes, store) = try start(
        secureBoot: true, template: "/usr/share/OVMF/OVMF_VARS.ms.fd")
      #expect(changes == ["its \(variables) variables were moved to the firmware's new layout"])
      #expect(store.bytes.count == 0x20000)
      #expect(try store.bootOrder() == [7, 8])
      #expect(store.variables.count == variables)

      (changes, store) = try start(persistent: false, secureBoot: true)
      #expect(try changes == [] && store.bytes == [UInt8](Files.read(Self.template)))
    }
  }

  /// HTTPS boot trusts the lab's authority after each start, besides whom it trusts already.
  @Test func aMachinesStoreTrustsTheAuthority() throws {
    try inFolder { folder in
      let path = "\(folder)/vm_VARS.fd"
      let authority = "\(folder)/ca.der"
      let (lab, other): ([UInt8], [UInt8]) = ([0x30, 1, 2], [0x30, 9])
      try Files.write(Data(lab), to: authority)
      func start(persistent: Bool, authority: String?) throws -> (
        changes: [String], trusted: [[UInt8]]
      ) {
        let keeper = MachineStoreKeeper(
          path: path, template: Self.plainTemplate, isPersistent: persistent, secureBoot: false,
          authority: authority)
        let changes = try keeper.prepare()
        return (changes, try trusted(path))
      }
      func trusted(_ path: String) throws -> [[UInt8]] {
        let variable = try VariableStoreFile(path: path).read()[.tlsCACertificate]
        return try SignatureDatabase(bytes: variable?.data ?? []).signatures.map(\.signature.data)
      }
      #expect(try start(persistent: false, authority: authority) == ([], [lab]))
      // One that is kept from before gets it beside what it has, once.
      var store = try VariableStoreFile(path: Self.plainTemplate).read()
      try store.enroll(KeyEnrollment(authorities: [other]))
      try store.setBootOrder([7])
      try Files.write(Data(store.bytes), to: path)
      let said = ["its HTTPS boot trusts the lab's certificate authority now"]
      #expect(try start(persistent: true, authority: authority) == (said, [other, lab]))
      #expect(try start(persistent: true, authority: authority) == ([], [other, lab]))
      #expect(try VariableStoreFile(path: path).read().bootOrder() == [7])
      #expect(try start(persistent: false, authority: nil) == ([], []))
      #expect(throws: FileError.self) {
        try start(persistent: false, authority: "\(folder)/none.der")
      }
    }
  }
}
