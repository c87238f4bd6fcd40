extension Command {
  /// The command as a line that a person can paste into a POSIX shell, input as a here-document.
  package var shellText: String {
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted($0.value))" }
    let words = variables + [program] + arguments.map(quoted)
    let line = words.joined(separator: " ")
    guard let input else { return line }
    let body = input.hasSuffix("\n") ? input : input + "\n"
    return "\(line) <<'EOF'\n\(body)EOF"
  }

  private func quoted(_ word: String) -> String {
    let safe = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default:
        "-_./:=,@%+".utf8.contains(byte)
      }
    }
    guard word.isEmpty || !safe else { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}
