/// What all methods read in which a critic learns from frozen actors.
package struct FrozenActorSettings: SettingGroup {
    /// The critic that is trained.
    package let path: String
    /// Problems and batches.
    package let data: DataSettings
    /// `data.actors`: models that sample and do not learn.
    package let actors: [String]
    /// How they sample.
    package let rollout: RolloutSettings
    /// How long, and what is saved.
    package let trainer: TrainerSettings

    /// Declares and reads them.
    package init(_ read: SettingReader) {
        path = read.modelPath()
        data = DataSettings(read, batch: "4")
        actors = read(
            "data.actors", .texts, "",
            "the frozen actors whose solutions are rated, several separated by commas: anything `load` takes. Problems "
                + "go to them in turn. With one actor its success rate is a constant, from which nothing is learned",
            paper: "one actor, frozen", source: "own", required: true)
        rollout = RolloutSettings(read)
        trainer = TrainerSettings(read, steps: "200")
    }
}
