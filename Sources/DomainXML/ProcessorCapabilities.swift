import Foundation
import XMLCoder

/// The processors that a hypervisor gives to guests on this machine, as libvirt's domain
/// capabilities have them (libvirt, formatdomaincaps.html, "CPU configuration").
package struct ProcessorCapabilities: Hashable, Sendable {
  /// Whether a named model can be run.
  package enum Usability: String, Hashable, Sendable {
    /// It can.
    case yes
    /// It cannot.
    case no
    /// libvirt does not say.
    case unknown
  }

  /// The named models, by name.
  package var models: [String: Usability]
  /// What `host-model` stands for, as a `<cpu>` element; `nil` where there is none.
  package var hostModel: String?

  /// Parses `<domainCapabilities>`.
  ///
  /// - Throws: `DomainXMLError`.
  package init(parsing text: String) throws {
    struct Capabilities: Decodable {
      struct CPU: Decodable { var mode: [Mode]? }
      struct Mode: Decodable {
        var name: String
        var supported: String?
        var model: [Model]?
        var vendor: String?
        var feature: [Feature]?
      }
      struct Model: Decodable {
        var name: String
        var usable: String?

        enum CodingKeys: String, CodingKey {
          case name = ""
          case usable
        }
      }
      var cpu: CPU?
    }
    let modes = try Self.decode(Capabilities.self, text).cpu?.mode ?? []
    models = [:]
    hostModel = nil
    for mode in modes where mode.supported != "no" {
      switch mode.name {
      case "custom":
        for model in mode.model ?? [] {
          models[model.name] = model.usable.flatMap(Usability.init) ?? .unknown
        }
      case "host-model":
        guard let name = mode.model?.first?.name else { continue }
        let features = (mode.feature ?? []).map { feature in
          "<feature policy='\(feature.policy ?? "require")' name='\(Self.escaped(feature.name))'/>"
        }
        hostModel =
          "<cpu><model>\(Self.escaped(name))</model>"
          + (mode.vendor.map { "<vendor>\(Self.escaped($0))</vendor>" } ?? "")
          + features.joined() + "</cpu>"
      default: break
      }
    }
  }

  /// A named model as a `<cpu>` element.
  package static func description(ofModel name: String) -> String {
    "<cpu mode='custom' match='exact'><model>\(escaped(name))</model></cpu>"
  }

  /// The features that a `<cpu>` element with every feature listed has.
  ///
  /// - Throws: `DomainXMLError`.
  package static func features(ofBaseline text: String) throws -> Set<String> {
    struct CPU: Decodable { var feature: [Feature]? }
    let features = try decode(CPU.self, text).feature ?? []
    return Set(features.filter { $0.policy ?? "require" == "require" }.map(\.name))
  }

  private struct Feature: Decodable {
    var policy: String?
    var name: String
  }

  private static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    do {
      return try XMLDecoder().decode(type, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw DomainXMLError(error)
    } catch {
      throw DomainXMLError(path: "", reason: String(describing: error))
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing("'", with: "&apos;").replacing("\"", with: "&quot;")
  }
}
