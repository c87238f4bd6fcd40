/// An element some of whose properties are attributes; XMLCoder writes all others as elements.
protocol AttributedElement: SendableMetatype {
  static func isAttribute(_ key: any CodingKey) -> Bool
}

/// An element whose every property but the text is an attribute.
protocol FlatElement: AttributedElement {}

extension FlatElement {
  static func isAttribute(_ key: any CodingKey) -> Bool { !key.stringValue.isEmpty }
}

/// An element with attributes and child elements, told apart by name.
protocol MixedElement: AttributedElement {
  static var attributes: Set<String> { get }
}

extension MixedElement {
  static func isAttribute(_ key: any CodingKey) -> Bool { attributes.contains(key.stringValue) }
}

// XMLCoder asks for the type of the property, which for repeated elements is the array.
extension Array: AttributedElement where Element: AttributedElement {
  static func isAttribute(_ key: any CodingKey) -> Bool { Element.isAttribute(key) }
}

extension Domain: MixedElement {
  static let attributes: Set<String> = ["type", "id"]
}

extension Domain.SystemInformation: MixedElement {
  static let attributes: Set<String> = ["type"]
}

extension Domain.OperatingSystem: AttributedElement {
  static func isAttribute(_ key: any CodingKey) -> Bool {
    key as? CodingKeys == .firmware
  }
}

extension Domain.CPU: MixedElement {
  static let attributes: Set<String> = ["mode", "match", "check"]
}

extension Domain.Controller: MixedElement {
  static let attributes: Set<String> = ["type", "index", "model"]
}

extension Domain.Disk: MixedElement {
  static let attributes: Set<String> = ["type", "device"]
}

extension Domain.Interface: MixedElement {
  static let attributes: Set<String> = ["type"]
}

extension Domain.CharacterDevice: MixedElement {
  static let attributes: Set<String> = ["type"]
}

extension Domain.Graphics: MixedElement {
  static let attributes: Set<String> = ["type"]
}

extension Domain.RandomNumberGenerator: MixedElement {
  static let attributes: Set<String> = ["model"]
}

extension Domain.Memory: FlatElement {}
extension Domain.VirtualCPUs: FlatElement {}
extension Domain.SystemInformation.Entry: FlatElement {}
extension Domain.OperatingSystem.Machine: FlatElement {}
extension Domain.OperatingSystem.FirmwareFeatures.Feature: FlatElement {}
extension Domain.OperatingSystem.Loader: FlatElement {}
extension Domain.OperatingSystem.NVRAM: FlatElement {}
extension Domain.OperatingSystem.BootMenu: FlatElement {}
extension Domain.OperatingSystem.BIOS: FlatElement {}
extension Domain.OperatingSystem.SMBIOS: FlatElement {}
extension Domain.Features.Switch: FlatElement {}
extension Domain.CPU.Model: FlatElement {}
extension Domain.CPU.Feature: FlatElement {}
extension Domain.CPU.Topology: FlatElement {}
extension Domain.Boot: FlatElement {}
extension Domain.Alias: FlatElement {}
extension Domain.Address: FlatElement {}
extension Domain.Disk.Driver: FlatElement {}
extension Domain.Disk.Source: FlatElement {}
extension Domain.Disk.Target: FlatElement {}
extension Domain.Interface.Hardware: FlatElement {}
extension Domain.Interface.Target: FlatElement {}
extension Domain.Interface.Model: FlatElement {}
extension Domain.Interface.Driver: FlatElement {}
extension Domain.Interface.Link: FlatElement {}
extension Domain.Interface.MTU: FlatElement {}
extension Domain.Interface.ROM: FlatElement {}
extension Domain.Interface.ACPI: FlatElement {}
extension Domain.CharacterDevice.Source: FlatElement {}
extension Domain.CharacterDevice.Log: FlatElement {}
extension Domain.CharacterDevice.Target: FlatElement {}
extension Domain.Graphics.Listen: FlatElement {}
extension Domain.Video.Model: FlatElement {}
extension Domain.MemoryBalloon: FlatElement {}
extension Domain.RandomNumberGenerator.Backend: FlatElement {}
