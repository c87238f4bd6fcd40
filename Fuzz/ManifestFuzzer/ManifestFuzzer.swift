import LabManifest

/// The whole way from a file's bytes to its problems. libFuzzer, which has the program's main,
/// watches for crashes, time and memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func judge(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: bytes, count: count))
  let text = String(decoding: bytes, as: UTF8.self)
  let validation = ManifestValidation(files: [("fuzz.yaml", bytes)], folderName: "fuzz")
  let lab = LabInput(files: [("fuzz.yaml", text)], folderName: "fuzz")
  // What messages are made of is worked out only when they are read.
  for problem in validation.problems + lab.problems {
    precondition(problem.description.utf8.count < 1 << 20)
  }
  return 0
}
