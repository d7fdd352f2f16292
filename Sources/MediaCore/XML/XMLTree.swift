/// An XML document that was read: its elements, flat in one array, each knowing its parent and where it stood.
///
/// Nothing in it is nested, so that freeing a deep document needs no stack.
public struct XMLTree: Sendable, Hashable {
    /// Where something stands in a document; both numbers from 1, a column is a character.
    public struct Position: Sendable, Hashable, CustomStringConvertible {
        /// The line.
        public var line: Int
        /// The column.
        public var column: Int

        /// A place.
        public init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        /// `line 3, column 7`.
        public var description: String { "line \(line), column \(column)" }
    }

    /// One attribute, its value with references replaced and white space normalised.
    public struct Attribute: Sendable, Hashable {
        /// The name, with its prefix if it has one: namespaces are not processed.
        public var name: String
        /// The value.
        public var value: String
    }

    /// What is known of one element. Elements stand in the order of their start tags.
    struct Node: Sendable, Hashable {
        var name: String
        var attributes: [Attribute] = []
        var text = ""
        var position: Position
        var firstChild: Int?
        var nextSibling: Int?
    }

    let nodes: [Node]

    /// Nodes of which the first is the root; there is at least one.
    init(nodes: [Node]) { self.nodes = nodes }

    /// The outermost element.
    public var root: Element { Element(tree: self, index: 0) }

    /// How many elements there are.
    public var count: Int { nodes.count }

    /// One element of a tree.
    public struct Element: Sendable {
        fileprivate let tree: XMLTree
        fileprivate let index: Int

        /// The name, with its prefix if it has one: namespaces are not processed.
        public var name: String { tree.nodes[index].name }
        /// The attributes, in order.
        public var attributes: [Attribute] { tree.nodes[index].attributes }
        /// The text between the tags, that of CDATA sections included and that of elements inside left out.
        public var text: String { tree.nodes[index].text }
        /// Where the start tag begins.
        public var position: Position { tree.nodes[index].position }
        /// The elements directly inside, in order.
        public var children: Children { Children(tree: tree, following: tree.nodes[index].firstChild) }

        /// The text without the white space around it.
        public var trimmedText: Substring {
            let text = text
            let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
            guard let first = text.utf8.firstIndex(where: { !isSpace($0) }),
                let last = text.utf8.lastIndex(where: { !isSpace($0) })
            else { return "" }
            return text[first...last]
        }

        /// The first element inside with a name.
        public subscript(name: String) -> Element? { children.first { $0.name == name } }

        /// The value of an attribute.
        public func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
    }

    /// The elements inside an element.
    public struct Children: Sequence, IteratorProtocol, Sendable {
        fileprivate let tree: XMLTree
        fileprivate var following: Int?

        /// The next element.
        public mutating func next() -> XMLTree.Element? {
            guard let index = following else { return nil }
            following = tree.nodes[index].nextSibling
            return XMLTree.Element(tree: tree, index: index)
        }
    }
}
