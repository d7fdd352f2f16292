import ImageCoding

@main
enum Consumer {
    static func main() throws {
        print(PixelFormat.rgb)
    }
}
