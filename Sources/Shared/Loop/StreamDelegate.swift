/// What a stream tells the one that uses it. All calls come on the stream's loop.
package protocol StreamDelegate: AnyObject {
    /// The attempt to connect succeeded.
    func streamDidConnect(_ stream: Stream)
    /// `stream.input` has new bytes.
    func streamDidRead(_ stream: Stream)
    /// The peer will send no more; what it sent before was read. Writing may still go on.
    func streamDidEnd(_ stream: Stream)
    /// The output fell to `Stream.lowMark` after it had been above `Stream.highMark`, or became empty after `notifyWhenFlushed`.
    func streamDidDrain(_ stream: Stream)
    /// The peer has said, while reading was paused, that it sends no more; bytes that came before may still be read.
    /// Whether it still reads is not known. Told once.
    func streamDidFinish(_ stream: Stream)
    /// Both directions are gone while reading was paused; bytes that came before may still be read.
    func streamDidHangUp(_ stream: Stream)
    /// A write failed, and the output is still there. Returns whether the delegate has closed the stream for it; else the
    /// peer's last words are read first, and what they tell is told as ever.
    func streamCannotWrite(_ stream: Stream) -> Bool
    /// The stream broke and is closed: reset, refused, or another failure of a system call.
    func streamDidFail(_ stream: Stream, _ error: LoopError)
}

extension StreamDelegate {
    package func streamDidConnect(_ stream: Stream) {}
    package func streamDidDrain(_ stream: Stream) {}
    package func streamDidFinish(_ stream: Stream) {}
    package func streamDidHangUp(_ stream: Stream) {}
    package func streamCannotWrite(_ stream: Stream) -> Bool { false }
}
