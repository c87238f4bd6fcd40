import Glibc

/// The objects of a manifest file, read one after another, so that a file of any length takes the
/// memory of its bytes and of one document.
///
/// Each document is read alone, split at lines of `---` as Kubernetes' own reader splits them, so
/// an error in one does not hide the next. A `List`, or a list of one kind, is replaced by its items,
/// and an OpenShift `Template` by its objects (``ObjectTemplate``). A key that stands
/// twice in a mapping is an error, as in Kubernetes' strict decoding.
package struct ManifestReader: Sequence, IteratorProtocol, Sendable {
  /// What comes next in a file.
  package enum Element: Sendable {
    /// An object.
    case document(ManifestDocument)
    /// What is wrong with the YAML, which hides one document.
    case problem(Problem)
  }

  /// Problems after which the rest of a file is not read.
  static let problemLimit = 10_000
  /// Objects after which the rest of a file is not read.
  static let documentLimit = 250_000
  /// The bytes of an object that a cluster stores (etcd, --max-request-bytes, by default).
  static let sizeLimit = 1_572_864

  /// The file's path as given.
  package let path: String
  private let bytes: [UInt8]
  /// Where the next part begins.
  private var offset = 0
  /// Lines of the file before that.
  private var line = 0
  /// What the last part held, in reverse order.
  private var pending: [Element] = []
  private var problemCount = 0
  private var documentCount = 0

  /// Reads the YAML (or JSON) of a file, UTF-8 with or without a byte order mark.
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { offset = 3 }
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      offset = bytes.count
      pending = [
        .problem(
          Problem(
            location: SourceLocation(file: path, line: 1, column: 1),
            message: "YAML: the file is in UTF-16, which Kubernetes does not read;"
              + " convert it to UTF-8"))
      ]
    }
  }

  /// Reads text.
  package init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  /// The next object or problem; `nil` at the end of the file.
  package mutating func next() -> Element? {
    while pending.isEmpty {
      guard offset < bytes.count else { return nil }
      readPart()
    }
    let element = pending.removeLast()
    switch element {
    case .document(let document):
      documentCount += 1
      guard documentCount > Self.documentLimit else { return element }
      return end(at: document.location, "more than \(Self.documentLimit) objects")
    case .problem(let problem):
      problemCount += 1
      guard problemCount > Self.problemLimit else { return element }
      return end(at: problem.location, "more than \(Self.problemLimit) errors")
    }
  }

  /// Leaves the rest of the file unread.
  private mutating func end(at location: SourceLocation?, _ reason: String) -> Element {
    pending = []
    offset = bytes.count
    return .problem(
      Problem(location: location, message: "YAML: \(reason); the rest of the file is not read"))
  }

  /// Reads up to the next line of `---`.
  private mutating func readPart() {
    let file = path
    let firstLine = line
    var found: [Element] = []
    bytes.withUnsafeBufferPointer { bytes in
      let part = Part(bytes, from: offset)
      if !part.isBlank {
        let content = UnsafeBufferPointer(rebasing: bytes[offset..<part.end])
        var composer = TreeComposer(file: file, lineOffset: firstLine, bytes: content)
        do throws(Problem) {
          while let root = try composer.next() { Self.add(root, to: &found) }
        } catch {
          found.append(.problem(error))
        }
      }
      offset = part.end
      line += part.lineCount
    }
    found.reverse()
    pending = found
  }

  private static func add(_ root: ObjectNode, to found: inout [Element]) {
    if root.isNull { return }
    guard root.isMapping else {
      found.append(
        .problem(
          Problem(location: root.location, message: "\(Problem.noMapping), found \(root.jsonKind)"))
      )
      return
    }
    guard let document = ManifestDocument(root: root) else { return }
    if document.kind.hasSuffix("List"), let items = root["items"], items.isSequence {
      for item in items.items { add(item.listed(in: document), to: &found) }
      return
    }
    if root.size <= sizeLimit, let template = ObjectTemplate(document) {
      for object in template.objects { add(object, to: &found) }
      return
    }
    guard root.size <= sizeLimit else {
      found.append(
        .problem(
          Problem(
            location: root.location,
            message: "etcdserver: request is too large: a cluster stores objects of at most"
              + " \(sizeLimit) bytes, this one has about \(root.size)")))
      return
    }
    if document.kind.isEmpty {
      var message = "\(Problem.noKind): \(Problem.objectNeeds)"
      // Grafana's and others' files have a number there.
      if document.apiVersion.contains("v") || (root["metadata"] != nil && root["spec"] != nil) {
        message += "; this one has no kind"
      }
      if let near = root.entries.first(where: { $0.key.lowercased() == "kind" }) {
        message += "; did you mean \"kind\" for \(near.key.debugDescription)?"
      }
      found.append(
        .problem(Problem(location: root.location, field: "kind", message: message)))
      return
    }
    found.append(.document(document))
  }
}

extension ObjectNode {
  /// An item of a list of one kind, which may leave out what the list says of all: `apiVersion` and
  /// `kind`.
  fileprivate func listed(in list: ManifestDocument) -> ObjectNode {
    let kind = list.kind.dropLast("List".count)
    guard !kind.isEmpty, isMapping, self["kind"] == nil else { return self }
    var item = self
    item.set([("apiVersion", .text(list.apiVersion)), ("kind", .text(String(kind)))])
    return item
  }
}

/// A stretch of a file up to the next line of `---`, beginning with such a line or the file.
private struct Part {
  /// Where it ends.
  var end: Int
  /// Its lines.
  var lineCount = 0
  /// Whether there are only comments, directives and blank lines in it.
  var isBlank = true

  init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
    end = bytes.count
    var lineStart = start
    while lineStart < bytes.count {
      let isMarker = Self.isMarker(bytes, at: lineStart)
      if isMarker, lineStart > start {
        end = lineStart
        return
      }
      let lineEnd = bytes.newline(from: lineStart) ?? bytes.count
      if isBlank {
        isBlank = Self.isBlank(
          UnsafeBufferPointer(rebasing: bytes[(isMarker ? lineStart + 3 : lineStart)..<lineEnd]))
      }
      lineCount += 1
      lineStart = lineEnd + 1
    }
  }

  /// Whether a line is `---`, with nothing or a blank behind it.
  private static func isMarker(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    guard bytes[start] == 0x2d, start + 2 < bytes.count, bytes[start + 1] == 0x2d,
      bytes[start + 2] == 0x2d
    else { return false }
    guard start + 3 < bytes.count else { return true }
    return [0x20, 0x09, 0x0a, 0x0d].contains(bytes[start + 3])
  }

  private static func isBlank(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    if line.first == UInt8(ascii: "%") { return true }
    for byte in line where byte != 0x20 && byte != 0x09 && byte != 0x0d {
      return byte == UInt8(ascii: "#")
    }
    return true
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The next line feed at an index or after it.
  func newline(from index: Int) -> Int? {
    guard let baseAddress, index < count else { return nil }
    guard let found = memchr(baseAddress + index, 0x0a, count - index) else { return nil }
    return UnsafeRawPointer(baseAddress).distance(to: UnsafeRawPointer(found))
  }
}
