extension Command {
  /// The command as a line that a person can paste into a POSIX shell, input as a here-document.
  package var shellText: String {
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.shellWord)" }
    let words = variables + [program] + arguments.map(\.shellWord)
    let line = words.joined(separator: " ")
    guard let input else { return line }
    let body = input.hasSuffix("\n") ? input : input + "\n"
    return "\(line) <<'EOF'\n\(body)EOF"
  }

}

extension String {
  /// The text as one word of a POSIX shell (POSIX, 2.2.2 Single-Quotes).
  package var shellWord: String {
    let safe = utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default:
        "-_./:=,@%+".utf8.contains(byte)
      }
    }
    guard isEmpty || !safe else { return self }
    return "'"
      + split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}
