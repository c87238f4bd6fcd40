/// A journal has a line that is not understood, so that not all that the lab has borrowed is known.
/// Nothing is undone then, and the line stays.
package struct JournalError: Error, Hashable, CustomStringConvertible {
  /// The journal's path.
  package let path: String
  /// The line's number, from 1.
  package let line: Int
  /// The entry's kind where it is one that a newer pxelab has written; `nil` for a damaged line.
  package let kind: String?

  package var description: String {
    if let kind {
      return
        "\(path):\(line): the entry \(kind) is of a newer pxelab, and this one cannot undo it: "
        + "use the pxelab that made the lab; nothing is undone"
    }
    return "\(path):\(line): this line of the journal is damaged, so what it says that the lab has "
      + "borrowed cannot be given back; nothing is undone. Look at it, give back by hand what it "
      + "names, take the line out, and try again"
  }
}
