import ArgumentParser
import Terminal

/// What `genac` itself takes.
struct Arguments: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "genac",
        abstract: "A shell for reinforcement learning of language models, that shows what a value model thinks.",
        discussion:
            "Without arguments it opens on the starter models. In it, `help` lists the commands.\n\nEXAMPLES:\n  "
            + "genac\n  genac sessions/tour.genac\n  genac -c 'load actor starter:actor; problems load "
            + "starter:jumps; generate -n 4'"
    )

    @Argument(help: ArgumentHelp("Scripts to run, one after another.", valueName: "file"))
    var files: [String] = []

    @Option(name: .customShort("c"), help: ArgumentHelp("Run these commands (separated by ;).", valueName: "commands"))
    var commands: String?

    @Flag(help: "Print each result as one line of JSON.")
    var json = false

    @Option(help: ArgumentHelp("Seed of every random number (default 0).", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Where problems, solutions and runs are kept (default: here).", valueName: "dir"))
    var workspace: String = "."

    @Flag(help: "Go on after a failing command.")
    var keepGoing = false

    @Option(help: ArgumentHelp("auto, always or never; auto honours NO_COLOR.", valueName: "when"))
    var color: ColourChoice = .auto

    @Flag(help: "Do not read ~/.config/genac/init.genac, and start without models.")
    var bare = false

    @Flag(help: "Print the version.")
    var version = false
}

extension ColourChoice: ExpressibleByArgument {}
