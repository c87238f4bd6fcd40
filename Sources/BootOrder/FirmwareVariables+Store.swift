import Diagnosis
import Firmware

extension FirmwareVariables {
  /// What the rules need out of a variable store; what does not decode is left out.
  package init(_ store: some VariableCollection) {
    let hasPlatformKey = store[.platformKey] != nil
    let isEnabled = store[.secureBootEnable]?.data.first != 0
    self.init(
      secureBoot: hasPlatformKey && isEnabled, setupMode: !hasPlatformKey,
      bootOrder: (try? store.bootOrder()) ?? nil, bootNext: (try? store.bootNext()) ?? nil,
      entries: store.bootNumbers.compactMap { number -> Entry? in
        guard let option = (try? store.bootOption(number)) ?? nil else { return nil }
        return Entry(
          number: number, description: option.description, path: "\(option.devicePath)",
          isActive: option.attributes.contains(.active))
      })
  }
}
