import ArgumentParser
import FileSystem
import Firmware
import Foundation
import LabPlan
import LabStore

/// Which variable store a command is about: a machine's, or a file.
struct EFIStoreOptions: ParsableArguments {
  @Option(name: .long, help: "A store's file, such as OVMF_VARS.fd, instead of a machine.")
  var file: String?

  @Option(
    name: .long,
    help: "The machine's lab, by name or folder; without it the only one with such a machine.")
  var lab: String?

  /// The store, and what is left of the words on the command line after the machine's name.
  func store(_ words: [String]) throws -> (store: EFIStore, rest: [String]) {
    if let file {
      guard lab == nil else { throw Failure(.usage, "--file and --lab exclude each other") }
      guard Files.exists(file) else { throw Failure(.usage, "\(file): no such file") }
      return (EFIStore(title: file, file: VariableStoreFile(path: file)), words)
    }
    guard let machine = words.first else {
      throw Failure(.usage, "which machine? Give its name, or --file with a store's file")
    }
    let labs = LabRegistry(folders: try .current())
    let store = try MachineStores(labs: labs).store(of: machine, lab: lab)
    return (store, Array(words.dropFirst()))
  }
}

/// A variable store with the name that a person knows it by.
struct EFIStore {
  let title: String
  let file: VariableStoreFile
  /// Whether it outlives the lab; `nil` for a file that is no machine's.
  var isPersistent: Bool?
  /// The lab of the machine.
  var lab: LabPaths?

  /// Reads the store; of a machine that is on, says that it is a snapshot.
  func read() throws -> VariableStore {
    let store = try attempt { try file.read() }
    if file.isInUse {
      complain("\(title) is on: this is a snapshot of its variables, which it may change")
    } else if store.isRecovered {
      complain(
        "\(title): a crash left an unfinished write; this is what the firmware makes of it at the "
          + "next start")
    }
    return store
  }

  /// Changes the store as a whole or not at all.
  func change(_ body: (inout VariableStore) throws -> Void) throws {
    guard !file.isInUse else {
      throw Failure(
        .lab,
        "\(title) is on, and would overwrite what is written now; turn it off first (`pxelab "
          + "power off`, or shut it down from inside), or read with `pxelab efi list`")
    }
    var store = try attempt { try file.read() }
    try body(&store)
    try attempt { try file.write(store) }
    if isPersistent == false {
      complain(
        "\(title) has no `persistent: true`: its next start begins from the template, without this "
          + "change")
    }
  }

  private func attempt<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch let error as VariableStoreFileError {
      throw Failure(.lab, "\(error)")
    }
  }
}

/// Turns the errors of variables into those of the command line.
func refusingUsage<Value>(_ body: () throws -> Value) throws -> Value {
  do {
    return try body()
  } catch let error as EFIDecodingError {
    throw Failure(.usage, "\(error.structure): \(error.reason)")
  } catch let error as VariableStoreFullError {
    throw Failure(.lab, "\(error)")
  }
}
