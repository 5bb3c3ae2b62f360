/// What Postern's parser makes of `stream`, the bytes of one connection, handed to it in pieces of `pieceSize` bytes
/// (1 or more; the last one may be shorter).
func probe(_ stream: [UInt8], pieceSize: Int) -> ProbeResult {
    ProbeResult(ending: .refused(status: 500, reason: "the parser is not connected to the probe yet"))
}
