import CLinux

/// Who holds the other end of a Unix socket (SO_PEERCRED, unix(7)).
package struct PeerCredentials: Sendable, Equatable {
    package let processID: Int32
    package let userID: UInt32
    package let groupID: UInt32

    package init(processID: Int32, userID: UInt32, groupID: UInt32) {
        self.processID = processID
        self.userID = userID
        self.groupID = groupID
    }

    /// The peer of a connected Unix socket, as it was when it called connect(2) or listen(2).
    ///
    /// A socket of another family has no credentials: the kernel tells process 0 and user 4294967295, which are nobody.
    package init(socket descriptor: Int32) throws(SystemError) {
        var processID: Int32 = 0
        var userID: UInt32 = 0
        var groupID: UInt32 = 0
        guard unsafe postern_peer_credentials(descriptor, &processID, &userID, &groupID) == 0 else {
            throw .last("getsockopt(SO_PEERCRED)")
        }
        self.init(processID: processID, userID: userID, groupID: groupID)
    }
}
