import KubeVirt
import Objects

extension LabInput {
  /// What local disk images may stand for: the images of container disks, the URLs of DataVolumes,
  /// and claims by name. The value says whether the reference names an image, which may be found by
  /// its file name; a claim's name does not.
  package var imageReferences: [String: Bool] {
    var references: [String: Bool] = [:]
    for machine in machines {
      for volume in machine.volumes {
        switch volume.source {
        case .containerDisk(let image): references[image] = true
        case .persistentVolumeClaim(let claim), .dataVolume(let claim):
          references[claim] = references[claim] ?? false
          let key = ObjectKey(.dataVolumes, namespace: machine.namespace, name: claim)
          if case .url(let url)? = objects.dataVolumes[key]?.source { references[url] = true }
        default: break
        }
      }
    }
    return references
  }

  /// Whether a machine has a disk that a program makes.
  package var needsDiskPrograms: Bool {
    machines.contains { machine in
      machine.volumes.contains { volume in
        switch volume.source {
        case .containerDisk, .persistentVolumeClaim, .dataVolume, .cloudInitNoCloud,
          .cloudInitConfigDrive, .configMap, .secret:
          true
        default: false
        }
      }
    }
  }
}
