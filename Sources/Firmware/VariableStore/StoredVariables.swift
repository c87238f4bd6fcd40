/// The variables of a file, in whatever form it has them.
package struct StoredVariables: VariableCollection, Hashable, Sendable {
  /// The form of the file.
  package let form: StoreForm
  /// What was read.
  package let contents: Contents

  /// What a file holds once nothing is around it.
  package enum Contents: Hashable, Sendable {
    /// Raw flash.
    case flash(VariableStore)
    /// JSON.
    case json(JSONVariableStore)
    /// No variables yet.
    case blank(BlankStore)
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameter form: the form of the file that another program made these bytes of; `nil` where
  ///   they are the file's own.
  /// - Throws: `EFIDecodingError` with the place, when the bytes are damaged, or of a form that is
  ///   not read here.
  package init(bytes: [UInt8], unpackedFrom form: StoreForm? = nil) throws(EFIDecodingError) {
    let found = StoreForm(of: bytes)
    self.form = form ?? found
    switch found {
    case .json: contents = .json(try JSONVariableStore(bytes: bytes))
    case .blank(let blank): contents = .blank(blank)
    case .flash, .aws, .qcow2, .gzip, .code, .unknown:
      contents = .flash(try VariableStore(bytes: bytes))
    }
  }

  package var variables: [Variable] {
    switch contents {
    case .flash(let store): store.variables
    case .json(let store): store.variables
    case .blank: []
    }
  }

  /// The raw flash; `nil` where it has another form.
  package var flash: VariableStore? {
    if case .flash(let store) = contents { store } else { nil }
  }

  /// How many bytes of flash it fills; `nil` where it fills none.
  package var flashSize: Int? {
    switch contents {
    case .flash(let store): store.bytes.count
    case .json: nil
    case .blank(let blank): blank.size == 0 ? nil : blank.size
    }
  }

  /// The variables as JSON of the newest version; of a JSON store with what only that has.
  package var listing: VariableListing {
    if case .json(let store) = contents { return store.listing.current }
    return VariableListing(variables)
  }

  /// The variables to change, which then are written back in the file's own form; `nil` where that
  /// form is only read.
  package var editable: (any EditableVariables)? {
    switch (form, contents) {
    case (.flash, .flash(let store)): store
    case (.json, .json(let store)): store
    default: nil
    }
  }
}
