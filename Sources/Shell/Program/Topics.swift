extension CommandTable {
    /// The whole list of commands: a new one is a file in `Commands/` and its name here.
    package static let shell = CommandTable(topics: [
        Topic(title: "Models", commands: [Load.self, ModelList.self, Use.self, Unload.self, Save.self, Inspect.self]),
        Topic(
            title: "Problems and solutions",
            commands: [
                ProblemsCommand.self, ProblemCommand.self, Generate.self, Branch.self, Solutions.self, Show.self,
                Edit.self, Add.self,
            ]),
        Topic(title: "Values", commands: [Score.self, Truth.self, ICCCommand.self, PromptCommand.self]),
        Topic(title: "Measurements", commands: [Study.self, StudiesCommand.self, CompareCredits.self, Bench.self]),
        Topic(title: "Tokens and answers", commands: [Tokenize.self, Logprobs.self, GradeCommand.self]),
        Topic(
            title: "Training",
            commands: [
                Starter.self, Traces.self, Train.self, JobList.self, Watch.self, Pause.self, Resume.self, Stop.self,
                Plot.self, Samples.self,
                Runs.self,
            ]),
        Topic(title: "Settings", commands: [Explain.self, SetCommand.self, SettingsList.self]),
        Topic(
            title: "The shell",
            commands: [
                Help.self, Apropos.self, Source.self, SessionCommand.self, History.self, Timing.self, Quit.self,
            ]),
    ])
}
