extension Tensor {
    /// Calls `body` with the place in the storage, the stride and the length of every innermost row, in C order.
    package func forEachRow(_ body: (_ offset: Int, _ stride: Int, _ length: Int) -> Void) {
        forEachRow { (offset, stride, length) -> Bool in
            body(offset, stride, length)
            return true
        }
    }

    /// Calls `body` as ``forEachRow(_:)`` does, until it returns false.
    package func forEachRow(while body: (_ offset: Int, _ stride: Int, _ length: Int) -> Bool) {
        guard count > 0 else { return }
        guard let length = shape.last, let stride = strides.last else {
            _ = body(offset, 0, 1)
            return
        }
        var index = [Int](repeating: 0, count: rank - 1)
        while true {
            var place = offset
            for axis in index.indices { place += index[axis] * strides[axis] }
            guard body(place, stride, length) else { return }
            var axis = index.count - 1
            while axis >= 0 {
                index[axis] += 1
                if index[axis] < shape[axis] { break }
                index[axis] = 0
                axis -= 1
            }
            if axis < 0 { return }
        }
    }
}
