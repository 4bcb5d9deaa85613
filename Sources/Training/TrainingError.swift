import Compute
import Foundation

/// What keeps a training from being begun, going on, or being read.
package enum TrainingError: GenacError {
    case unknownKey(String, suggestion: String?)
    case notRead(String, stage: String, readers: String)
    case notAnAssignment(String)
    case wrongValue(key: String, value: String, expected: String)
    case missingKey(String, stage: String)
    case badRow(file: String, line: Int, what: String)
    case badRollout(file: String, line: Int, what: String)
    case noRows(file: String)
    case tooLong(file: String, line: Int, tokens: Int, limit: Int)
    case noMemory(needed: Int, available: Int)
    case runInUse(String, by: RunHolder)
    case noSuchRun(String)
    case runFinished(String, steps: Int)
    case otherRecipe(run: String, key: String, kept: String, given: String)
    case noCheckpoint(run: String, step: Int?, known: [Int])
    case damagedRun(file: String, what: String)
    case cannotWrite(file: String, reason: String)
    /// What a run reads besides its checkpoints is not what it was.
    case dataChanged(file: String, what: String)
    case noAnswers(file: String)
    case noWords(model: String)
    case otherWords(critic: String, actor: String)
    case noEndToken(model: String)
    case tokenizerMismatch(model: String, tokens: Int, vocabulary: Int)
    /// A loss, `value`, of step `step` (counted from 1), and the weight to blame where there is one.
    case notFinite(what: String, value: Double, step: Int, tensor: String?)
    case spoiledWeights(role: String, tensor: String)
    case noValue(prefix: String)
    case nothingLearned(steps: Int, skipped: Int)
    case noSuchJob(Int)
    case wrongState(job: Int, state: String, wanted: String)

    package var what: String {
        switch self {
        case .unknownKey(let key, _): "there is no setting \(key)"
        case .notRead(let key, let stage, _): "train \(stage) does not read \(key)"
        case .notAnAssignment(let text): "'\(text)' is not key=value"
        case .wrongValue(let key, let value, _): "\(key) cannot be \(value)"
        case .missingKey(let key, let stage): "train \(stage) needs \(key)=…"
        case .badRow(_, _, let what), .badRollout(_, _, let what): what
        case .noRows: "the file has no rows to train on"
        case .tooLong(_, _, let tokens, let limit): "the row has \(tokens) tokens where \(limit) fit"
        case .noMemory(let needed, let available):
            "training needs about \(Self.size(needed)) where \(Self.size(available)) are free"
        case .runInUse(_, let holder) where holder.process == getpid(): "a job of this process has it open"
        case .runInUse(_, let holder): "\(holder) has it open"
        case .noSuchRun(let id): "there is no run \(id)"
        case .runFinished(let id, let steps): "the run \(id) is finished: all of its \(steps) steps are done"
        case .otherRecipe(let run, let key, let kept, let given):
            "the run \(run) was begun with \(key)=\(kept.isEmpty ? "(nothing)" : kept), not "
                + "\(given.isEmpty ? "(nothing)" : given)"
        case .noCheckpoint(let run, let step?, _): "the run \(run) has no checkpoint at step \(step)"
        case .noCheckpoint(let run, nil, _): "the run \(run) has no checkpoint yet"
        case .damagedRun(_, let what): what
        case .cannotWrite(_, let reason): "cannot write: \(reason)"
        case .dataChanged(_, let what): "\(what) changed since the checkpoint was made"
        case .noAnswers: "no problem in it has an answer, so no solution has an outcome"
        case .noWords: "it is a value head and writes nothing"
        case .otherWords(let critic, let actor):
            "\(critic) does not have \(actor)'s tokens, and a value head reads its ids as they were sampled"
        case .noEndToken: "the model has no end-of-text token, so a response cannot be closed"
        case .tokenizerMismatch(_, let tokens, let vocabulary):
            "the tokenizer has \(tokens) tokens and the model rows for \(vocabulary)"
        case .notFinite(let what, let value, let step, let tensor):
            "\(what) is \(value.isNaN ? "no number (NaN)" : "\(value)") at step \(step)"
                + (tensor.map { ": \($0)" } ?? "")
        case .spoiledWeights(let role, let tensor): "the \(role)'s weights are not all numbers any more: \(tensor)"
        case .noValue(let prefix):
            "the critic gave prefix \(prefix) of the step no value, and an advantage needs one at every state"
        case .nothingLearned(let steps, 0): "no update was made in \(steps) steps: there was nothing to learn from"
        case .nothingLearned(let steps, let skipped):
            "no update was made in \(steps) steps: the gradients of \(skipped) were not finite, and nothing was learned"
        case .noSuchJob(let id): "there is no job \(id)"
        case .wrongState(let job, let state, let wanted): "job \(job) is \(state), so it cannot be \(wanted)"
        }
    }

    package var location: String? {
        switch self {
        case .badRow(let file, let line, _), .badRollout(let file, let line, _), .tooLong(let file, let line, _, _):
            "\(file):\(line)"
        case .noRows(let file), .dataChanged(let file, _), .noAnswers(let file), .noWords(let file),
            .damagedRun(let file, _), .cannotWrite(let file, _):
            file
        case .runInUse(let path, _): path
        case .noEndToken(let model), .tokenizerMismatch(let model, _, _): model
        default: nil
        }
    }

    package var hint: String? {
        switch self {
        case .unknownKey(_, let suggestion): suggestion.map { "did you mean \($0)?" }
        case .notRead(_, _, let readers): "it is read by \(readers)"
        case .notAnAssignment: "write it as in actor.optim.lr=1e-4"
        case .wrongValue(_, _, let expected): "it may be: \(expected)"
        case .missingKey(let key, _): "give it as \(key)=VALUE"
        case .badRow:
            "a row is {\"prompt\": TEXT or MESSAGES, \"response\": TEXT}; data.prompt_key and data.response_key rename "
                + "the two"
        case .badRollout: "give a file of a run's rollouts/ as it was written"
        case .noRows: "check that it is the file you meant"
        case .tooLong: "raise data.max_length, or set data.truncation to right or drop"
        case .noMemory: "lower data.max_token_len_per_gpu or the batch, use a smaller model, or unload models"
        case .runInUse: "stop it there, or wait for its end"
        case .noSuchRun: "a run has a folder of its name in runs/"
        case .runFinished(let id, _): "model.path=run:\(id) goes on from its weights"
        case .otherRecipe(let run, _, _, _):
            "give it another trainer.experiment_name (model.path=run:\(run) goes on from its weights), or remove the "
                + "run"
        case .noCheckpoint(_, _, let known) where !known.isEmpty:
            "it has those of steps \(known.map(String.init).joined(separator: ", "))"
        case .noCheckpoint: "trainer.save_freq says when one is written; a job that is stopped writes one"
        case .damagedRun: "bring the file back as it was, or begin a new run with model.path=run:ID"
        case .cannotWrite: "make room or check your rights there, then resume it; the last checkpoint is intact"
        case .dataChanged: "bring back the files as they were, or begin a new run with model.path=run:ID"
        case .noWords: "name a language model"
        case .otherWords: "take a critic of the actors' family"
        case .noAnswers: "rows need an answer"
        case .noEndToken, .tokenizerMismatch: "check the model directory's tokenizer files"
        case .notFinite, .spoiledWeights:
            "lower the learning rate or actor.grad_clip, and begin again from the last checkpoint (model.path=run:ID)"
        case .noValue: "set critic.parse_fallback=forced"
        case .nothingLearned(_, 0):
            "look at a step's rollouts: were all cut off by rollout.response_length and masked?"
        case .nothingLearned: "the model's numbers overflow: try other weights, or a lower learning rate"
        case .noSuchJob, .wrongState: nil
        }
    }

    /// The checkpoint is whole, but what was learned from is not what it was.
    var isAboutData: Bool {
        if case .dataChanged = self { return true }
        return false
    }

    static func size(_ bytes: Int) -> String {
        let megabytes = Double(bytes) / 1e6
        return megabytes < 1000 ? "\(Int(megabytes.rounded(.up))) MB" : "\((megabytes / 100).rounded() / 10) GB"
    }
}
