import TensorIO
import Testing

@Suite("The range of a tensor")
struct TensorRangeTests {
    @Test("floats of every width: extremes of the finite values, infinities and NaN counted apart")
    func floats() throws {
        var values = (0..<10_000).map { Double(($0 * 7919) % 4001 - 2000) / 8 }
        values[5000] = .nan
        values[5001] = .infinity
        values[9001] = -.infinity
        let tensors = [
            try Tensor(values, shape: [100, 100]),
            try Tensor(values.map(Float.init), shape: [100, 100]),
            try Tensor(
                storage: .array(values.map { Float16($0).bitPattern }), elementType: .float16, shape: [100, 100]),
            try Tensor(
                storage: .array(values.map { UInt16(truncatingIfNeeded: Float($0).bitPattern >> 16) }),
                elementType: .bfloat16, shape: [100, 100]),
        ]
        for tensor in tensors {
            for view in [tensor, try tensor.transposed([1, 0])] {
                let range = view.scanRange()
                #expect(range.minimum == -250)
                #expect(range.maximum == 250)
                #expect(range.notFinite == 3)
                #expect(range.count == 10_000)
                #expect(range.firstNotFinite == (view.shape == tensor.shape && view.isContiguous ? [50, 0] : [0, 50]))
            }
        }
    }

    @Test("nothing finite, and nothing at all, have no range")
    func empty() throws {
        let nothing = try Tensor([Float](), shape: [0, 3]).scanRange()
        #expect(nothing.minimum == nil && nothing.maximum == nil && nothing.notFinite == 0 && nothing.count == 0)
        let broken = try Tensor([Float.nan, -.infinity], shape: [2]).scanRange()
        #expect(broken.minimum == nil && broken.maximum == nil && broken.notFinite == 2)
        #expect(broken.firstNotFinite == [0])
    }

    @Test("the largest finite numbers, subnormal ones and −0 are finite")
    func edges() throws {
        for values: [Float] in [
            [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [.leastNonzeroMagnitude, -0.0],
        ] {
            for count in 1...9 {
                let many = (0..<count).flatMap { _ in values }
                let range = try Tensor(many, shape: [many.count]).scanRange()
                #expect(range.minimum == Double(values[1]) && range.maximum == Double(values[0]))
                #expect(range.minimum?.sign == (values[1] == 0 ? .plus : .minus))
                let wide = try Tensor(many.map(Double.init), shape: [many.count]).scanRange()
                #expect(wide.minimum == range.minimum && wide.maximum == range.maximum && wide.notFinite == 0)
            }
        }
    }

    @Test("integers of every type reach from their least to their greatest value")
    func integers() throws {
        func check<Value: TensorElement & FixedWidthInteger>(_: Value.Type) throws {
            let values = (0..<5000).map { Value(truncatingIfNeeded: $0 % 100) } + [.min, .max, 1]
            let range = try Tensor(values, shape: [values.count]).scanRange()
            #expect(range.minimum == Double(Value.min) && range.maximum == Double(Value.max))
            let swapped = try Tensor(
                storage: .array(values.map(\.byteSwapped)), elementType: Value.elementType, shape: [values.count],
                byteOrder: ByteOrder.native == .little ? .big : .little)
            #expect(swapped.scanRange() == range)
            #expect(swapped.values() == values.map { Double($0) })
        }
        try check(Int8.self)
        try check(UInt8.self)
        try check(Int16.self)
        try check(UInt16.self)
        try check(Int32.self)
        try check(UInt32.self)
        try check(Int64.self)
        try check(UInt64.self)
        let range = try Tensor([false, true, false], shape: [3]).scanRange()
        #expect(range.minimum == 0 && range.maximum == 1)
    }

    @Test("every half is the float that the processor says it is")
    func halves() throws {
        let all = (0...UInt16.max).map { $0 }
        let values = try Tensor(storage: .array(all), elementType: .float16, shape: [all.count]).values()
        for bits in all {
            let expected = Double(Float16(bitPattern: bits))
            #expect(values[Int(bits)].bitPattern == expected.bitPattern || values[Int(bits)].isNaN && expected.isNaN)
        }
    }
}
