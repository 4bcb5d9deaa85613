/// What commands and characters stand for.
enum Spellings {
    /// Commands that are another spelling of a sign.
    static let signs: [String: String] = [
        "times": "*", "cdot": "*", "ast": "*", "div": "/", "pm": "±", "mp": "∓", "le": "≤", "leq": "≤", "leqslant": "≤",
        "ge": "≥", "geq": "≥", "geqslant": "≥", "lt": "<", "gt": ">", "ne": "≠", "neq": "≠", "approx": "≈", "sim": "≈",
        "simeq": "≈", "cong": "≈", "equiv": "≡", "in": "∈", "notin": "∉", "to": "→", "rightarrow": "→", "mapsto": "→",
        "Rightarrow": "→", "implies": "→", "cup": "∪", "bigcup": "∪", "cap": "∩", "setminus": "∖", "backslash": "∖",
        "infty": "∞", "lbrace": "\\{", "rbrace": "\\}", "lbrack": "[", "rbrack": "]", "lvert": "|", "rvert": "|",
        "vert": "|", "mid": "|", "lVert": "‖", "rVert": "‖", "Vert": "‖", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊",
        "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "ldots": "…", "cdots": "…", "dots": "…", "vdots": "…", "circ": "°",
        "degree": "°", "prime": "'", "emptyset": "∅", "varnothing": "∅", "newline": "\\\\", "cr": "\\\\", "colon": ":",
        "land": "∧", "wedge": "∧", "lor": "∨", "vee": "∨", "percent": "%", "bullet": "*", "lparen": "(", "rparen": ")",
    ]

    /// The longest beginning of an unknown command that is one: data sets that lost their blanks write `\lnx`, `\pit`.
    static func beginning(of name: String) -> String? {
        guard signs[name] == nil, names[name] == nil,
            ![known, placing, prose, skipped].contains(where: { $0.contains(name) })
        else { return nil }
        return (2..<min(max(name.count, 2), longest)).reversed().map { String(name.prefix($0)) }.first(
            where: known.contains)
    }

    /// No known command is as long.
    private static let longest = 10

    private static let known = Set(greek.values).union(Vocabulary.functions.keys).union([
        "pi", "quad", "times", "cdot", "Theta", "Pi", "upsilon", "iota", "Xi", "Upsilon", "omicron",
    ])

    /// Commands under another name.
    static let names: [String: String] = [
        "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "dbinom": "binom", "tbinom": "binom",
        "varepsilon": "epsilon",
        "vartheta": "theta", "varphi": "phi", "varrho": "rho", "Pr": "P", "imath": "i", "jmath": "j", "iff": "→",
    ]

    /// Commands that only place or size what follows.
    static let placing: Set<String> = [
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
        "Biggr", "bigm", "middle", "displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "quad", "qquad",
        "space", "hline", "mathstrut", "strut", "nonumber", "notag", "centering", "thinspace", "enspace",
        "phantomsection",
        "smallskip", "medskip", "bigskip", "par", "noindent", "small", "large", "Large", "hfill", "itshape", "bfseries",
        "mathbf", "mathit", "mathcal", "mathfrak", "mathscr", "boldsymbol", "bm", "pmb", "vec", "overrightarrow", "hat",
        "widehat", "bar", "overline", "underline", "tilde", "boxed", "fbox", "framebox", "mathop", "mathrel", "mathbin",
        "mathord",
        "rm", "bf", "it", "cal", "ensuremath", "overbrace", "underbrace", "displaylines", "therefore", "because",
    ]

    /// Commands whose argument is words.
    static let prose: Set<String> = [
        "text", "textbf", "textit", "textrm", "texttt", "textsf", "textnormal", "mathrm", "mbox", "hbox",
        "operatorname",
        "emph", "mathsf", "mathtt", "textup", "textsc", "textmd",
    ]

    /// Commands whose first argument is not part of the answer.
    static let skipped: Set<String> = [
        "color", "textcolor", "hspace", "vspace", "phantom", "hphantom", "vphantom", "tag", "label", "kern", "hskip",
        "renewcommand", "fontsize", "rule",
    ]

    /// Characters beyond ASCII that stand for a sign; an empty one means nothing, a blank separates.
    static let characters: [Character: String] = [
        "−": "-", "–": "-", "—": "-", "‒": "-", "‐": "-", "‑": "-", "×": "*", "·": "*", "⋅": "*", "∙": "*", "•": "*",
        "∗": "*", "÷": "/", "⁄": "/", "∕": "/", "±": "±", "∓": "∓", "≤": "≤", "⩽": "≤", "≥": "≥", "⩾": "≥", "≠": "≠",
        "≈": "≈", "≡": "≡", "∈": "∈", "∪": "∪", "∩": "∩", "∖": "∖", "∞": "∞", "°": "°", "º": "°", "…": "…", "⋯": "…",
        "′": "'", "’": "'", "‘": "'", "→": "→", "⇒": "→", "∅": "∅", "⟨": "⟨", "⟩": "⟩", "⌊": "⌊", "⌋": "⌋", "⌈": "⌈",
        "⌉": "⌉", "，": ",", "。": ".", "：": ":", "；": ";", "（": "(", "）": ")", "＝": "=", "％": "%", "、": ",", "‖": "‖",
        "€": "", "£": "", "¥": "", "₹": "", "“": "", "”": "", "\u{200B}": "", "\u{2060}": "", "\u{FEFF}": "",
        "\u{A0}": " ", "\u{202F}": " ", "\u{2009}": " ", "\u{2002}": " ", "\u{2003}": " ", "\u{2008}": " ",
        "\u{200A}": " ", "\u{3000}": " ", "∶": ":", "≦": "≤", "≧": "≥",
    ]

    /// Characters that stand for a command.
    static let commands: [Character: String] = ["√": "sqrt", "π": "pi", "∑": "sum", "∏": "prod", "∫": "int"]

    static let vulgarFractions: [Character: (String, String)] = [
        "½": ("1", "2"), "¼": ("1", "4"), "¾": ("3", "4"), "⅓": ("1", "3"), "⅔": ("2", "3"), "⅕": ("1", "5"),
        "⅖": ("2", "5"), "⅗": ("3", "5"), "⅘": ("4", "5"), "⅙": ("1", "6"), "⅚": ("5", "6"), "⅛": ("1", "8"),
        "⅜": ("3", "8"), "⅝": ("5", "8"), "⅞": ("7", "8"),
    ]

    static let raised: [Character: String] = [
        "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
        "ⁿ": "n",
    ]
    static let lowered: [Character: String] = [
        "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8", "₉": "9",
    ]

    /// Greek letters that the text has as characters, under the names of their commands.
    static let greek: [Character: String] = [
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "θ": "theta", "λ": "lambda", "μ": "mu",
        "ν": "nu", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "ω": "omega", "Δ": "Delta", "Ω": "Omega",
        "Σ": "Sigma", "Γ": "Gamma", "Λ": "Lambda", "Φ": "Phi", "ψ": "psi", "Ψ": "Psi", "ξ": "xi", "η": "eta",
        "ζ": "zeta", "κ": "kappa", "χ": "chi",
    ]
}
