import Critics
import Formats
import Prompts

/// A critic that learns.
protocol CriticLearner: AnyObject {
    /// The prompt template that it reads.
    var template: PromptTemplate { get }
    var learner: Learner { get }
}
