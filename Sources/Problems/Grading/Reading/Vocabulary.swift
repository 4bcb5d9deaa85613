/// English and mathematical words that answers have in them.
enum Vocabulary {
    /// Functions of one argument, under the name by which they are evaluated.
    static let functions: [String: String] = [
        "sin": "sin", "cos": "cos", "tan": "tan", "tg": "tan", "cot": "cot", "ctg": "cot", "sec": "sec", "csc": "csc",
        "arcsin": "arcsin", "arccos": "arccos", "arctan": "arctan", "arctg": "arctan", "arccot": "arccot",
        "arcsec": "arcsec", "arccsc": "arccsc", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "sinh": "sinh",
        "cosh": "cosh", "tanh": "tanh", "coth": "coth", "sech": "sech", "csch": "csch", "arsinh": "arcsinh",
        "arcsinh": "arcsinh", "arcosh": "arccosh", "arccosh": "arccosh", "artanh": "arctanh", "arctanh": "arctanh",
        "ln": "ln", "log": "log", "lg": "lg", "exp": "exp", "sqrt": "sqrt", "abs": "abs", "sgn": "sgn", "sign": "sgn",
        "gcd": "gcd", "lcm": "lcm", "max": "max", "min": "min", "floor": "floor", "ceil": "ceil", "det": "det",
        "gamma": "gamma",
    ]

    /// What a function's power of -1 is.
    static let inverses: [String: String] = [
        "sin": "arcsin", "cos": "arccos", "tan": "arctan", "cot": "arccot", "sec": "arcsec", "csc": "arccsc",
        "sinh": "arcsinh", "cosh": "arccosh", "tanh": "arctanh",
    ]

    /// Words that multiply the number before them.
    static let multipliers: [String: Int] = [
        "hundred": 100, "thousand": 1000, "million": 1_000_000, "millions": 1_000_000, "billion": 1_000_000_000,
        "trillion": 1_000_000_000_000, "dozen": 12, "dozens": 12, "thousands": 1000, "score": 20, "mn": 1_000_000,
        "bn": 1_000_000_000,
    ]

    static let numbers: [String: Int] = [
        "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12,
    ]

    /// Sets that are said in words.
    static let sets = [
        "all real numbers": "ℝ", "all reals": "ℝ", "real numbers": "ℝ", "set of all real numbers": "ℝ",
        "set of real numbers": "ℝ", "empty set": "∅", "all integers": "ℤ",
    ]

    static let minus: Set<String> = ["minus", "negative"]
    static let connectives: Set<String> = ["and", "or"]

    /// Words before an answer that say nothing of it.
    static let fillers: Set<String> = [
        "about", "approximately", "exactly", "simply", "just", "therefore", "thus", "the", "is", "are", "equals",
        "equal", "be", "roughly", "around", "answer", "final", "value", "values", "solution", "solutions",
        "indeed", "also", "only", "clearly", "then", "so", "hence", "equal", "option", "choice", "option", "letter",
        "of", "there", "total", "was", "by", "given", "as", "follows",
    ]

    /// Words before a number that make it another answer, or none.
    static let blockers: Set<String> = [
        "not", "between", "from", "least", "most", "than", "under", "over", "below", "above", "exceed", "exceeds",
        "neither", "nor", "never", "no", "isn't", "cannot", "isn", "aren", "wasn", "doesn", "won", "can", "without",
        "out", "until", "except", "unlike",
    ]

    /// Words behind a number that make it another answer, or none.
    static let continuers: Set<String> = [
        "to", "through", "out", "times", "plus", "minus", "squared", "cubed", "factorial",
    ]

    /// Words behind a number that go on with the sentence: what stands behind them is not what is counted.
    static let linking: Set<String> = [
        "of", "in", "on", "at", "for", "to", "from", "by", "with", "per", "each", "every", "that", "which", "who",
        "where", "when", "while", "because", "since", "as", "so", "and", "or", "but", "is", "are", "was", "were", "be",
        "being", "left", "remaining", "altogether", "now", "then", "if", "after", "before", "than", "the", "an", "a",
        "this", "these", "there", "here", "it", "we", "you", "he", "she", "they", "has", "have", "had", "can", "could",
        "will", "would", "not", "too", "also", "until", "through", "into", "out",
    ]

    /// Words that fit whatever is counted.
    static let general: Set<String> = [
        "unit", "units", "square", "cubic", "way", "ways", "item", "items", "thing", "things", "person", "people",
        "piece", "pieces", "object", "objects", "element", "elements", "time", "times", "one", "ones", "total",
        "different", "distinct", "possible", "possibilities", "more", "exactly", "about", "approximately", "only",
        "whole", "new", "additional", "number", "numbers", "value", "values", "answer", "answers", "solution",
        "solutions", "extra", "such",
    ]

    /// Single letters that stand for a unit behind a number.
    static let unitLetters: Set<String> = [
        "m", "g", "s", "h", "L", "l", "N", "J", "W", "V", "K", "C", "F",
    ]

    /// Short runs of letters that are one word, not a product of letters.
    static let shortWords: Set<String> = [
        "cm", "mm", "km", "in", "ft", "yd", "mi", "sec", "min", "hr", "hrs", "day", "ms", "kg", "mg", "lb", "oz", "ml",
        "mph", "pct", "kmh", "sq", "cu", "am", "pm", "no", "yes", "pi", "deg", "rad", "hz", "khz", "mhz", "ev", "kev",
        "mev", "nm", "um", "kj", "kw", "mw", "pa", "kpa", "atm", "mol", "rpm", "gal", "cal", "kcal", "ton", "per",
        "and",
        "or", "is", "are", "the", "not", "of", "to", "for", "all", "any", "if", "inf", "dne", "eq", "ohm", "nt", "erg",
        "au", "pc", "kpc", "mpc", "bit", "one", "two", "six", "ten", "usd", "eur", "rs", "kb", "mb", "gb", "cups",
        "box", "age", "ago", "old", "sum", "odd", "even", "men", "lbs", "tsp", "pt", "qt", "red", "mod", "bn", "mn",
    ]
}
