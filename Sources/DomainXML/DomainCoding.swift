import Foundation
import XMLCoder

/// XML that is not a libvirt domain.
package struct DomainXMLError: Error, Hashable, CustomStringConvertible {
  /// The element path at fault, from the root: `domain/os/loader`; empty when it is not XML.
  package var path: String
  /// What is wrong there.
  package var reason: String

  /// One line for a person.
  package var description: String {
    path.isEmpty ? "domain XML: \(reason)" : "domain XML, \(path): \(reason)"
  }
}

extension Domain {
  /// Parses what libvirt gives (`virsh dumpxml`).
  ///
  /// - Throws: `DomainXMLError`.
  package init(parsing text: String) throws {
    // Trimming would also eat the spaces beside an entity: "a &amp; b".
    let decoder = XMLDecoder(trimValueWhitespaces: false, removeWhitespaceElements: true)
    decoder.shouldProcessNamespaces = false
    decoder.nodeDecodingStrategy = .custom { type, _ in
      { key in
        switch (type as? any AttributedElement.Type)?.isAttribute(key) {
        case true?: .attribute
        case false?: .element
        case nil: .elementOrAttribute
        }
      }
    }
    do {
      self = try decoder.decode(Domain.self, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw DomainXMLError(error)
    } catch {
      throw DomainXMLError(path: "", reason: String(describing: error))
    }
  }
}

extension DomainXMLError {
  init(_ error: DecodingError) {
    let context: DecodingError.Context
    var missing: [any CodingKey] = []
    switch error {
    case .keyNotFound(let key, let given):
      context = given
      missing = [key]
    case .valueNotFound(_, let given), .typeMismatch(_, let given), .dataCorrupted(let given):
      context = given
    @unknown default:
      self.init(path: "", reason: String(describing: error))
      return
    }
    var names = (context.codingPath + missing).map(\.stringValue).filter { !$0.isEmpty }
    if names.count > 1, names.suffix(2).first == names.last { names.removeLast() }
    self.init(
      path: names.isEmpty ? "" : "domain/" + names.joined(separator: "/"),
      reason: context.debugDescription + (context.underlyingError.map { ": \($0)" } ?? ""))
  }
}
