extension Tensor {
    /// Calls `body` with the place in the storage, the stride and the length of every innermost row, in C order.
    package func forEachRow(_ body: (_ offset: Int, _ stride: Int, _ length: Int) -> Void) {
        guard count > 0 else { return }
        guard let length = shape.last, let stride = strides.last else { return body(offset, 0, 1) }
        var index = [Int](repeating: 0, count: rank - 1)
        while true {
            var place = offset
            for axis in index.indices { place += index[axis] * strides[axis] }
            body(place, stride, length)
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
