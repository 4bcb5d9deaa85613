/// A value as it is stored, before it means anything.
enum RawValue {
    /// BOOLEAN (0 or 1), INT32 and INT64 (with their sign), FLOAT and DOUBLE (their bits).
    case bits(UInt64)
    /// INT96, BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY.
    case bytes(ArraySlice<UInt8>)
}
