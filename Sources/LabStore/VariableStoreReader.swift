import Execution
import FileSystem
import Firmware
import FoundationEssentials

/// Reads variable stores of every form: what this program does not read itself, another one unpacks.
package struct VariableStoreReader: Sendable {
  /// What runs the other program.
  let runner: any CommandRunner

  /// A reader.
  package init(runner: any CommandRunner) {
    self.runner = runner
  }

  /// The variables of a file, also of one that a machine has.
  ///
  /// - Throws: `VariableStoreFileError`.
  package func read(
    _ file: VariableStoreFile
  ) async throws(VariableStoreFileError) -> StoredVariables {
    let bytes = try file.bytes()
    let form = StoreForm(of: bytes)
    guard let unpacking = StoreUnpacking(form) else {
      return try Self.decoding(file) { () throws(EFIDecodingError) in
        try StoredVariables(bytes: bytes)
      }
    }
    if form == .qcow2 {
      let header = try Self.decoding(file) { () throws(EFIDecodingError) in
        try Qcow2Header(bytes: bytes)
      }
      if let objection = Self.objection(to: header) {
        throw .notUnpacked(path: file.path, form, reason: objection)
      }
    }
    let unpacked = try await unpacked(file, form, unpacking)
    return try Self.decoding(file) { () throws(EFIDecodingError) in
      try StoredVariables(bytes: unpacked, unpackedFrom: form)
    }
  }

  /// The raw flash in a file.
  ///
  /// - Throws: `VariableStoreFileError`, also where the file has another form.
  package func flash(_ file: VariableStoreFile) async throws(VariableStoreFileError)
    -> VariableStore
  {
    let stored = try await read(file)
    if let store = stored.flash { return store }
    return try file.read()
  }

  /// Decodes what a file has; an error names the file.
  private static func decoding<Value>(
    _ file: VariableStoreFile, _ body: () throws(EFIDecodingError) -> Value
  ) throws(VariableStoreFileError) -> Value {
    do {
      return try body()
    } catch {
      throw .unreadable(path: file.path, error)
    }
  }

  /// Why an image is not unpacked: another file or host would be asked, or the disk filled.
  private static func objection(to header: Qcow2Header) -> String? {
    if let objection = header.objection {
      return "\(objection); `qemu-img convert -O raw` makes a raw store of it"
    }
    return header.virtualSize <= UInt64(VariableStoreFile.sizeLimit)
      ? nil : "it unpacks to \(header.virtualSize) bytes, more than any variable store"
  }

  /// The bytes that the program makes of the file.
  private func unpacked(
    _ file: VariableStoreFile, _ form: StoreForm, _ unpacking: StoreUnpacking
  ) async throws(VariableStoreFileError) -> [UInt8] {
    let folder = "\(FileManager.default.temporaryDirectory.path)/pxelab-store-\(UUID().uuidString)"
    do {
      try Files.makeFolder(folder)
    } catch {
      throw .file(error)
    }
    defer { try? Files.remove(folder) }
    let target = "\(folder)/store"
    do {
      try await runner.run(unpacking.command(file.path, target))
    } catch CommandError.missingProgram {
      throw .noUnpacker(path: file.path, form, unpacking)
    } catch {
      throw .notUnpacked(path: file.path, form, reason: "\(error)")
    }
    return try VariableStoreFile(path: target).bytes()
  }
}
