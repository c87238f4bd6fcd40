import ArgumentParser

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
