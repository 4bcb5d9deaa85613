import Acting
import Compute
import Critics
import Generation
import Problems
import Prompts
import Training
import Transformer
import Workspace

/// What mends an error, in the shell's words.
///
/// A room below knows no command and no option: its `hint` says in the field's words what would mend the error. Where
/// a command or an option does it, this file says so, and no other. Each function names the cases of one room that it
/// has better words for; every other case, a new one too, keeps its own hint.
enum ShellHints {
    static func of(_ error: any GenacError) -> String? {
        switch error {
        case let error as TrainingError: training(error) ?? error.hint
        case let error as CriticsError: critics(error) ?? error.hint
        case let error as ActingError: acting(error) ?? error.hint
        case let error as PromptsError: prompts(error) ?? error.hint
        case let error as GenerationError: generation(error) ?? error.hint
        case let error as TransformerError: transformer(error) ?? error.hint
        case let error as ProblemsError: problems(error) ?? error.hint
        case let error as WorkspaceError: workspace(error) ?? error.hint
        default: error.hint
        }
    }

    private static func training(_ error: TrainingError) -> String? {
        switch error {
        case .unknownKey(_, nil): "`settings` lists them"
        case .notRead(_, let stage, let readers):
            "it is read by \(readers); `settings \(stage)` lists what this stage reads"
        case .wrongValue(let key, _, let expected): "it may be: \(expected); `explain \(key)` says more"
        case .missingKey(let key, _): "`explain \(key)` says what it means"
        case .noSuchRun: "`runs` lists them"
        case .runFinished(let id, _): "`load` or `train … model.path=run:\(id)` goes on from its weights"
        case .noCheckpoint(_, _, let known) where known.isEmpty:
            "trainer.save_freq says when one is written; `stop` writes one, and so does `load` while this shell's job "
                + "trains"
        case .cannotWrite: "make room or check your rights there, then `resume`; the last checkpoint is intact"
        case .noAnswers: "rows need an answer; see `help problems load`"
        case .nothingLearned(_, 0):
            "look at a step's rollouts with `samples`: were all cut off by rollout.response_length and masked?"
        case .noSuchJob: "`jobs` lists them"
        default: nil
        }
    }

    private static func acting(_ error: ActingError) -> String? {
        switch error {
        case .noSuchPrefix: "`show` prints a solution's steps"
        case .noOutcome: "raise it: `set reward.timeout 60`"
        case .reward, .undecided: nil
        }
    }

    private static func critics(_ error: CriticsError) -> String? {
        switch error {
        case .noAnswer: "give it one: `problem \"TEXT\" --answer A`"
        case .noValue:
            "of a critic `set critic.parse_fallback forced` reads one from the distribution; "
                + "the rate needs an actor that was measured"
        default: nil
        }
    }

    private static func prompts(_ error: PromptsError) -> String? {
        switch error {
        case .unknownField(_, let known): "the fields are \(known.joined(separator: ", ")); `icc add` makes another"
        case .duplicateField: "choose another name, or `icc set` its sentence"
        case .missingTemplate: "`prompt use` takes the name of a .mustache file in one of these folders"
        default: nil
        }
    }

    private static func generation(_ error: GenerationError) -> String? {
        switch error {
        case .contextTooLong: "lower --max-tokens or shorten the problem"
        case .invalidSampling: "temperature, top-p and min-p: see `help generate`"
        case .lacks(_, .scores, "the forced fallback"):
            "`set critic.parse_fallback icc` or `fail` needs none; a model in this process gives them"
        default: nil
        }
    }

    private static func transformer(_ error: TransformerError) -> String? {
        switch error {
        case .contextTooLong: "shorten the problem or lower --max-tokens"
        default: nil
        }
    }

    private static func problems(_ error: ProblemsError) -> String? {
        switch error {
        case .noProblem: "a row has a 'question', a 'problem' or a 'prompt'; --prompt-key names another member"
        case .twoProblems(_, _, let keys, _): "--prompt-key \(keys[0]) or --prompt-key \(keys[1]) says which"
        case .file(_, _, let splits) where !splits.isEmpty: "--split names one"
        default: nil
        }
    }

    private static func workspace(_ error: WorkspaceError) -> String? {
        switch error {
        case .notADirectory: "give --workspace an existing directory"
        case .notFound("problem", _, nil): "`problems load FILE`, or `problems load starter:jumps`"
        case .notFound(let kind, _, _): "`\(kind)s` lists what is kept"
        default: nil
        }
    }
}
