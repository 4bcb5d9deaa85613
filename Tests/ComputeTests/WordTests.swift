import Compute
import Testing

@Suite struct WordTests {
    /// Test vectors of the FNV reference distribution.
    @Test(arguments: [
        ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8 as UInt64),
    ])
    func hashesAsFowlerNollAndVo(text: String, value: UInt64) {
        var hash = StableHash()
        for byte in text.utf8 { hash.add(UInt64(byte)) }
        #expect(hash.value == value)
    }

    @Test func integersAreTheirBytes() {
        var hash = StableHash()
        for byte: UInt64 in [1, 2, 0, 0, 0, 0, 0, 0] + Array(repeating: 0xFF, count: 8) { hash.add(byte) }
        #expect(StableHash(0x201, -1).value == hash.value)
    }

    @Test(arguments: [
        ("", "abc", 3), ("kitten", "sitting", 3), ("trian", "train", 1), ("é", "e", 1), ("same", "same", 0),
    ])
    func countsEdits(one: String, other: String, count: Int) {
        #expect(DidYouMean.distance(one, other) == count)
        #expect(DidYouMean.distance(other, one) == count)
    }

    @Test func theNearestWordIsNear() {
        let known = ["train", "truth", "trace"]
        #expect(DidYouMean.nearest(to: "trian", in: known) == "train")
        #expect(DidYouMean.nearest(to: "tru", in: known) == "truth")
        #expect(DidYouMean.nearest(to: "plot", in: known) == nil)
    }
}
