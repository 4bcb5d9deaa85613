extension PromptTemplate {
    /// What a critic's template may name, and what stands in its place; an actor's names the problem alone. A section
    /// ends with its name behind a slash, as `{{/actor}}`.
    package static let placeholders: [(name: String, meaning: String)] = [
        ("{{problem}}", "the problem's text"),
        ("{{solution}}", "the solution up to the prefix; nothing for N.0"),
        ("{{cue}}", "how the score line begins, from the file's head"),
        ("{{#actor}}", "who solves: inside it {{name}}, {{size}} where known"),
        ("{{#success-rate}}", "how often it is right: inside it {{percent}}"),
        ("{{#sampling}}", "inside it {{temperature}}, {{tokens}} where known"),
        ("{{#infer}}", "to infer its ability: {{own}} where you set words"),
        ("{{#fields}}", "your own fields: inside it {{sentence}}"),
    ]

    /// A template to begin one's own with: it can be read as it is, and its comments say what may be changed. What is
    /// told of the actor stands in sections, each of which is left out while its field is off or not known.
    package static func skeleton(_ role: Role) -> String { role == .critic ? criticSkeleton : actorSkeleton }

    private static let criticSkeleton = """
        {{% CONTENT_TYPE:TEXT}}
        {{! form: chat }}
        {{! cue: Score: }}
        {{! A form of chat becomes a user turn of the model's chat template, text is read as it stands. }}
        {{! A comment like this one is never read by a model. Write what is alike for all first, then the problem. }}
        You judge how likely a language model is to finish its solution of a problem correctly.
        {{! A section is printed while its field is on (see icc) and known. }}
        {{#actor}}
        The solution is being written by {{name}}{{#size}}, a model of {{size}} parameters{{/size}}.
        {{/actor}}
        {{#success-rate}}
        That model solves {{percent}} percent of such problems.
        {{/success-rate}}
        {{#sampling}}
        It samples at temperature {{temperature}}{{#tokens}} and writes at most {{tokens}} tokens{{/tokens}}.
        {{/sampling}}
        {{#infer}}
        {{#own}}{{own}}{{/own}}{{^own}}Infer from the partial solution how able its writer is.{{/own}}
        {{/infer}}
        {{#fields}}
        {{sentence}}
        {{/fields}}

        Problem: {{problem}}

        {{! Right behind the solution stands its closing mark, with no blank between. Little should follow it. }}
        <solution>
        {{solution}}</solution>
        Think in one or two sentences. Then end with a line "{{cue}} N", N from 0 (surely wrong) to 10 (surely right).

        """

    private static let actorSkeleton = """
        {{% CONTENT_TYPE:TEXT}}
        {{! form: chat }}
        {{! A form of chat becomes a user turn of the model's chat template, text is read as it stands. }}
        {{! A comment like this one is never read by a model. How the answer is to be marked is worth saying. }}
        {{problem}}

        Solve this step by step. End with a line "The answer is N."

        """
}
