import ArgumentParser
import Foundation

/// How a result is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
}

/// The option that every command with a list or a verdict has.
struct FormatOption: ParsableArguments {
  @Option(name: .long, help: "How to print the result: text or json.")
  var format: OutputFormat = .text
}

/// JSON as every command prints it: sorted keys, so that two runs can be compared.
func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
