import FoundationEssentials
import KubeVirt
import LabManifest
import Objects

/// A machine's cloud-init seed, with the files that KubeVirt writes (pkg/cloud-init).
struct CloudInitSeed {
  let machine: Machine
  let source: Volume.CloudInit
  let objects: LabObjects
  /// The machine's UUID.
  let uuid: String

  /// For the data source NoCloud (cloud-init's documentation, "NoCloud").
  func noCloud() throws -> SeedImage {
    struct MetaData: Encodable {
      var instance: String
      var hostname: String

      enum CodingKeys: String, CodingKey {
        case instance = "instance-id"
        case hostname = "local-hostname"
      }
    }
    var files = ["user-data": userData]
    files["meta-data"] = try encode(MetaData(instance: uuid, hostname: hostname))
    if let networkData { files["network-config"] = networkData }
    return SeedImage(label: "cidata", files: files)
  }

  /// For the data source Config Drive, version 2 (cloud-init's documentation, "ConfigDrive").
  func configDrive() throws -> SeedImage {
    struct MetaData: Encodable {
      var instance: String
      var hostname: String
      var uuid: String

      enum CodingKeys: String, CodingKey {
        case instance = "instance_id"
        case hostname, uuid
      }
    }
    let folder = "openstack/latest"
    var files = ["\(folder)/user_data": userData]
    files["\(folder)/meta_data.json"] = try encode(
      MetaData(
        instance: "\(machine.name).\(machine.namespace)", hostname: hostname, uuid: uuid))
    if let networkData { files["\(folder)/network_data.json"] = networkData }
    return SeedImage(label: "config-2", files: files)
  }

  /// The Secrets that the folder lacks, or that lack the key.
  var missing: [String] {
    var missing: [String] = []
    if let name = source.userDataSecret, value(of: name, ["userdata", "userData"]) == nil {
      missing.append("Secret \(name) with the key userdata")
    }
    if let name = source.networkDataSecret,
      value(of: name, ["networkdata", "networkData"]) == nil
    {
      missing.append("Secret \(name) with the key networkdata")
    }
    return missing
  }

  private var userData: Data {
    source.userDataSecret.flatMap { value(of: $0, ["userdata", "userData"]) }
      ?? Data((source.userData ?? "").utf8)
  }

  private var networkData: Data? {
    source.networkDataSecret.flatMap { value(of: $0, ["networkdata", "networkData"]) }
      ?? source.networkData.map { Data($0.utf8) }
  }

  private var hostname: String {
    machine.hostname ?? String(machine.name.prefix { $0 != "." }.prefix(63))
  }

  private func value(of secret: String, _ keys: [String]) -> Data? {
    let values = objects.secrets[ObjectKey(.secrets, namespace: machine.namespace, name: secret)]
    return keys.lazy.compactMap { values?[$0] }.first
  }

  private func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }
}
