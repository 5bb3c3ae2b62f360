/// The listening sockets in the text of /proc/net/tcp or /proc/net/tcp6 (proc(5)).
struct ListeningSocketTable {
    struct Entry: Equatable {
        let port: UInt16
        /// The socket's inode, by which its holders are found.
        let inode: UInt64
    }

    let entries: [Entry]

    init(_ text: String) {
        entries = text.split(separator: "\n").dropFirst().compactMap { line in
            let columns = line.split(separator: " ", omittingEmptySubsequences: true)
            // sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode …; st 0A is TCP_LISTEN.
            guard columns.count > 9, columns[3] == "0A", let colon = columns[1].lastIndex(of: ":"),
                let port = UInt16(columns[1][columns[1].index(after: colon)...], radix: 16),
                let inode = UInt64(columns[9])
            else { return nil }
            return Entry(port: port, inode: inode)
        }
    }
}
