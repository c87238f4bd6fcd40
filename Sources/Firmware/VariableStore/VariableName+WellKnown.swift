extension GUID {
  /// EFI_GLOBAL_VARIABLE (UEFI 2.10 section 3.3).
  package static let efiGlobal = GUID(0x8be4_df61, 0x93ca, 0x11d2, 0xaa0d_00e0_9803_2b8c)
  /// EFI_IMAGE_SECURITY_DATABASE_GUID, of `db` and `dbx` (UEFI 2.10 section 32.6.1).
  package static let imageSecurityDatabase = GUID(
    0xd719_b2cb, 0x3d3a, 0x4596, 0xa3bc_dad0_0e67_656f)
  /// gEfiSecureBootEnableDisableGuid of edk2's SecurityPkg.
  package static let secureBootEnable = GUID(0xf0a3_0bc7, 0xaf08, 0x4556, 0x99c4_0010_09c9_3a44)
  /// gEfiCustomModeEnableGuid of edk2's SecurityPkg.
  package static let customMode = GUID(0xc076_ec0c, 0x7028, 0x4399, 0xa072_71ee_5c44_8b9f)
  /// EFI_TLS_CA_CERTIFICATE_GUID, of HTTPS boot (edk2 NetworkPkg).
  package static let tlsCACertificate = GUID(0xfd23_40d0, 0x3dab, 0x4349, 0xa6c7_3b4f_12b4_8eae)
  /// SHIM_LOCK_GUID, of shim's own variables.
  package static let shimLock = GUID(0x605d_ab50, 0xe046, 0x4300, 0xabb6_3dd8_10dd_8b23)
  /// MICROSOFT_VENDOR_GUID, by which Microsoft owns its signatures.
  package static let microsoft = GUID(0x77fa_9abd, 0x0359, 0x4d32, 0xbd60_28f4_e78f_784b)

  /// A GUID from its five groups, the last two as one number.
  init(_ first: UInt32, _ second: UInt16, _ third: UInt16, _ rest: UInt64) {
    bytes =
      first.littleEndianBytes + second.littleEndianBytes + third.littleEndianBytes
      + rest.littleEndianBytes.reversed()
  }
}

extension VariableName {
  /// The order of boot entries.
  package static let bootOrder = VariableName("BootOrder", vendor: .efiGlobal)
  /// The boot entry of the next start.
  package static let bootNext = VariableName("BootNext", vendor: .efiGlobal)
  /// The platform key.
  package static let platformKey = VariableName("PK", vendor: .efiGlobal)
  /// The keys that may change `db` and `dbx`.
  package static let keyExchangeKeys = VariableName("KEK", vendor: .efiGlobal)
  /// What may boot.
  package static let allowed = VariableName("db", vendor: .imageSecurityDatabase)
  /// What may not boot.
  package static let forbidden = VariableName("dbx", vendor: .imageSecurityDatabase)
  /// Whether edk2 turns Secure Boot on once there is a platform key.
  package static let secureBootEnable = VariableName(
    "SecureBootEnable", vendor: .secureBootEnable)
  /// Whether edk2 lets keys be changed without a signature.
  package static let customMode = VariableName("CustomMode", vendor: .customMode)
  /// The certificate authorities that HTTPS boot trusts.
  package static let tlsCACertificate = VariableName("TlsCaCertificate", vendor: .tlsCACertificate)
  /// The revocations by generation that shim obeys.
  package static let sbatLevel = VariableName("SbatLevel", vendor: .shimLock)

  /// A boot entry.
  package static func boot(_ number: UInt16) -> VariableName {
    VariableName(BootVariable.name(of: number), vendor: .efiGlobal)
  }

  /// The name that a person means without a namespace; `nil` where the name is of no namespace that
  /// is known here.
  package init?(wellKnown name: String) {
    if let known = Self.wellKnown[name] {
      self = known.name
    } else if let number = BootVariable.entry(named: name) {
      self = .boot(number)
    } else {
      return nil
    }
  }

  /// The attributes that a variable of this name has; `nil` where that is not known here.
  package var usualAttributes: Variable.Attributes? {
    if let known = Self.wellKnown[name], known.name == self { return known.attributes }
    return vendor == .efiGlobal && BootVariable.entry(named: name) != nil ? .runtime : nil
  }

  private static let wellKnown: [String: (name: VariableName, attributes: Variable.Attributes)] = {
    var table: [String: (VariableName, Variable.Attributes)] = [:]
    func add(_ names: [String], _ vendor: GUID, _ attributes: Variable.Attributes) {
      for name in names { table[name] = (VariableName(name, vendor: vendor), attributes) }
    }
    // UEFI 2.10 section 3.3, table 3.1.
    add(
      [
        "BootOrder", "BootNext", "ConIn", "ConOut", "ErrOut", "DriverOrder", "Lang",
        "PlatformLang", "PlatformRecovery0000", "SysPrepOrder", "Timeout", "OsIndications",
      ], .efiGlobal, .runtime)
    add(
      ["BootCurrent", "SecureBoot", "SetupMode", "AuditMode", "DeployedMode"], .efiGlobal,
      [.bootServiceAccess, .runtimeAccess])
    add(["PK", "KEK"], .efiGlobal, .secureBoot)
    add(["db", "dbx", "dbt", "dbr"], .imageSecurityDatabase, .secureBoot)
    add(["SecureBootEnable"], .secureBootEnable, .bootService)
    add(["CustomMode"], .customMode, .bootService)
    add(["TlsCaCertificate"], .tlsCACertificate, .bootService)
    // shim's README and mok.c.
    add(
      [
        "MokList", "MokListX", "MokListTrusted", "MokNew", "MokAuth", "MokSBState", "MokTimeout",
        "SbatLevel", "SHIM_DEBUG", "SHIM_VERBOSE", "FALLBACK_VERBOSE",
      ], .shimLock, .bootService)
    add(["FB_NO_REBOOT", "SbatPolicy"], .shimLock, .runtime)
    return table
  }()
}
