extension Registry {
    /// The whole list of commands: a new one is a file in `Commands/` and its name here.
    public static let topics: [Topic] = [
        Topic(title: "Settings", commands: [Explain.self, SetCommand.self, SettingsList.self]),
        Topic(title: "The shell", commands: [Help.self, Apropos.self, Source.self, History.self, Timing.self, Quit.self]),
    ]
}
