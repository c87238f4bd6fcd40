extension ObjectNode {
  /// The first document of a YAML text, whatever it says; `nil` where there is none.
  ///
  /// - Parameter file: the file's path, for places.
  /// - Throws: what is wrong with the YAML.
  package init?(yaml text: String, file: String) throws(Problem) {
    let bytes = Array(text.utf8)
    let read = bytes.withUnsafeBufferPointer { bytes in
      Result { () throws(Problem) in
        var composer = TreeComposer(file: file, lineOffset: 0, bytes: bytes)
        return try composer.next()
      }
    }
    guard let root = try read.get() else { return nil }
    self = root
  }
}
