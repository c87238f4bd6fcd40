import Foundation
import LabManifest
import Testing

@testable import Planning

@Suite struct VolumePlannerTests {
  private static let hostDisks = """
    ---
    apiVersion: hco.kubevirt.io/v1beta1
    kind: HyperConverged
    metadata: {name: kubevirt-hyperconverged}
    spec: {featureGates: {HostDisk: true}}
    """
  private static let image = DiskImage(
    path: "/disks/fedora.qcow2", format: "qcow2", virtualSize: 5 << 30)
  private static let folder = "/state/labs/lab/machine-m"
  private static let claims = "/state/stores/lab/claims"

  private static func plan(
    _ volume: String, _ objects: String = "", _ images: [String: DiskImage] = [:]
  ) throws -> (volume: VolumePlan?, notices: [String]) {
    let text = LabText(disks: [("disk: {bus: virtio}", volume)], cluster: hostDisks + objects)
    let plan = try text.plan(.fixed(diskImages: images))
    return (
      plan.machines.first?.volumes.first, plan.notices.filter { $0.hasPrefix("m: disk d0") }
    )
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var volume: String
    var objects = ""
    var images: [String: DiskImage] = [:]
    var path: String
    var format = VolumePlan.Format.raw
    var content: VolumePlan.Content
    var owner = VolumePlan.Owner.lab
    var notices: [String] = []

    var testDescription: String { volume + (objects.isEmpty ? "" : " with objects") }
  }

  private static func object(_ apiVersion: String, _ kind: String, _ rest: String) -> String {
    "\n---\napiVersion: \(apiVersion)\nkind: \(kind)\n\(rest)\n"
  }

  private static let claim = object(
    "v1", "PersistentVolumeClaim",
    "metadata: {name: c}\nspec: {resources: {requests: {storage: 7Gi}}}")
  private static func dataVolume(_ source: String, size: String = "8Gi") -> String {
    object(
      "cdi.kubevirt.io/v1beta1", "DataVolume",
      "metadata: {name: c}\nspec: {source: \(source), "
        + "pvc: {resources: {requests: {storage: \(size)}}}}")
  }

  @Test(arguments: [
    Case(
      volume: "emptyDisk: {capacity: 3Gi}", path: "\(folder)/d0.img", content: .empty(size: 3 << 30)
    ),
    Case(
      volume: "containerDisk: {image: example.org/a}", path: "\(folder)/d0.img",
      content: .empty(size: 1 << 30),
      notices: ["no local file stands for the container disk example.org/a"]),
    Case(
      volume: "containerDisk: {image: example.org/a}", images: ["example.org/a": image],
      path: "\(folder)/d0.qcow2", format: .qcow2, content: .overlay(image),
      notices: ["/disks/fedora.qcow2 stands for the container disk example.org/a"]),
    Case(
      volume: "hostDisk: {path: /disks/a.img, type: Disk}", path: "/disks/a.img",
      content: .existing, owner: .user),
    Case(
      volume: "hostDisk: {path: a.img, type: DiskOrCreate, capacity: 2Gi}", path: "/folder/a.img",
      content: .empty(size: 2 << 30), owner: .user),
    Case(
      volume: "persistentVolumeClaim: {claimName: c}", objects: claim,
      path: "\(claims)/default.c.img", content: .empty(size: 7 << 30), owner: .stores),
    Case(
      volume: "persistentVolumeClaim: {claimName: c}", path: "\(claims)/default.c.img",
      content: .empty(size: 1 << 30), owner: .stores,
      notices: ["no PersistentVolumeClaim and no DataVolume c in this folder"]),
    Case(
      volume: "persistentVolumeClaim: {claimName: c}", objects: claim, images: ["c": image],
      path: "\(claims)/default.c.img", content: .copy(image, size: 7 << 30), owner: .stores,
      notices: ["a copy of /disks/fedora.qcow2 stands for c"]),
    Case(
      volume: "dataVolume: {name: c}", objects: dataVolume("{blank: {}}"),
      path: "\(claims)/default.c.img", content: .empty(size: 8 << 30), owner: .stores),
    Case(
      volume: "dataVolume: {name: c}", objects: dataVolume("{http: {url: 'http://x/y.img'}}"),
      images: ["http://x/y.img": image], path: "\(claims)/default.c.img",
      content: .copy(image, size: 8 << 30), owner: .stores,
      notices: ["a copy of /disks/fedora.qcow2 stands for http://x/y.img"]),
    Case(
      volume: "dataVolume: {name: c}",
      objects: dataVolume("{registry: {url: 'docker://x/y'}}", size: "1Gi"),
      images: ["docker://x/y": image], path: "\(claims)/default.c.img",
      content: .copy(image, size: 5 << 30), owner: .stores,
      notices: ["stands for docker://x/y", "it is 5Gi, as that image, and not 1Gi"]),
    Case(
      volume: "dataVolume: {name: c}", objects: dataVolume("{http: {url: 'http://x/y.img'}}"),
      path: "\(claims)/default.c.img", content: .empty(size: 8 << 30), owner: .stores,
      notices: ["no local file stands for http://x/y.img"]),
    Case(
      volume: "dataVolume: {name: c}", objects: dataVolume("{snapshot: {name: s}}"),
      path: "\(claims)/default.c.img", content: .empty(size: 8 << 30), owner: .stores,
      notices: ["a lab does not fill c from snapshot"]),
    Case(
      volume: "configMap: {name: k, volumeLabel: settings}",
      objects: object("v1", "ConfigMap", "metadata: {name: k}\ndata: {a: '1', ../b: '2'}"),
      path: "\(folder)/d0.iso",
      content: .seed(SeedImage(label: "settings", files: ["a": Data("1".utf8)])),
      notices: ["the key \"../b\" is no file name"]),
    Case(
      volume: "secret: {secretName: k}",
      objects: object("v1", "Secret", "metadata: {name: k}\ndata: {a: AAEC}"),
      path: "\(folder)/d0.iso",
      content: .seed(SeedImage(label: "cfgdata", files: ["a": Data([0, 1, 2])]))),
  ])
  func file(_ example: Case) throws {
    let planned = try Self.plan(example.volume, example.objects, example.images)
    #expect(
      planned.volume
        == VolumePlan(
          name: "d0", path: example.path, format: example.format, content: example.content,
          owner: example.owner))
    #expect(planned.notices.count == example.notices.count, "\(planned.notices)")
    for (seen, expected) in zip(planned.notices, example.notices) {
      #expect(seen.contains(expected), "\(seen)")
    }
  }

  @Test(arguments: [
    ("downwardAPI: {fields: []}", "volumes of type downwardAPI have no meaning"),
    ("configMap: {name: k}", "no ConfigMap k in this folder"),
    ("secret: {secretName: k}", "no Secret k in this folder"),
  ])
  func aVolumeWithoutAMeaningIsLeftOutAndSaidSo(_ volume: String, _ notice: String) throws {
    let planned = try Self.plan(volume)
    #expect(planned.volume == nil)
    #expect(planned.notices.contains { $0.contains(notice) }, "\(planned.notices)")
  }

  @Test(arguments: [
    ("hostDisk: {path: /run/a.img, type: Disk}", "covers"),
    ("hostDisk: {path: ../../var/lib/libvirt/images/a.img, type: Disk}", "covers"),
    ("hostDisk: {path: /disks/a.img, type: DiskOrCreate}", "needs a capacity"),
  ])
  func aDiskThatCannotBeUsedIsAnError(_ volume: String, _ reason: String) throws {
    let error = try #require(throws: PlanningError.self) { try Self.plan(volume) }
    #expect(error.description.contains(reason), "\(error)")
  }

  @Test func aNameThatIsNoFileNameStaysInsideTheFolder() {
    for name in ["../../etc", ".", "..", ".hidden", "a/b", "a b", "", "größe"] {
      #expect(VolumePlanner.fileName(name) == nil, "\(name)")
    }
    #expect(VolumePlanner.fileName("cloud-init.disk_1") == "cloud-init.disk_1")
  }

  // MARK: Seeds

  private static let secret = object(
    "v1", "Secret", "metadata: {name: s}\nstringData: {userData: '#u', networkdata: '#n'}")

  @Test(arguments: [
    (
      "cloudInitNoCloud: {userData: '#cloud-config', networkData: 'version: 2'}", "", "cidata",
      [
        "meta-data": #"{"instance-id":"UUID","local-hostname":"m"}"#,
        "user-data": "#cloud-config", "network-config": "version: 2",
      ]
    ),
    (
      "cloudInitNoCloud: {userDataBase64: I2Nsb3VkLWNvbmZpZw==}", "", "cidata",
      [
        "meta-data": #"{"instance-id":"UUID","local-hostname":"m"}"#,
        "user-data": "#cloud-config",
      ]
    ),
    (
      "cloudInitConfigDrive: {userData: '#cloud-config', networkData: '{}'}", "", "config-2",
      [
        "openstack/latest/meta_data.json":
          #"{"hostname":"m","instance_id":"m.default","uuid":"UUID"}"#,
        "openstack/latest/user_data": "#cloud-config", "openstack/latest/network_data.json": "{}",
      ]
    ),
    (
      "cloudInitNoCloud: {secretRef: {name: s}, networkDataSecretRef: {name: s}}", secret, "cidata",
      [
        "meta-data": #"{"instance-id":"UUID","local-hostname":"m"}"#, "user-data": "#u",
        "network-config": "#n",
      ]
    ),
  ])
  func seed(_ volume: String, _ objects: String, _ label: String, _ files: [String: String])
    throws
  {
    let planned = try Self.plan(volume, objects)
    let uuid = StableIdentity.uuid(lab: "lab", machine: "m")
    #expect(
      planned.volume?.content
        == .seed(
          SeedImage(
            label: label,
            files: files.mapValues { Data($0.replacing("UUID", with: uuid).utf8) })))
    #expect(planned.volume?.path == "\(Self.folder)/d0.iso")
    #expect(planned.notices == [])
  }

  @Test func aSecretThatIsNotThereIsSaid() throws {
    let planned = try Self.plan("cloudInitNoCloud: {secretRef: {name: s}}")
    #expect(planned.volume != nil)
    #expect(planned.notices.contains { $0.contains("no Secret s with the key userdata") })
  }

  @Test func whatIsShownHasNoSecrets() throws {
    let text = LabText(
      disks: [("disk: {}", "cloudInitNoCloud: {userData: 'password: hunter2'}")])
    let plan = try text.plan().withoutSecrets
    guard case .seed(let seed)? = plan.machines.first?.volumes.first?.content else {
      Issue.record("no seed")
      return
    }
    #expect(seed.files["user-data"] == Data("17 bytes".utf8))
  }
}
