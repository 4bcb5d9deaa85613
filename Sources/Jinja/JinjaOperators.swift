import Formats
import Foundation

/// Arithmetic and comparison by Python's rules.
extension JinjaInterpreter {
    func compute(_ op: JinjaExpression.Operator, _ left: JinjaValue, _ right: JinjaValue) throws -> JinjaValue {
        // A format prints what is undefined as nothing.
        if op != .modulo || left.asString == nil {
            for case .undefined(let message) in [left, right] { throw fail(message) }
        }
        if let a = left.asInteger, let b = right.asInteger { return try compute(op, a, b) }
        if let a = left.asNumber, let b = right.asNumber { return try compute(op, a, b) }
        switch (op, left, right) {
        case (.modulo, .string(let format), _): return try make(percentFormat(format, right) { try text(of: $0) })
        case (.modulo, .safe(let format), _):
            return .safe(try charged(percentFormat(format, right) { try escaped($0) }))
        case (.add, .safe, _) where right.asString != nil, (.add, _, .safe) where left.asString != nil:
            return .safe(try charged(escaped(left) + escaped(right)))
        case (.add, .string(let a), .string(let b)): return try concatenate([a, b])
        case (.add, .list(let a), .list(let b)):
            if a.kind == .list, b.kind == .list { return try makeList(a.elements + b.elements) }
            if a.kind.isTuple, b.kind.isTuple { return try makeList(a.elements + b.elements, .tuple) }
        case (.multiply, .string(let text), _), (.multiply, _, .string(let text)),
            (.multiply, .safe(let text), _), (.multiply, _, .safe(let text)):
            if let count = left.asInteger ?? right.asInteger {
                return (left.asString == nil ? right : left).sameKind(try repeated(text, count))
            }
        case (.multiply, .list(let list), _), (.multiply, _, .list(let list)):
            if list.kind == .list || list.kind.isTuple, let count = left.asInteger ?? right.asInteger {
                let total = list.elements.count.multipliedReportingOverflow(by: max(count, 0))
                try charge(elements: total.overflow ? .max : total.partialValue)
                return try makeList(
                    (0..<max(count, 0)).flatMap { _ in list.elements }, list.kind.isTuple ? .tuple : .list)
            }
        default: break
        }
        throw fail("'\(op.rawValue)' is not possible between \(left.kind) and \(right.kind)")
    }

    func repeated(_ text: String, _ count: Int) throws -> String {
        try charge(text: text.utf8.count, times: count)
        return String(repeating: text, count: max(count, 0))
    }

    private func compute(_ op: JinjaExpression.Operator, _ a: Int, _ b: Int) throws -> JinjaValue {
        func checked(_ result: (partialValue: Int, overflow: Bool)) throws -> JinjaValue {
            guard !result.overflow else { throw fail("an integer too large") }
            return .integer(result.partialValue)
        }
        switch op {
        case .add: return try checked(a.addingReportingOverflow(b))
        case .subtract: return try checked(a.subtractingReportingOverflow(b))
        case .multiply: return try checked(a.multipliedReportingOverflow(by: b))
        case .divide: return try compute(op, Double(a), Double(b))
        case .floorDivide, .modulo:
            guard b != 0 else { throw fail("division by zero") }
            guard b != -1 else { return op == .modulo ? .integer(0) : try checked(0.subtractingReportingOverflow(a)) }
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
            let goesDown = remainder != 0 && (remainder < 0) != (b < 0)
            return .integer(
                op == .modulo ? (goesDown ? remainder + b : remainder) : (goesDown ? quotient - 1 : quotient))
        case .power:
            guard b >= 0 else { return try compute(op, Double(a), Double(b)) }
            guard b < 64 || (-1...1).contains(a) else { throw fail("an integer too large") }
            var result = 1
            for _ in 0..<(b < 64 ? b : b % 2) {
                guard case .integer(let next) = try checked(result.multipliedReportingOverflow(by: a)) else { break }
                result = next
            }
            return .integer(b >= 64 && a == 0 ? 0 : result)
        }
    }

    private func compute(_ op: JinjaExpression.Operator, _ a: Double, _ b: Double) throws -> JinjaValue {
        if b == 0, [.divide, .floorDivide, .modulo].contains(op) { throw fail("division by zero") }
        switch op {
        case .add: return .float(a + b)
        case .subtract: return .float(a - b)
        case .multiply: return .float(a * b)
        case .divide: return .float(a / b)
        case .floorDivide: return .float((a / b).rounded(.down))
        case .modulo:
            let remainder = a.truncatingRemainder(dividingBy: b)
            return .float(remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder)
        case .power: return .float(pow(a, b))
        }
    }

    func compare(_ left: JinjaValue, _ op: JinjaExpression.Comparison, _ right: JinjaValue) throws -> Bool {
        switch op {
        case .equal: try equal(left, right)
        case .notEqual: !(try equal(left, right))
        case .less: try isLess(left, right)
        case .greater: try isLess(right, left)
        case .lessOrEqual: try isLess(left, right) || equal(left, right)
        case .greaterOrEqual: try isLess(right, left) || equal(left, right)
        case .isIn: try contains(right, left)
        case .notIn: !(try contains(right, left))
        }
    }

    func equal(_ left: JinjaValue, _ right: JinjaValue) throws -> Bool {
        if left.asString != nil { try step(through: left) } else { try step() }
        if let a = left.asInteger, let b = right.asInteger { return a == b }
        if let a = left.asNumber, let b = right.asNumber { return a == b }
        if let a = left.asString, let b = right.asString { return a.hasSameBytes(as: b) }
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.list(let a), .list(let b)):
            guard a.elements.count == b.elements.count, a.kind.compares(with: b.kind) else { return false }
            for (x, y) in zip(a.elements, b.elements) where !(try equal(x, y)) { return false }
            return true
        case (.dictionary(let a), .dictionary(let b)):
            guard a.members.count == b.members.count else { return false }
            for member in a.members {
                guard let other = try b.members.first(where: { try equal($0.key, member.key) }),
                    try equal(member.value, other.value)
                else { return false }
            }
            return true
        case (.namespace(let a), .namespace(let b)): return a === b
        case (.macro(let a), .macro(let b)): return a === b
        case (.iterator(let a), .iterator(let b)): return a === b
        case (.helper(let a), .helper(let b)): return a === b
        case (.function(let a), .function(let b)): return a == b
        default: return false
        }
    }

    func isLess(_ left: JinjaValue, _ right: JinjaValue) throws -> Bool {
        try step(through: left)
        for case .undefined(let message) in [left, right] { throw fail(message) }
        if let a = left.asInteger, let b = right.asInteger { return a < b }
        if let a = left.asNumber, let b = right.asNumber { return a < b }
        // The order of UTF-8 bytes is the order of scalars.
        if let a = left.asString, let b = right.asString { return a.utf8.lexicographicallyPrecedes(b.utf8) }
        switch (left, right) {
        case (.list(let a), .list(let b)) where a.kind.isOrdered && a.kind.compares(with: b.kind):
            for (x, y) in zip(a.elements, b.elements) where !(try equal(x, y)) { return try isLess(x, y) }
            return a.elements.count < b.elements.count
        default: throw fail("\(left.kind) and \(right.kind) have no order")
        }
    }

    func contains(_ container: JinjaValue, _ value: JinjaValue) throws -> Bool {
        try step(through: container)
        switch container {
        case .string(let text), .safe(let text):
            guard let part = value.asString else {
                throw fail("only a string can be in a string, not \(value.kind)")
            }
            return JinjaText.find(part, in: text) != nil
        case .list(let list): return try list.elements.contains { try equal($0, value) }
        case .dictionary(let dictionary): return try dictionary.members.contains { try equal($0.key, value) }
        case .undefined: return false
        case .iterator(let iterator):
            while let element = try iterator.next() {
                if try equal(element, value) { return true }
            }
            return false
        default: throw fail("\(container.kind) cannot contain anything")
        }
    }
}

extension JinjaList.Kind {
    /// Lists equal lists only, tuples tuples.
    fileprivate func compares(with other: Self) -> Bool {
        switch (self, other) {
        case (.list, .list), (.range, .range): true
        case (.view, .view): self == other
        default: isTuple && other.isTuple
        }
    }

    fileprivate var isOrdered: Bool { self == .list || isTuple }
}
