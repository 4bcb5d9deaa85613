/// A setting's value that a method cannot work with; ``Method/stage(_:_:)`` says it with the value as it was typed.
struct UnfitSetting: Error {
    let key: String
    /// What it may be, and why.
    let expected: String
}
