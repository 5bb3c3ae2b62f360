// Unsafe code: poll(2), and the size of a terminal, through pointers.
import CLinux
import Glibc
import Shared

/// A terminal's other screen, on which a page is drawn again and again; what was there before comes back at the end.
final class Screen {
    enum Event {
        /// The time is over, or the terminal has another size: draw again.
        case draw
        case end
    }
    private let output: StandardStream
    private let signals: Int32
    private var isOpen = false
    private static let handled = [SIGINT, SIGTERM, SIGHUP, SIGWINCH]

    /// - Throws: where signals cannot be waited for.
    init(_ output: StandardStream) throws(CommandFailure) {
        self.output = output
        signals = unsafe postern_signalfd(Self.handled, Int32(Self.handled.count))
        guard signals >= 0 else { throw CommandFailure("signals cannot be waited for", status: .systemError) }
    }

    deinit {
        end()
        close(signals)
    }

    /// Draws the lines, cut to what the terminal has room for.
    func draw(_ lines: [String]) {
        guard output.isTerminal else { return output.write(lines.joined(separator: "\n") + "\n\n") }
        var text = ""
        if !isOpen {
            // The other screen, without a cursor.
            text += "\u{1B}[?1049h\u{1B}[?25l"
            isOpen = true
        }
        var (columns, rows): (Int32, Int32) = (0, 0)
        _ = unsafe postern_terminal_size(output.descriptor, &columns, &rows)
        // A serial line has a terminal of no size.
        if columns <= 0 || rows <= 0 { (columns, rows) = (80, 24) }
        let shown = lines.prefix(max(1, Int(rows))).map { Self.cut($0, to: max(1, Int(columns))) }
        // Each line is wiped to its end, and what is below all of them: nothing flickers.
        text += "\u{1B}[H" + shown.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J"
        output.write(text)
    }

    /// Waits for a signal, for so many milliseconds at most.
    func wait(_ milliseconds: Int32) -> Event {
        var polled = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
        _ = unsafe poll(&polled, 1, milliseconds)
        var event = Event.draw
        while true {
            let signal = postern_signalfd_read(signals)
            guard signal > 0 else { return event }
            if signal != SIGWINCH { event = .end }
        }
    }

    func end() {
        if isOpen { output.write("\u{1B}[?25h\u{1B}[?1049l") }
        isOpen = false
    }

    /// The first `columns` characters; sequences that set colours take no room.
    static func cut(_ line: String, to columns: Int) -> String {
        var result = ""
        var count = 0
        var inSequence = false
        for character in line {
            if inSequence {
                result.append(character)
                inSequence = character != "m"
            } else if character == "\u{1B}" {
                result.append(character)
                inSequence = true
            } else if count < columns {
                result.append(character)
                count += 1
            }
        }
        return result
    }
}
