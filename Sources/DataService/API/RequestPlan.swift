import Shared

/// What a request comes to before the store is asked: a query, or an answer that needs none. Pure, so that every row
/// of the API can be judged without a store.
enum RequestPlan: Sendable {
    case query(RecordQuery)
    case answer(ServiceResponse)

    static func users(_ request: ServiceRequest) -> RequestPlan {
        .query(.list(.users))
    }

    static func user(_ request: ServiceRequest) -> RequestPlan {
        guard let id = identifier(request.parameters.first("id")) else { return .answer(.notFound) }
        return .query(.user(id: id))
    }

    static func postsOfUser(_ request: ServiceRequest) -> RequestPlan {
        guard let id = identifier(request.parameters.first("id")) else { return .answer(.notFound) }
        return .query(.list(.postsOfUser(id: id)))
    }

    static func posts(_ request: ServiceRequest) -> RequestPlan {
        do throws(RowLimitError) {
            return .query(.list(.posts(limit: try RowLimit.parse(request.query.values("limit")))))
        } catch {
            return .answer(.error("limit must be a whole number from 0 up", status: 400))
        }
    }

    static func comments(_ request: ServiceRequest) -> RequestPlan {
        let identifiers = commentIdentifiers(request)
        switch identifiers.count {
        case 0: return .query(.list(.comments))
        case 1, 2: break
        // The space at the end is the tutorial's.
        default: return .answer(.error("There cannot be more than two parameters ", status: 400))
        }
        guard let post = identifier(identifiers[0]) else { return .answer(.emptyList) }
        guard identifiers.count == 2 else { return .query(.list(.commentsOfPost(id: post, user: nil))) }
        guard let user = identifier(identifiers[1]) else { return .answer(.emptyList) }
        return .query(.list(.commentsOfPost(id: post, user: user)))
    }

    /// The path's `ids`. Where the path has none, Next.js shows a handler the query parameter of that name, which the
    /// tutorial heeds if it is a list, that is if it is given more than once: `?ids=1&ids=2` reads as `/1/2`.
    private static func commentIdentifiers(_ request: ServiceRequest) -> [String] {
        if let path = request.parameters["ids"], !path.isEmpty { return path }
        let query = request.query.values("ids")
        return query.count > 1 ? query : []
    }

    private static func identifier(_ text: String?) -> Int64? {
        text.flatMap { RecordIdentifier($0) }?.value
    }
}

extension ServiceResponse {
    static let notFound = ServiceResponse.error("Not found", status: 404)
    static let emptyList = ServiceResponse.json(Array("[]".utf8))
}
