/// The names that every template has.
enum JinjaFunction: String, CaseIterable {
    case raiseException = "raise_exception", strftimeNow = "strftime_now"
    case namespace, dict, range, joiner, cycler, lipsum
}

extension JinjaInterpreter {
    func call(_ function: JinjaFunction, _ arguments: JinjaCallArguments) throws -> JinjaValue {
        switch function {
        case .raiseException:
            try check(arguments, function.rawValue, ["message"])
            let message = try arguments.value(0, "message").map { try text(of: $0) }
            throw JinjaFailure(kind: .raised, message: message ?? "", position: position)
        case .strftimeNow:
            try check(arguments, function.rawValue, ["format"])
            return try make(JinjaTime.format(now, try neededText(arguments.value(0, "format"), "strftime_now")))
        case .namespace:
            let namespace = try makeNamespace()
            for (name, value) in try namedMembers(arguments) {
                guard let name = name.asString else { throw fail("\(name.kind) cannot name a member") }
                try setMember(name, of: namespace, to: value)
            }
            return .namespace(namespace)
        case .dict: return try makeDictionary(try namedMembers(arguments))
        case .range: return try range(arguments)
        case .joiner:
            try check(arguments, function.rawValue, ["sep?"])
            return try makeHelper([arguments.value(0, "sep") ?? .string(", ")]) { .joiner(separator: $0[0]) }
        case .cycler:
            guard !arguments.positional.isEmpty, arguments.named.isEmpty else { throw fail("'cycler' needs values") }
            return try makeHelper(arguments.positional) { .cycler(items: $0) }
        case .lipsum: throw fail("'lipsum' makes random text, which a chat template has no use for")
        }
    }

    private func makeHelper(_ values: [JinjaValue], _ kind: ([JinjaValue]) -> JinjaHelper.Kind) throws -> JinjaValue {
        guard case .list(let list) = try makeList(values) else { throw fail("values nested too deeply") }
        return .helper(JinjaHelper(kind(values), depth: list.depth))
    }

    /// `dict(other, a=1)` and `namespace(other, a=1)`: later ones win. `other` is a mapping, or pairs.
    private func namedMembers(_ arguments: JinjaCallArguments) throws -> [JinjaDictionary.Member] {
        guard arguments.positional.count <= 1 else { throw fail("one mapping at most was expected") }
        var members: [JinjaDictionary.Member] = []
        func set(_ key: JinjaValue, _ value: JinjaValue) throws {
            if let index = try members.firstIndex(where: { try equal($0.key, key) }) {
                members[index].value = value
            } else {
                members.append((key, value))
            }
        }
        switch arguments.positional.first {
        case .dictionary(let dictionary): members = dictionary.members
        case let pairs?:
            for pair in try elements(of: pairs) {
                let parts = try elements(of: pair)
                guard parts.count == 2 else { throw fail("a mapping or pairs were expected") }
                try set(parts[0], parts[1])
            }
        case nil: break
        }
        for (name, value) in arguments.named { try set(.string(name), value) }
        return members
    }

    private func range(_ arguments: JinjaCallArguments) throws -> JinjaValue {
        let numbers = try arguments.positional.map { value in
            guard let number = value.asInteger else { throw fail("range takes integers, not \(value.kind)") }
            return number
        }
        guard (1...3).contains(numbers.count), arguments.named.isEmpty else {
            throw fail("range takes one to three integers")
        }
        let (start, stop) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
        let step = numbers.count == 3 ? numbers[2] : 1
        guard step != 0 else { throw fail("the step of a range cannot be zero") }
        let (distance, overflow) = stop.subtractingReportingOverflow(start)
        let isEmpty = step > 0 ? stop <= start : stop >= start
        // Jinja's sandbox has the same limit.
        guard isEmpty || (!overflow && distance.magnitude / step.magnitude <= 100_000) else {
            throw fail("a range of more than 100000 numbers")
        }
        let numbersOfIt = isEmpty ? [] : Array(stride(from: start, to: stop, by: step))
        return try makeList(numbersOfIt.map { .integer($0) }, .range(start: start, stop: stop, step: step))
    }
}
