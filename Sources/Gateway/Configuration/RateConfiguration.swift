import Shared

extension ValueForm where Value == RateText {
    /// `100/s`, with `burst 20` and `per client` (the default), `per user` or `in all` behind it.
    static var rate: ValueForm {
        text(
            expected: "a rate",
            mend: "Write for example `100/s per client`, `600/m burst 20 per user` or `1000/s in all`: 1 to "
                + "\(RateText.limit), in a second (s), a minute (m) or an hour (h)."
        ) { RateText($0) }
    }
}
