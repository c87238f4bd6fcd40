/// An XML element: what libvirt says and what libvirt is told are the same tree.
///
/// Everything is kept in the order in which it was read or put together.
package struct XMLElement: Hashable, Sendable {
  /// An attribute.
  package struct Attribute: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The value, unescaped.
    package var value: String

    /// An attribute.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The name, with a prefix where libvirt has one (`qemu:commandline`).
  package var name: String
  /// The attributes in order.
  package var attributes: [Attribute]
  /// The text, unescaped; `nil` in an element of elements.
  package var text: String?
  /// The elements in it, in order.
  package var children: [XMLElement]
  /// Where it comes from, for people: a manifest's field with its place, a setting or a default.
  package var origin: String?

  /// An element; attributes without a value are left out.
  package init(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], text: String? = nil,
    origin: String? = nil, _ children: [XMLElement] = []
  ) {
    self.name = name
    self.attributes = attributes.compactMap { name, value in
      value.map { Attribute(name: name, value: $0) }
    }
    self.text = text
    self.children = children
    self.origin = origin
  }

  /// An element of elements, without attributes.
  package init(_ name: String, origin: String? = nil, _ children: [XMLElement]) {
    self.init(name, [:], origin: origin, children)
  }

  /// The value of an attribute; setting `nil` takes the attribute away.
  package subscript(attribute name: String) -> String? {
    get { attributes.first { $0.name == name }?.value }
    set {
      let index = attributes.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): attributes[index].value = value
      case (let index?, nil): attributes.remove(at: index)
      case (nil, let value?): attributes.append(Attribute(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The element at a path of names from this one, each the first of its name.
  package func first(_ path: String...) -> XMLElement? {
    var element = self
    for name in path {
      guard let next = element.children.first(where: { $0.name == name }) else { return nil }
      element = next
    }
    return element
  }

  /// The elements in this one with a name.
  package func all(_ name: String) -> [XMLElement] {
    children.filter { $0.name == name }
  }

  /// Changes each element in this one with a name.
  package mutating func update(_ name: String, _ change: (inout XMLElement) throws -> Void)
    rethrows
  {
    for index in children.indices where children[index].name == name {
      try change(&children[index])
    }
  }

  /// Takes away the elements in this one with a name.
  package mutating func remove(_ name: String) {
    children.removeAll { $0.name == name }
  }

  /// Puts an element in the place of the first of its name, or at the end.
  package mutating func set(_ element: XMLElement) {
    if let index = children.firstIndex(where: { $0.name == element.name }) {
      children[index] = element
    } else {
      children.append(element)
    }
  }
}
