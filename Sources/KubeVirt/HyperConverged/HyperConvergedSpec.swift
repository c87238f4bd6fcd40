import Objects

/// The spec of a HyperConverged of either version, whose fields have the names of v1beta1.
struct HyperConvergedSpec {
  let spec: Field
  let isV1: Bool

  /// A field by its place in v1beta1; problems name it where it is.
  subscript(_ path: String...) -> Field {
    (isV1 ? HyperConvergedConversion.placeInV1(path) : path).reduce(spec) { $0[$1] }
  }
}
