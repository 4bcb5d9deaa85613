/// What not every model can do.
package enum Capability: Sendable, Equatable {
    /// It writes: a ``TextModel``.
    case text
    /// Its ids are known: a ``TokenModel``.
    case tokens
    /// It rates given tokens: a ``ScoringModel``.
    case scores
    /// It has a value head: a ``ValueModel``.
    case values
    /// Its weights are in this process, to be measured, trained or saved.
    case weights

    /// What a model without it is said to lack: `x-model gives no …`.
    var lack: String {
        switch self {
        case .text: "is a value head and writes nothing"
        case .tokens: "tells no token ids"
        case .scores: "gives no log-probabilities of given text"
        case .values: "has no value head"
        case .weights: "has no weights in this process"
        }
    }
}

extension TextModel {
    /// The model as one whose tokens are known.
    /// - Parameter need: what asks for it, as a user knows it: a command, a setting with its value.
    /// - Throws: ``GenerationError/lacks(model:_:need:)``.
    package func tokens(for need: String) throws -> any TokenModel {
        guard let model = self as? any TokenModel else {
            throw GenerationError.lacks(model: name, .tokens, need: need)
        }
        return model
    }

    /// The model as one that rates given tokens.
    /// - Parameter need: as for ``tokens(for:)``.
    /// - Throws: ``GenerationError/lacks(model:_:need:)``.
    package func scores(for need: String) throws -> any ScoringModel {
        guard let model = self as? any ScoringModel else {
            throw GenerationError.lacks(model: name, .scores, need: need)
        }
        return model
    }
}
