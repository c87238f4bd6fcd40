import Objects

/// How many requests the parts of KubeVirt send at most (client-go's token bucket), as a HyperConverged
/// tunes them (hyperconverged-cluster-operator, controllers/handlers/kubevirt.go).
struct TuningPolicy {
  /// Requests in a second, as it is written.
  var qps: ObjectNode
  /// Requests at once.
  var burst: Int

  /// The annotation with the numbers of the policy `annotation`.
  static let annotation = "hco.kubevirt.io/tuningPolicy"
  /// The policies, as the CRD lists them.
  static let names = ["annotation", "highBurst"]

  /// Why a policy cannot be followed, in the operator's words.
  struct Refusal: Error, Equatable {
    var message: String
  }

  /// The numbers that a HyperConverged of v1beta1 asks for; `nil` where KubeVirt's own hold.
  ///
  /// - Throws: ``Refusal``.
  static func of(_ object: ObjectNode) throws(Refusal) -> TuningPolicy? {
    let written = object["metadata", "annotations", annotation]?.string
    switch object["spec", "tuningPolicy"]?.string {
    case "annotation":
      guard let written else {
        throw Refusal(message: "tuning policy set but annotation not present or wrong")
      }
      return try TuningPolicy(json: written)
    case "highBurst":
      guard written == nil else {
        throw Refusal(
          message: "highBurst profile is enabled and the annotation \(annotation) is present")
      }
      return TuningPolicy(qps: 200, burst: 400)
    default: return nil
    }
  }

  private init(qps: ObjectNode, burst: Int) {
    self.qps = qps
    self.burst = burst
  }

  private init(json: String) throws(Refusal) {
    let tree: ObjectNode
    do {
      tree = try ObjectNode(json: Array(json.utf8))
    } catch {
      throw Refusal(message: Self.complaint(of: json))
    }
    guard let qps = tree["qps"], let number = qps.scalar?.text, qps.scalar?.isNumber == true,
      Double(number).map({ $0 > 0 }) ?? false
    else { throw Refusal(message: "qps parameter not found in annotation") }
    guard let burst = tree["burst"]?.integer, burst > 0 else {
      throw Refusal(message: "burst parameter not found in annotation")
    }
    self.init(qps: qps, burst: burst)
  }

  /// What Go says of a text that is no JSON (encoding/json): where it ends early, or which character no
  /// value begins with.
  private static func complaint(of json: String) -> String {
    let text = json.drop(while: \.isWhitespace)
    guard let first = text.first, !"{[\"-0123456789tfn".contains(first) else {
      return "unexpected end of JSON input"
    }
    return "invalid character '\(first)' looking for beginning of value"
  }

  /// The field in KubeVirt's configuration of each part.
  static let parts = [
    "apiConfiguration", "webhookConfiguration", "controllerConfiguration", "handlerConfiguration",
  ]

  /// What stands in each of them.
  var configuration: ObjectNode {
    [
      "restClient": [
        "rateLimiter": ["tokenBucketRateLimiter": ["burst": .integer(burst), "qps": qps]]
      ]
    ]
  }
}
