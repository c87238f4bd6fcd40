import Testing

/// Every test that boots machines or makes labs: one after the other, because emulated machines
/// take what processors there are.
@Suite(.serialized, .timeLimit(.minutes(10))) enum LabTests {}
