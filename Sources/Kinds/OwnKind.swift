import FoundationEssentials
import Objects

/// An object of a kind of pxelab's own (`pxelab.dev/v1alpha1`), as the store keeps it.
package protocol OwnKind: Codable, Sendable, Hashable {
  /// How the API addresses the kind.
  static var resource: GroupResource { get }
  /// The kind's name in an object.
  static var kindName: String { get }
  /// Who the object is.
  var metadata: ObjectMetadata { get set }
}

extension OwnKind {
  /// The group and version of all kinds of pxelab's own.
  package static var apiVersion: String { "pxelab.dev/v1alpha1" }

  /// The object's identity.
  package var key: ObjectKey {
    ObjectKey(Self.resource, namespace: metadata.namespace ?? "", name: metadata.name)
  }
}

/// The part of an object's metadata that pxelab's own kinds use (apimachinery, ObjectMeta).
package struct ObjectMetadata: Codable, Sendable, Hashable {
  /// Its name.
  package var name: String
  /// Its namespace; `nil` of an object of the whole cluster.
  package var namespace: String?
  /// Its UID, which the store gives.
  package var uid: String?
  /// Its version, by which a write of an older one is refused.
  package var resourceVersion: String?
  /// When it was made (RFC 3339), by the store's clock.
  package var creationTimestamp: String?
  /// Its labels.
  package var labels: [String: String]?
  /// Whose it is: it goes when that goes.
  package var ownerReferences: [Owner]?

  /// The owner of an object (apimachinery, OwnerReference).
  package struct Owner: Codable, Sendable, Hashable {
    /// `kubevirt.io/v1`.
    package var apiVersion: String
    /// `VirtualMachineInstance`.
    package var kind: String
    /// The owner's name.
    package var name: String
    /// The owner's UID.
    package var uid: String

    /// An owner.
    package init(apiVersion: String, kind: String, name: String, uid: String) {
      self.apiVersion = apiVersion
      self.kind = kind
      self.name = name
      self.uid = uid
    }
  }

  /// The metadata of an object that is to be made.
  package init(name: String, namespace: String? = nil, owner: Owner? = nil) {
    self.name = name
    self.namespace = namespace
    ownerReferences = owner.map { [$0] }
  }
}

/// Why an object cannot be read as what it should be.
package struct KindError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Which object and why.
  package let description: String

  /// An error.
  package init(_ description: String) { self.description = description }
}

extension ObjectNode {
  /// The object as one of pxelab's own kinds.
  ///
  /// - Throws: ``KindError``.
  package func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws(KindError)
    -> Value
  {
    do {
      return try JSONDecoder().decode(type, from: Data(canonicalJSON))
    } catch {
      let name = self["metadata", "name"]?.string ?? ""
      throw KindError("\(type) \(name) cannot be read: \(error)")
    }
  }

  /// A value as a tree.
  ///
  /// - Throws: ``KindError``.
  package init(encoding value: some Encodable) throws(KindError) {
    do {
      self = try ObjectNode(json: [UInt8](try JSONEncoder().encode(value)))
    } catch {
      throw KindError("\(type(of: value)) cannot be written: \(error)")
    }
  }
}

extension OwnKind {
  /// The object with its apiVersion and kind, as it is sent.
  ///
  /// - Throws: ``KindError``.
  package func tree() throws(KindError) -> ObjectNode {
    var tree = try ObjectNode(encoding: self)
    tree["apiVersion"] = .text(Self.apiVersion)
    tree["kind"] = .text(Self.kindName)
    return tree
  }
}
