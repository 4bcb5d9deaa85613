import Problems
import Testing

/// What a careful reader says of an answer: R right, W wrong, U that it is no answer. A `⏎` is a line break.
struct GradingCase: CustomTestStringConvertible {
    var answer: String
    var text: String
    var wanted: Character
    var testDescription: String { "\(answer) | \(text)" }

    init(_ answer: String, _ text: String, _ wanted: Character) {
        (self.answer, self.wanted) = (answer, wanted)
        self.text = text.replacing("⏎", with: "\n")
    }

    func expect() {
        let report = AnswerGrader().report(text, answer: answer)
        let letters: [Verdict.Status: Character] = [.right: "R", .wrong: "W", .unparsable: "U"]
        #expect(
            letters[report.verdict.status] == wanted,
            "found \(report.found ?? ""), compared \(report.compared ?? ""), \(report.verdict.extracted ?? "nothing")")
    }
}

@Suite struct GradingKindsTests {
    @Test(
        "Where the answer stands: reasoning, end tokens, code marks, phrases, lines",
        arguments: [
            GradingCase(#"44"#, #"<think>maybe \boxed{45}</think> The answer is 44."#, "R"),
            GradingCase(#"44"#, #"<think>it is \boxed{44}</think> The answer is 45."#, "W"),
            GradingCase(#"44"#, #"<think>it is \boxed{44}</think> I do not know."#, "U"),
            GradingCase(#"44"#, #"<think>it is \boxed{44}"#, "U"),
            GradingCase(#"44"#, #"\boxed{44}<|im_end|>"#, "R"),
            GradingCase(#"44"#, #"The answer is 44.</s>"#, "R"),
            GradingCase(#"44"#, #"The answer is 44<|eot_id|>"#, "R"),
            GradingCase(#"44"#, #"The answer is `44`."#, "R"),
            GradingCase(#"44"#, #"```⏎44⏎```"#, "R"),
            GradingCase(#"44"#, #"<answer>44</answer>"#, "R"),
            GradingCase(#"44"#, #"<answer> \boxed{44} </answer> then 45"#, "R"),
            GradingCase(#"44"#, #"**Final Answer**: 44"#, "R"),
            GradingCase(#"44"#, #"**Final Answer**⏎⏎44"#, "R"),
            GradingCase(#"44"#, #"# Answer⏎44"#, "R"),
            GradingCase(#"44"#, #"The answer is **44** dollars"#, "R"),
            GradingCase(#"44"#, #"Answer: \boxed{44}. Let me double check with 45."#, "R"),
            GradingCase(#"44"#, #"The answer is 44, since 40 + 4 = 44."#, "R"),
            GradingCase(#"44"#, #"So the final answer is \(44\)."#, "R"),
            GradingCase(#"44"#, #"The answer is: ⏎⏎\[⏎44⏎\]⏎"#, "R"),
            GradingCase(#"\frac12"#, #"The answer is $\frac{1}{2}$."#, "R"),
            GradingCase(#"44"#, #"Our answer of 44 is correct."#, "R"),
            GradingCase(#"44"#, #"We got 43. The answer is not 43 but 44"#, "R"),
            GradingCase(#"44"#, #"The answer isn't 44"#, "U"),
        ]) func reasoningAndEndTokensAreNoAnswer(one: GradingCase)
    { one.expect() }

    @Test(
        "A factorial, a multiplier, a negation, a range and the like are not the bare number",
        arguments: [
            GradingCase(#"44000"#, #"44 thousand"#, "R"),
            GradingCase(#"44000000"#, #"\boxed{44\text{ million}}"#, "R"),
            GradingCase(#"144"#, #"12 dozen"#, "R"),
            GradingCase(#"120"#, #"5!"#, "R"),
            GradingCase(#"6"#, #"3!"#, "R"),
            GradingCase(#"3"#, #"\boxed{3!}"#, "W"),
            GradingCase(#"44"#, #"44 hundred"#, "W"),
            GradingCase(#"5"#, #"\boxed{5 \text{ or } 6}"#, "W"),
            GradingCase(#"44"#, #"\boxed{40\text{ to }44}"#, "U"),
            GradingCase(#"44"#, #"between 40 and 44"#, "U"),
            GradingCase(#"44"#, #"from 40 to 44"#, "U"),
            GradingCase(#"44"#, #"The answer is 44-45"#, "W"),
            GradingCase(#"44"#, #"\boxed{44 \pm 1}"#, "W"),
            GradingCase(#"44"#, #"\boxed{\approx 44}"#, "R"),
            GradingCase(#"44"#, #"\boxed{>44}"#, "U"),
            GradingCase(#"44"#, #"\boxed{x > 44}"#, "W"),
            GradingCase(#"44"#, #"\boxed{44^2}"#, "W"),
            GradingCase(#"44"#, #"\boxed{-44}"#, "W"),
            GradingCase(#"44"#, #"\boxed{\frac{44}{2}}"#, "W"),
            GradingCase(#"44"#, #"at least 44"#, "U"),
            GradingCase(#"44"#, #"\boxed{44x}"#, "W"),
            GradingCase(#"44"#, #"\boxed{44\%}"#, "R"),
            GradingCase(#"44"#, #"\boxed{44, 45}"#, "W"),
            GradingCase(#"44"#, #"\boxed{(44, 45)}"#, "W"),
            GradingCase(#"44"#, #"\boxed{44:45}"#, "W"),
            GradingCase(#"44"#, #"44 out of 45"#, "U"),
            GradingCase(#"44"#, #"\boxed{44_5}"#, "R"),
            GradingCase(#"44"#, #"\boxed{44i}"#, "W"),
            GradingCase(#"44"#, #"\boxed{\sqrt{44}}"#, "W"),
            GradingCase(#"44"#, #"\boxed{4 4}"#, "U"),
            GradingCase(#"44"#, #"\boxed{4\ 4}"#, "U"),
            GradingCase(#"44"#, #"\boxed{44.0}"#, "R"),
            GradingCase(#"44"#, #"\boxed{4.4 \times 10^1}"#, "R"),
            GradingCase(#"44"#, #"\boxed{4.4e1}"#, "R"),
            GradingCase(#"44"#, #"\boxed{n = 44}"#, "R"),
            GradingCase(#"44"#, #"\boxed{44 = n}"#, "R"),
            GradingCase(#"44"#, #"\boxed{44\text{ and }45}"#, "W"),
            GradingCase(#"44"#, #"\boxed{\text{forty-four}}"#, "U"),
            GradingCase(#"3"#, #"three"#, "R"),
            GradingCase(#"3"#, #"The answer is three."#, "R"),
            GradingCase(#"7"#, #"The answer is obtained by adding 3 and 4, which is 7."#, "R"),
            GradingCase(#"3"#, #"The answer is obtained by adding 3 and 4, which is 7."#, "W"),
        ]) func whatOnlyContainsTheNumberIsNotIt(one: GradingCase)
    { one.expect() }

    @Test(
        "Expressions by their value, with domains minded",
        arguments: [
            GradingCase(#"x^2-1"#, #"\boxed{(x-1)(x+1)}"#, "R"),
            GradingCase(#"x^2-1"#, #"\boxed{x^2+1}"#, "W"),
            GradingCase(#"\frac{x}{2}"#, #"\boxed{0.5x}"#, "R"),
            GradingCase(#"\sqrt{x^2}"#, #"\boxed{x}"#, "W"),
            GradingCase(#"|x|"#, #"\boxed{\sqrt{x^2}}"#, "R"),
            GradingCase(#"\ln x"#, #"\boxed{\ln|x|}"#, "W"),
            GradingCase(#"\frac{x^2-1}{x-1}"#, #"\boxed{x+1}"#, "R"),
            GradingCase(#"\sin^2 x + \cos^2 x"#, #"\boxed{1}"#, "R"),
            GradingCase(#"2\sin x\cos x"#, #"\boxed{\sin 2x}"#, "R"),
            GradingCase(#"\sin x^2"#, #"\boxed{\sin^2 x}"#, "W"),
            GradingCase(#"e^{2x}"#, #"\boxed{(e^x)^2}"#, "R"),
            GradingCase(#"e^{i\pi}"#, #"\boxed{-1}"#, "R"),
            GradingCase(#"\log_2 8"#, #"\boxed{3}"#, "R"),
            GradingCase(#"\log 2"#, #"\boxed{\ln 2}"#, "R"),
            GradingCase(#"\log_{10} 2"#, #"\boxed{\log 2}"#, "R"),
            GradingCase(#"a^{1/2}"#, #"\boxed{\sqrt{a}}"#, "R"),
            GradingCase(#"\sqrt[3]{-8}"#, #"\boxed{-2}"#, "R"),
            GradingCase(#"(-8)^{1/3}"#, #"\boxed{-2}"#, "R"),
            GradingCase(#"2^{10}"#, #"\boxed{1024}"#, "R"),
            GradingCase(#"2^{100}"#, #"\boxed{1267650600228229401496703205376}"#, "R"),
            GradingCase(#"2^{100}"#, #"\boxed{1267650600228229401496703205377}"#, "W"),
            GradingCase(#"\binom{5}{2}"#, #"\boxed{10}"#, "R"),
            GradingCase(#"{5 \choose 2}"#, #"\boxed{10}"#, "R"),
            GradingCase(#"\frac{n(n+1)}{2}"#, #"\boxed{\binom{n+1}{2}}"#, "R"),
            GradingCase(#"\sum_{k=1}^{n} k"#, #"\boxed{\frac{n(n+1)}{2}}"#, "R"),
            GradingCase(#"\sum_{k=1}^{10} k"#, #"\boxed{55}"#, "R"),
            GradingCase(#"(-1)^n"#, #"\boxed{(-1)^{n+2}}"#, "R"),
            GradingCase(#"(-1)^n"#, #"\boxed{(-1)^{n+1}}"#, "W"),
            GradingCase(#"\frac{1}{3}"#, #"\boxed{0.\overline{3}}"#, "R"),
            GradingCase(#"0.1\overline{6}"#, #"\boxed{1/6}"#, "R"),
            GradingCase(#"\frac{1}{3}"#, #"\boxed{0.33}"#, "W"),
            GradingCase(#"\pi"#, #"\boxed{3.14}"#, "W"),
            GradingCase(#"\frac{\pi}{2}"#, #"\boxed{1.5708}"#, "W"),
            GradingCase(#"1+\sqrt{2}"#, #"\boxed{2.41421356}"#, "W"),
            GradingCase(#"x+y"#, #"\boxed{y+x}"#, "R"),
            GradingCase(#"xy"#, #"\boxed{yx}"#, "R"),
            GradingCase(#"xy"#, #"\boxed{x+y}"#, "W"),
            GradingCase(#"2x+3"#, #"\boxed{2y+3}"#, "W"),
            GradingCase(#"\frac{1}{\sqrt{2}}"#, #"\boxed{\frac{\sqrt{2}}{2}}"#, "R"),
            GradingCase(#"3+4i"#, #"\boxed{4i+3}"#, "R"),
            GradingCase(#"3-4i"#, #"\boxed{3+4i}"#, "W"),
            GradingCase(#"x^{-1}"#, #"\boxed{\frac1x}"#, "R"),
            GradingCase(#"\tan x"#, #"\boxed{\frac{\sin x}{\cos x}}"#, "R"),
            GradingCase(#"\arcsin x"#, #"\boxed{\sin^{-1} x}"#, "R"),
            GradingCase(#"\lfloor x \rfloor"#, #"\boxed{x}"#, "W"),
            GradingCase(#"\lceil 2.3 \rceil"#, #"\boxed{3}"#, "R"),
            GradingCase(#"x^2+C"#, #"\boxed{x^2+c}"#, "R"),
            GradingCase(#"C+c"#, #"\boxed{2c}"#, "W"),
            GradingCase(#"x^{-1/3}(c_{1}+c_{2}\lnx)"#, #"\boxed{c_1 x^{-1/3} + c_2 x^{-1/3}\ln x}"#, "R"),
            GradingCase(#"2\cos(\pit)"#, #"\boxed{2\cos(\pi t)}"#, "R"),
            GradingCase(#"\partial x"#, #"\boxed{\partial y}"#, "W"),
        ]) func algebraIsComparedByValue(one: GradingCase)
    { one.expect() }

    @Test(
        "Equations, inequalities, several solutions",
        arguments: [
            GradingCase(#"y=2x+1"#, #"\boxed{2x+1}"#, "R"),
            GradingCase(#"y=2x+1"#, #"\boxed{y-2x-1=0}"#, "R"),
            GradingCase(#"y=2x+1"#, #"\boxed{2y = 4x+2}"#, "R"),
            GradingCase(#"y=2x+1"#, #"\boxed{y=2x-1}"#, "W"),
            GradingCase(#"x^2+y^2=4"#, #"\boxed{y^2+x^2-4=0}"#, "R"),
            GradingCase(#"x^2+y^2=4"#, #"\boxed{4}"#, "W"),
            GradingCase(#"x=5"#, #"\boxed{y=5}"#, "W"),
            GradingCase(#"f(x)=2x"#, #"\boxed{y=2x}"#, "R"),
            GradingCase(#"f(x)=2x"#, #"\boxed{f(t)=2t}"#, "R"),
            GradingCase(#"x<5"#, #"\boxed{5>x}"#, "R"),
            GradingCase(#"x<5"#, #"\boxed{x\le5}"#, "W"),
            GradingCase(#"x<5"#, #"\boxed{(-\infty,5)}"#, "R"),
            GradingCase(#"x<5"#, #"\boxed{x>5}"#, "W"),
            GradingCase(#"2x<10"#, #"\boxed{x<5}"#, "R"),
            GradingCase(#"-x<5"#, #"\boxed{x>-5}"#, "R"),
            GradingCase(#"1<x<3"#, #"\boxed{(1,3)}"#, "R"),
            GradingCase(#"1 \le x < 3"#, #"\boxed{[1,3)}"#, "R"),
            GradingCase(#"x\neq 5"#, #"\boxed{5}"#, "W"),
            GradingCase(#"x=1 \text{ or } x=2"#, #"\boxed{1, 2}"#, "R"),
            GradingCase(#"x=1, x=2"#, #"\boxed{x=2 \text{ or } x=1}"#, "R"),
            GradingCase(#"x=1, y=2"#, #"\boxed{1, 2}"#, "R"),
            GradingCase(#"x=1, y=2"#, #"\boxed{2, 1}"#, "W"),
            GradingCase(#"x=1, y=2"#, #"\boxed{y=2, x=1}"#, "R"),
            GradingCase(#"x=1, y=2"#, #"\boxed{y=1, x=2}"#, "W"),
            GradingCase(#"\Delta y=65/16, d y=2"#, #"\boxed{\frac{65}{16} \text{ and } 2}"#, "R"),
            GradingCase(#"\Delta y=65/16, d y=2"#, #"\boxed{2 \text{ and } \frac{65}{16}}"#, "W"),
            GradingCase(#"f(1)=2, f(2)=5"#, #"\boxed{5, 2}"#, "W"),
            GradingCase(#"x_1=1, x_2=2"#, #"\boxed{2, 1}"#, "R"),
            GradingCase(#"1, 2"#, #"\boxed{n=2, m=1}"#, "R"),
            GradingCase(#"1, 2"#, #"\boxed{b=1, a=2}"#, "R"),
            GradingCase(#"1, 2"#, #"\boxed{a=2, b=1}"#, "W"),
            GradingCase(#"x=\pm 2"#, #"\boxed{2, -2}"#, "R"),
            GradingCase(#"\pm 2"#, #"\boxed{2}"#, "W"),
            GradingCase(#"2"#, #"\boxed{\pm 2}"#, "W"),
            GradingCase(#"1 \pm \sqrt{2}"#, #"\boxed{1+\sqrt2, 1-\sqrt2}"#, "R"),
            GradingCase(#"a=1,b=2"#, #"\boxed{(1,2)}"#, "R"),
            GradingCase(#"(a,b)=(1,2)"#, #"\boxed{(1,2)}"#, "R"),
            GradingCase(#"x = 2y"#, #"\boxed{y = \frac{x}{2}}"#, "R"),
            GradingCase(#"x=5"#, #"\boxed{2x = 10}"#, "R"),
            GradingCase(#"k \in \mathbb{Z}"#, #"\boxed{\mathbb{Z}}"#, "R"),
            GradingCase(#"\mathbb{R}"#, #"\boxed{(-\infty,\infty)}"#, "R"),
            GradingCase(#"\mathbb{R}"#, #"all real numbers"#, "R"),
        ]) func equationsByWhatTheySay(one: GradingCase)
    { one.expect() }

    @Test(
        "Sets, lists, intervals, matrices, boxes, ratios, times",
        arguments: [
            GradingCase(#"\{1,2,3\}"#, #"\boxed{\{3,1,2\}}"#, "R"),
            GradingCase(#"\{1,2,3\}"#, #"\boxed{1,2,3}"#, "R"),
            GradingCase(#"\{1,2,3\}"#, #"\boxed{\{1,2\}}"#, "W"),
            GradingCase(#"(1,2)"#, #"\boxed{\langle 1,2\rangle}"#, "R"),
            GradingCase(#"(1,2)"#, #"\boxed{\{1,2\}}"#, "W"),
            GradingCase(#"[0,1)"#, #"\boxed{[0,1]}"#, "W"),
            GradingCase(#"[0,1)"#, #"\boxed{\left[0,1\right)}"#, "R"),
            GradingCase(#"(0,1)\cup(2,3)"#, #"\boxed{(2,3)\cup(0,1)}"#, "R"),
            GradingCase(#"\emptyset"#, #"\boxed{\varnothing}"#, "R"),
            GradingCase(#"\{\}"#, #"\boxed{\emptyset}"#, "R"),
            GradingCase(#"\begin{pmatrix}1\\2\end{pmatrix}"#, #"\boxed{(1,2)}"#, "R"),
            GradingCase(#"\begin{pmatrix}1&2\end{pmatrix}"#, #"\boxed{\begin{pmatrix}1\\2\end{pmatrix}}"#, "W"),
            GradingCase(#"\begin{pmatrix}2&4\end{pmatrix}"#, #"\boxed{2\begin{pmatrix}1&2\end{pmatrix}}"#, "R"),
            GradingCase(#"1,2"#, #"\boxed{1} and \boxed{2}"#, "R"),
            GradingCase(#"1,2"#, #"x=\boxed{2} or x=\boxed{1}"#, "R"),
            GradingCase(#"1"#, #"\boxed{2} and \boxed{1}"#, "R"),
            GradingCase(#"2"#, #"\boxed{2} and \boxed{1}"#, "W"),
            GradingCase(#"1,2"#, #"\boxed{1}, so \boxed{3}"#, "W"),
            GradingCase(#"1,000"#, #"\boxed{1,000}"#, "R"),
            GradingCase(#"1,000"#, #"\boxed{1000}"#, "R"),
            GradingCase(#"(1,000, 2)"#, #"\boxed{(1000,2)}"#, "R"),
            GradingCase(#"100,200"#, #"\boxed{200,100}"#, "R"),
            GradingCase(#"1,2,3"#, #"\boxed{1, 2, \text{ and } 3}"#, "R"),
            GradingCase(#"5:3"#, #"\boxed{5:3}"#, "R"),
            GradingCase(#"5:3"#, #"\boxed{3:5}"#, "W"),
            GradingCase(#"3:15"#, #"\boxed{3:15 \text{ p.m.}}"#, "R"),
            GradingCase(#"3:15 \text{ a.m.}"#, #"\boxed{3:15 \text{ p.m.}}"#, "W"),
            GradingCase(#"3:15 \text{ PM}"#, #"\boxed{3:15 p.m.}"#, "R"),
        ]) func containersElementByElement(one: GradingCase)
    { one.expect() }

    @Test(
        "Units, money, percents, angles",
        arguments: [
            GradingCase(#"5\text{ m}"#, #"\boxed{5\text{ cm}}"#, "W"),
            GradingCase(#"5\text{ m}"#, #"\boxed{500\text{ cm}}"#, "R"),
            GradingCase(#"1 \text{ hour}"#, #"\boxed{60 \text{ minutes}}"#, "R"),
            GradingCase(#"5"#, #"\boxed{5\text{ cm}}"#, "R"),
            GradingCase(#"5\text{ cm}"#, #"\boxed{5}"#, "R"),
            GradingCase(#"5\text{ cm}^2"#, #"\boxed{5\text{ square centimeters}}"#, "R"),
            GradingCase(#"60 \text{ mph}"#, #"\boxed{60 \text{ miles per hour}}"#, "R"),
            GradingCase(#"\$5.50"#, #"\boxed{5.5}"#, "R"),
            GradingCase(#"50\%"#, #"\boxed{0.5}"#, "R"),
            GradingCase(#"50\%"#, #"\boxed{\frac12}"#, "R"),
            GradingCase(#"50\%"#, #"\boxed{5}"#, "W"),
            GradingCase(#"90^\circ"#, #"\boxed{\frac{\pi}{2}}"#, "W"),
            GradingCase(#"\sin 30^\circ"#, #"\boxed{\frac12}"#, "R"),
            GradingCase(#"30^\circ"#, #"\boxed{30}"#, "R"),
            GradingCase(#"60 \text{ km/h}"#, #"\boxed{60 \text{ kilometers per hour}}"#, "R"),
            GradingCase(#"60 \text{ km/h}"#, #"\boxed{60 \text{ m/s}}"#, "W"),
            GradingCase(#"36 \text{ km/h}"#, #"\boxed{10 \text{ m/s}}"#, "R"),
            GradingCase(#"5 \text{ cm}^2"#, #"\boxed{5 \text{ cm}}"#, "W"),
            GradingCase(#"5 \text{ cm}^2"#, #"\boxed{5 \text{ square inches}}"#, "W"),
            GradingCase(#"9.8 \text{ m/s}^2"#, #"\boxed{9.8 \text{ m s}^{-2}}"#, "R"),
            GradingCase(#"1 \text{ liter}"#, #"\boxed{1000 \text{ cm}^3}"#, "R"),
            GradingCase(#"5 \text{ apples}"#, #"\boxed{5 \text{ pears}}"#, "W"),
        ]) func unitsPercentsAngles(one: GradingCase)
    { one.expect() }

    @Test(
        "Lettered choices",
        arguments: [
            GradingCase(#"C"#, #"\boxed{C}"#, "R"),
            GradingCase(#"C"#, #"\boxed{\text{C}}"#, "R"),
            GradingCase(#"C"#, #"(C)"#, "R"),
            GradingCase(#"C"#, #"The answer is (C) 12"#, "R"),
            GradingCase(#"C"#, #"The answer is C."#, "R"),
            GradingCase(#"C"#, #"\boxed{c}"#, "R"),
            GradingCase(#"C"#, #"The correct answer is **C**."#, "R"),
            GradingCase(#"C"#, #"The answer is B, not C."#, "W"),
            GradingCase(#"C"#, #"\boxed{\text{(B)}}"#, "W"),
            GradingCase(#"(C)"#, #"\boxed{C}"#, "R"),
            GradingCase(#"\text{(C)}"#, #"\boxed{C) 5}"#, "R"),
        ]) func letteredChoices(one: GradingCase)
    { one.expect() }

    @Test(
        "Words",
        arguments: [
            GradingCase(#"\text{even}"#, #"\boxed{even}"#, "R"),
            GradingCase(#"\text{Monday}"#, #"\boxed{\text{monday}}"#, "R"),
            GradingCase(#"\text{Monday}"#, #"\boxed{\text{Tuesday}}"#, "W"),
            GradingCase(#"\text{no solution}"#, #"\boxed{\text{No solution}}"#, "R"),
            GradingCase(#"\text{No}"#, #"\boxed{no}"#, "R"),
            GradingCase(#"\text{Yes}"#, #"\boxed{no}"#, "W"),
            GradingCase(#"Paris"#, #"The answer is Paris."#, "R"),
            GradingCase(#"Yes. It converges."#, #"\boxed{\text{Yes}}"#, "R"),
            GradingCase(#"\text{B, E, G}"#, #"\boxed{G, E, B}"#, "R"),
            GradingCase(#"\text{B, E, G}"#, #"\boxed{B, E}"#, "W"),
            GradingCase(#"nosolution"#, #"\boxed{\text{No solution}}"#, "R"),
        ]) func words(one: GradingCase)
    { one.expect() }

    @Test(
        "Digits in a base",
        arguments: [
            GradingCase(#"52_8"#, #"\boxed{52_8}"#, "R"),
            GradingCase(#"52_8"#, #"\boxed{42}"#, "W"),
            GradingCase(#"52_8"#, #"\boxed{52_9}"#, "W"),
            GradingCase(#"1A_{16}"#, #"\boxed{1A_{16}}"#, "R"),
            GradingCase(#"101_2"#, #"\boxed{5_{10}}"#, "R"),
        ]) func bases(one: GradingCase)
    { one.expect() }
}
