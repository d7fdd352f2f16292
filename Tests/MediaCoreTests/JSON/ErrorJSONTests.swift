import MediaCore
import Testing

@Suite struct ErrorJSONTests {
    @Test("An error is JSON with all its parts") func error() throws {
        var report = ValidationReport(capacity: 1)
        report.add(.warning("value-range.guessed", "m", path: "a[0]", value: "1.5", hint: "h"))
        report.add(.error("shape.invalid", "n"))
        let cause = MediaError(.writeFailed, "disk full")
        let error = MediaError(
            .truncated, "short", hint: "write it again", at: .init(file: "a.npy", field: "data", offset: 12),
            underlying: cause, report: report)
        let expected: JSONValue = [
            "code": "format.truncated", "message": "short", "hint": "write it again", "file": "a.npy", "field": "data",
            "offset": 12, "cause": ["code": "file.write-failed", "message": "disk full"],
            "report": [
                "errors": 1, "warnings": 1, "omitted": 1,
                "findings": [
                    [
                        "severity": "warning", "code": "value-range.guessed", "path": "a[0]", "message": "m",
                        "value": "1.5",
                        "hint": "h",
                    ]
                ],
            ],
        ]
        #expect(error.json == expected)
    }

    @Test("A cause of another type is its text") func foreignCause() {
        let error = MediaError(.malformed, "m", underlying: CancellationError())
        #expect(error.json["cause"] == .string("\(CancellationError())"))
        #expect(error.json["hint"] == nil)
    }
}
