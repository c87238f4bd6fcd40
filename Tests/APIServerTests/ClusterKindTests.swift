import HTTPService
import Objects
import Testing

@testable import APIServer
@testable import Client

/// Kinds that a lab keeps because clients ask for them.
@Suite struct ClusterKindTests {
  /// What a kube-scheduler lists and watches before it begins.
  @Test(arguments: [
    "/api/v1/pods", "/api/v1/nodes", "/api/v1/namespaces", "/api/v1/services",
    "/api/v1/replicationcontrollers", "/api/v1/persistentvolumes", "/api/v1/persistentvolumeclaims",
    "/apis/apps/v1/replicasets", "/apis/apps/v1/statefulsets",
    "/apis/policy/v1/poddisruptionbudgets",
    "/apis/storage.k8s.io/v1/storageclasses", "/apis/storage.k8s.io/v1/csinodes",
    "/apis/storage.k8s.io/v1/csidrivers", "/apis/storage.k8s.io/v1/csistoragecapacities",
    "/apis/storage.k8s.io/v1/volumeattachments", "/apis/resource.k8s.io/v1/resourceclaims",
    "/apis/resource.k8s.io/v1/resourceslices", "/apis/resource.k8s.io/v1/deviceclasses",
  ])
  func schedulersFindTheirKinds(path: String) async throws {
    let api = try await TestAPI()
    let (status, list, _) = try await api.send("GET", "\(path)?limit=500&resourceVersion=0")
    #expect(status == 200)
    #expect(list["items"]?.isSequence == true)
    let version = list["metadata", "resourceVersion"]?.string ?? ""
    let (watched, _, _) = try await api.send(
      "GET", "\(path)?watch=true&resourceVersion=\(version)&timeoutSeconds=0")
    #expect(watched == 200)
    await api.stop()
  }

  @Test func whoMakesAnIdleObjectIsTold() async throws {
    let api = try await TestAPI()
    let (status, _, fields) = try await api.send(
      "POST", "/apis/apps/v1/namespaces/default/statefulsets",
      #"{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"s"},"spec":{"replicas":2}}"#
    )
    #expect(status == 201)
    #expect(
      fields.contains {
        $0.name.lowercased() == "warning" && $0.value.contains("nothing in it acts")
      })
    let (_, scale, _) = try await api.send(
      "GET", "/apis/apps/v1/namespaces/default/statefulsets/s/scale")
    #expect(scale["spec", "replicas"] == 2)
    await api.stop()
  }

  @Test func anEventHasTwoForms() async throws {
    let api = try await TestAPI()
    let new = "/apis/events.k8s.io/v1/namespaces/default/events"
    let old = "/api/v1/namespaces/default/events"
    let (status, made, _) = try await api.send(
      "POST", "\(new)?fieldManager=s",
      #"{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e"},"eventTime":"2026-11-29T16:56:29.954429Z","note":"n","reason":"r","type":"Normal","action":"a","regarding":{"kind":"Pod","name":"p","namespace":"default","uid":"u"},"reportingController":"c","reportingInstance":"i"}"#
    )
    #expect(status == 201)
    #expect(made["note"] == "n")
    #expect(made["metadata", "managedFields"]?.item(0)?["fieldsV1", "f:regarding"] == [:])
    let (_, seen, _) = try await api.send("GET", "\(old)/e")
    #expect(seen["apiVersion"] == "v1")
    #expect(seen["message"] == "n")
    #expect(seen["involvedObject", "uid"] == "u")
    #expect(seen["reportingComponent"] == "c")
    #expect(seen["note"] == nil)
    let (_, found, _) = try await api.send("GET", "\(old)?fieldSelector=involvedObject.uid%3Du")
    #expect(found["items"]?.items.count == 1)
    let (_, regarding, _) = try await api.send("GET", "\(new)?fieldSelector=regarding.uid%3Du")
    #expect(regarding["items"]?.item(0)?["regarding", "name"] == "p")
    let (patched, changed, _) = try await api.send(
      "PATCH", "\(new)/e", type: "application/merge-patch+json", #"{"note":"m"}"#)
    #expect(patched == 200)
    #expect(changed["note"] == "m")
    #expect(try await api.send("GET", "\(old)/e").body["message"] == "m")
    #expect(try await api.send("DELETE", "\(new)/e").status == 200)
    #expect(try await api.send("GET", "\(old)/e").status == 404)
    await api.stop()
  }
}

/// Lists that are read in parts.
@Suite struct ListPageTests {
  @Test func partsMakeTheWhole() async throws {
    let api = try await TestAPI()
    for name in ["a", "b", "c", "d", "e"] { try await api.client.create(configMap(name)) }
    let maps = "/api/v1/namespaces/default/configmaps"
    var names: [String] = []
    var rest: [Int?] = []
    var token = ""
    repeat {
      let (status, list, _) = try await api.send("GET", "\(maps)?limit=2&continue=\(token)")
      #expect(status == 200)
      names += list["items"]?.items.map(\.name) ?? []
      rest.append(list["metadata", "remainingItemCount"]?.integer)
      token = (list["metadata", "continue"]?.string ?? "").replacing("=", with: "%3D")
        .replacing("+", with: "%2B").replacing("/", with: "%2F")
    } while !token.isEmpty
    #expect(names == ["a", "b", "c", "d", "e"])
    #expect(rest == [3, 1, nil])
    #expect(try await api.send("GET", "\(maps)?limit=2&continue=x").status == 400)
    await api.stop()
  }
}
