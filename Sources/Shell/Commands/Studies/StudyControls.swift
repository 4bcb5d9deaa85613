import ArgumentParser

/// Estimators that a study shows beside the critics it asks about.
struct StudyControls: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Shown beside and asked as the session has it, set beside none: rate, likelihood, exact, or a critic.",
            valueName: "critic"))
    var control: [Text] = []

    var names: [String] { control.map(\.string) }
}
