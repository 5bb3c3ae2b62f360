// Unsafe code: paths go to inotify(7) as C strings.
import CLinux
import Glibc
import Shared

/// Watches folders for what comes and goes in them, on one loop (inotify(7)). Where a folder is not there, the nearest
/// one above it is watched until it is.
final class FolderWatch {
    private let descriptor: Int32
    private var watch: DescriptorWatch?
    /// The numbers of the watches in force.
    private var watched: Set<Int32> = []

    /// - Parameter changed: is called on the loop; `isLossy`: the kernel had more to tell than it could keep.
    /// - Throws: where there is no inotify to be had.
    init(loop: EventLoop, changed: @escaping (_ isLossy: Bool) -> Void) throws(LoopError) {
        descriptor = postern_inotify()
        guard descriptor >= 0 else { throw LoopError(call: "inotify_init", code: errno) }
        do throws(LoopError) {
            watch = try DescriptorWatch(loop: loop, descriptor: descriptor, reading: true, writing: false) {
                [descriptor] _, _ in
                let events = postern_inotify_drain(descriptor)
                if events > 0 { changed(events == 2) }
            }
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        watch?.end()
        close(descriptor)
    }

    /// Watches these and no others. To be called before they are looked at: what comes after the look is then told.
    /// - Returns: the error's number where one cannot be watched (no watches left, no right); 0 when all are.
    func follow(_ folders: Set<String>) -> Int32 {
        var wanted: Set<Int32> = []
        var failure: Int32 = 0
        for folder in folders {
            let number = nearest(to: folder)
            if number >= 0 { wanted.insert(number) } else { failure = -number }
        }
        for number in watched.subtracting(wanted) { _ = postern_inotify_forget(descriptor, number) }
        watched = wanted
        return failure
    }

    /// The watch of the folder, or of the deepest one above it that is there; a negative errno where there can be none.
    private func nearest(to folder: String) -> Int32 {
        var last: (path: String, number: Int32)?
        // What is missing may be made while we climb: until two climbs end at the same place.
        for _ in 0..<8 {
            var path = folder.isEmpty ? "/" : folder
            while true {
                let number = unsafe postern_inotify_watch(descriptor, path)
                if number >= 0 {
                    if path == folder || last?.path == path { return number }
                    last = (path, number)
                    break
                }
                guard errno == ENOENT || errno == ENOTDIR, path != "/" else { return -errno }
                let slash = path.lastIndex(of: "/") ?? path.startIndex
                path = slash == path.startIndex ? "/" : String(path[..<slash])
            }
        }
        return last?.number ?? -ENOENT
    }
}
