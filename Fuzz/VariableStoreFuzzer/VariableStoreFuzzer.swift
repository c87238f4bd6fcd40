import Firmware

/// What is read of a variable store: the store, and what its variables hold. libFuzzer, which has the
/// program's main, watches for crashes, time and memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func read(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: bytes, count: count))
  if var store = try? VariableStore(bytes: bytes) {
    for variable in store.variables {
      precondition(VariableValue(variable).description.utf8.count < 1 << 20)
    }
    try? store.setBootNext(1)
    store.reclaim()
    // What was changed can be read, and holds the same.
    guard let again = try? VariableStore(bytes: store.bytes) else { preconditionFailure() }
    precondition(again.variables == store.variables)
  }
  if let stored = try? StoredVariables(bytes: bytes) {
    for variable in stored.variables {
      precondition(VariableValue(variable).description.utf8.count < 1 << 20)
      _ = stored.missingEntries(of: variable)
    }
    if var variables = stored.editable, (try? variables.setBootNext(1)) != nil {
      // A changed store keeps its form, and holds the same.
      guard let written = try? variables.encoded(),
        let again = try? StoredVariables(bytes: written)
      else { preconditionFailure() }
      precondition(again.form == stored.form && again.variables == variables.variables)
    }
  }
  _ = try? Qcow2Header(bytes: bytes)
  if let database = try? SignatureDatabase(bytes: bytes) { precondition(database.bytes == bytes) }
  if let path = try? DevicePath(bytes: bytes) {
    precondition((try? DevicePath(bytes: path.bytes)) == path)
    _ = path.description
  }
  _ = try? LoadOption(bytes: bytes).description
  _ = try? DevicePath(text: String(decoding: bytes, as: UTF8.self)).description
  _ = try? AuthenticodeImage.hashedBytes(of: bytes)
  return 0
}
