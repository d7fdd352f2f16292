import ArgumentParser

@main
struct TensorMediaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "tensor-media")
}
