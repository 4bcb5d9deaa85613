/// The parts of the session that studies work with: who solves, who rates, on what, and where the findings are kept.
struct StudyDesk {
    let models: Models
    let solving: Solving
    let judging: Judging
    let sets: ProblemSets
    let settings: SettingValues
    let templates: Templates
    /// Of all studies.
    let folder: String
    let console: Console

    init(_ context: CommandContext) {
        (models, solving, judging) = (context.models, context.solving, context.judging)
        (sets, settings, templates) = (context.sets, context.settings, context.templates)
        (folder, console) = (context.workspace.studiesDirectory, context.console)
    }
}
