import Testing

/// What a careful reader decides otherwise than a quick one: pairs that look alike and differ, or differ and are alike.
@Suite struct GradingCarefulTests {
    @Test(
        "A mark of exclamation is prose behind a sentence's last number, and a factorial elsewhere",
        arguments: [
            GradingCase(#"5"#, #"The answer is 5!"#, "R"),
            GradingCase(#"120"#, #"The answer is 5!"#, "R"),
            GradingCase(#"12"#, #"It is 12!"#, "R"),
            GradingCase(#"5"#, #"She has 5!"#, "R"),
            GradingCase(#"5"#, #"Wow, she has 5! That is a lot."#, "R"),
            GradingCase(#"5"#, #"**The answer is 5!**"#, "R"),
            GradingCase(#"5"#, #"The answer is **5**!"#, "R"),
            GradingCase(#"5"#, #"The total is $5!"#, "R"),
            GradingCase(#"5"#, #"The answer is \boxed{5}!"#, "R"),
            GradingCase(#"2024-01-02"#, #"The deadline is 2024-01-02!"#, "R"),
            GradingCase(#"5"#, #"\boxed{5!}"#, "W"),
            GradingCase(#"5"#, #"5! = 120"#, "W"),
            GradingCase(#"5"#, #"The answer is $5!$."#, "W"),
            GradingCase(#"5"#, #"The answer is 5! - 1"#, "W"),
            GradingCase(#"5"#, #"The answer is 5!."#, "W"),
            GradingCase(#"4"#, #"#### 4!"#, "W"),
            GradingCase(#"4"#, #"\[4!\]"#, "W"),
            GradingCase(#"3"#, #"So there are 3! ways"#, "W"),
            GradingCase(#"6"#, #"So there are 3! ways"#, "R"),
        ]) func exclamations(one: GradingCase)
    { one.expect() }

    @Test(
        "Units convert or differ however they are written",
        arguments: [
            GradingCase(#"5 km"#, #"\boxed{5 m}"#, "W"),
            GradingCase(#"5 km"#, #"\boxed{5000 m}"#, "R"),
            GradingCase(#"5 kg"#, #"5 g"#, "W"),
            GradingCase(#"5m"#, #"\boxed{5 \text{ meters}}"#, "R"),
            GradingCase(#"10 km/h"#, #"10 m/s"#, "W"),
            GradingCase(#"36 km/h"#, #"\boxed{10 m/s}"#, "R"),
            GradingCase(#"20 minutes"#, #"20 hours"#, "W"),
            GradingCase(#"2 hours"#, #"It takes 120 minutes."#, "R"),
            GradingCase(#"2 hours"#, #"It takes 2 minutes."#, "W"),
            GradingCase(#"5 \text{ hours}"#, #"\boxed{5 \text{ hours of work}}"#, "R"),
            GradingCase(#"5 \text{ hours}"#, #"\boxed{5 \text{ minutes of work}}"#, "W"),
            GradingCase(#"100 \text{ square feet}"#, #"The area is 100 ft^2."#, "R"),
            GradingCase(#"12"#, #"The area is $12\text{ cm}^{2}$."#, "R"),
            GradingCase(#"12\text{ cm}^2"#, #"The area is $12\text{ m}^{2}$."#, "W"),
            GradingCase(#"5 \text{ km}"#, #"The distance is $5\text{ miles}$."#, "W"),
            GradingCase(#"x=5"#, #"so x = 5 cm"#, "R"),
            GradingCase(#"25"#, #"Therefore m^2 = 25"#, "R"),
            GradingCase(#"100 \text{ square feet}"#, #"The area is 100 square meters."#, "W"),
            GradingCase(#"5 feet"#, #"The answer is 5 in total."#, "R"),
            GradingCase(#"10 \text{ J}"#, #"\boxed{10 \text{ N}\cdot\text{m}}"#, "R"),
            GradingCase(#"10 \text{ J}"#, #"\boxed{10 \text{ N}}"#, "W"),
            GradingCase(#"10 \text{ N-m}"#, #"\boxed{10 \text{ J}}"#, "R"),
            GradingCase(#"10 \text{ m s}^{-1}"#, #"\boxed{10 \text{ m/s}}"#, "R"),
            GradingCase(#"90^\circ"#, #"\boxed{90 \text{ radians}}"#, "W"),
            GradingCase(#"90^\circ"#, #"\boxed{\frac{\pi}{2} \text{ radians}}"#, "R"),
            GradingCase(#"\pi \text{ radians}"#, #"\boxed{180^\circ}"#, "R"),
            GradingCase(#"\pi"#, #"\boxed{\pi \text{ radians}}"#, "R"),
            GradingCase(#"90^\circ"#, #"\boxed{90 \text{ cm}}"#, "W"),
            GradingCase(#"30\%"#, #"\boxed{30 \text{ cm}}"#, "W"),
            GradingCase(#"30\% \text{ of the students}"#, #"\boxed{30\%}"#, "R"),
        ]) func units(one: GradingCase)
    { one.expect() }

    @Test(
        "Amounts of money",
        arguments: [
            GradingCase(#"5 dollars"#, #"5 cents"#, "W"),
            GradingCase(#"5 dollars"#, #"\boxed{500 cents}"#, "R"),
            GradingCase(#"\$10"#, #"\boxed{10\%}"#, "W"),
            GradingCase(#"\$5"#, #"\boxed{5 \text{ cents}}"#, "W"),
            GradingCase(#"\$5"#, #"\boxed{500 \text{ cents}}"#, "R"),
            GradingCase(#"\$5"#, #"\boxed{5}"#, "R"),
            GradingCase(#"-\$5"#, #"\boxed{-5}"#, "R"),
            GradingCase(#"\$5"#, #"It costs 5 dollars."#, "R"),
            GradingCase(#"\$5"#, #"It costs 5 cents."#, "W"),
            GradingCase(#"\$15"#, #"So 5 * \$3 = \$15"#, "R"),
            GradingCase(#"\$12 \text{ million}"#, #"\boxed{\$12,000,000}"#, "R"),
            GradingCase(#"\$5 per hour"#, #"\boxed{5 \text{ dollars an hour}}"#, "R"),
            GradingCase(#"\$5 per hour"#, #"\boxed{\$5}"#, "R"),
            GradingCase(#"20 \text{ dollars per hour}"#, #"\boxed{20 \text{ dollars per day}}"#, "W"),
            GradingCase(#"20 \text{ dollars}"#, #"\boxed{20 \text{ dollars each}}"#, "R"),
            GradingCase(#"x+1"#, #"\$x+1\$"#, "R"),
        ]) func money(one: GradingCase)
    { one.expect() }

    @Test(
        "Things that are counted, where both say which",
        arguments: [
            GradingCase(#"5 apples"#, #"\boxed{5 oranges}"#, "W"),
            GradingCase(#"5 apples"#, #"5 oranges"#, "W"),
            GradingCase(#"5 apples"#, #"The answer is 5 oranges."#, "W"),
            GradingCase(#"5 apples"#, #"\boxed{5}"#, "R"),
            GradingCase(#"5 apples"#, #"\boxed{5 apple}"#, "R"),
            GradingCase(#"5 apples"#, #"The answer is 5 red apples."#, "R"),
            GradingCase(#"5 apples"#, #"So she has 5 left."#, "R"),
            GradingCase(#"5 apples"#, #"The answer is 5 because each friend ate some."#, "R"),
            GradingCase(#"5 apples"#, #"The answer is 5, making friends happy."#, "R"),
            GradingCase(#"12 \text{ ways}"#, #"\boxed{12 \text{ arrangements}}"#, "R"),
            GradingCase(#"5 \text{ people}"#, #"\boxed{5 \text{ students}}"#, "R"),
            GradingCase(#"5 \text{ gallons}"#, #"\boxed{5 \text{ gal}}"#, "R"),
            GradingCase(#"5 \text{ kcal}"#, #"\boxed{5 \text{ kilocalories}}"#, "R"),
            GradingCase(#"5 \text{ square units}"#, #"\boxed{5 \text{ cm}^2}"#, "R"),
        ]) func counted(one: GradingCase)
    { one.expect() }

    @Test(
        "Thousands are no list in another order, and a pair in brackets is no number",
        arguments: [
            GradingCase(#"1,234"#, #"\boxed{234, 1}"#, "W"),
            GradingCase(#"12,345"#, #"\boxed{345,12}"#, "W"),
            GradingCase(#"1,234,567"#, #"\boxed{567,234,1}"#, "W"),
            GradingCase(#"1,234"#, #"\boxed{1, 234}"#, "R"),
            GradingCase(#"1,234"#, #"\boxed{1234}"#, "R"),
            GradingCase(#"1,000"#, #"\boxed{(1,0)}"#, "W"),
            GradingCase(#"1,000"#, #"\boxed{1, 0}"#, "W"),
            GradingCase(#"\{1,234\}"#, #"\boxed{\{234,1\}}"#, "R"),
            GradingCase(#"-125,343"#, #"\boxed{343, -125}"#, "R"),
            GradingCase(#"(10,100)"#, #"\boxed{10100}"#, "W"),
            GradingCase(#"[0,100]"#, #"\boxed{100}"#, "W"),
            GradingCase(#"(1,000)"#, #"\boxed{1000}"#, "R"),
            GradingCase(#"1 000 000"#, #"\boxed{1000000}"#, "R"),
            GradingCase(#"1000000"#, #"\boxed{1 000 000}"#, "R"),
            GradingCase(#"1000000"#, #"The total is 1 000 000."#, "R"),
            GradingCase(#"12 500"#, #"\boxed{12,500}"#, "R"),
            GradingCase(#"2.5"#, #"\boxed{2 1/2}"#, "R"),
        ]) func thousands(one: GradingCase)
    { one.expect() }

    @Test(
        "Dates are no arithmetic",
        arguments: [
            GradingCase(#"2024-01-02"#, #"\boxed{2021}"#, "W"),
            GradingCase(#"2021"#, #"\boxed{2024-01-02}"#, "W"),
            GradingCase(#"1/2/2024"#, #"\boxed{1/4048}"#, "W"),
            GradingCase(#"2024-01-02"#, #"The date is 2024-01-02."#, "R"),
            GradingCase(#"1/2/2024"#, #"\boxed{01/02/2024}"#, "R"),
            GradingCase(#"1/2/2024"#, #"\boxed{2024-01-02}"#, "R"),
            GradingCase(#"13/2/2024"#, #"\boxed{2024-02-13}"#, "R"),
            GradingCase(#"1/2/2024"#, #"\boxed{2/1/2024}"#, "W"),
            GradingCase(#"2021"#, #"\boxed{2024-1-2}"#, "R"),
        ]) func dates(one: GradingCase)
    { one.expect() }

    @Test(
        "A word of three letters is no product, letters that stand for numbers are",
        arguments: [
            GradingCase(#"cat"#, #"act"#, "W"),
            GradingCase(#"dog"#, #"\boxed{god}"#, "W"),
            GradingCase(#"cat"#, #"The answer is cat."#, "R"),
            GradingCase(#"abc"#, #"\boxed{cab}"#, "R"),
            GradingCase(#"xyz"#, #"\boxed{zyx}"#, "R"),
            GradingCase(#"mgh"#, #"\boxed{hgm}"#, "R"),
            GradingCase(#"\angle BAC"#, #"\boxed{\angle CAB}"#, "R"),
        ]) func letters(one: GradingCase)
    { one.expect() }

    @Test(
        "Numbers that doubles cannot tell apart",
        arguments: [
            GradingCase(#"10^{-1000000000}"#, #"\boxed{0}"#, "W"),
            GradingCase(#"0"#, #"\boxed{e^{-100000}}"#, "W"),
            GradingCase(#"\sqrt{10^{40}+1}"#, #"\boxed{10^{20}}"#, "W"),
            GradingCase(#"\cos 10^{-20}"#, #"\boxed{1}"#, "W"),
            GradingCase(#"e^{-x^2}"#, #"\boxed{e^{-x^2-10^{-13}}}"#, "W"),
            GradingCase(#"e^{\pi\sqrt{163}}"#, #"\boxed{262537412640768744}"#, "W"),
            GradingCase(#"\sqrt[3]{2}"#, #"\boxed{1.2599210498948732}"#, "R"),
            GradingCase(#"2^{1000000}"#, #"\boxed{4^{500000}}"#, "R"),
            GradingCase(#"2^{1000000}"#, #"\boxed{4^{500001}}"#, "W"),
            GradingCase(#"-2^{1000001}"#, #"\boxed{-2\cdot 4^{500000}}"#, "R"),
            GradingCase(#"3^{100000}"#, #"\boxed{9^{50000}}"#, "R"),
            GradingCase(#"\arctan 1 + \arctan 2+\arctan 3"#, #"\boxed{\pi}"#, "R"),
            GradingCase(#"\sqrt[3]{2+\sqrt5}+\sqrt[3]{2-\sqrt5}"#, #"\boxed{1}"#, "R"),
            GradingCase(#"\sqrt{2}^{\sqrt{2}}"#, #"\boxed{2^{\frac{\sqrt2}{2}}}"#, "R"),
            GradingCase(#"\sin(10^{10})"#, #"\boxed{-\sin(-10^{10})}"#, "R"),
            GradingCase(#"\csc x - \cot x"#, #"\boxed{\tan\frac{x}{2}}"#, "R"),
            GradingCase(#"\ln(\sqrt{x^2+1}+x)"#, #"\boxed{-\ln(\sqrt{x^2+1}-x)}"#, "R"),
            GradingCase(#"\log_2 3 \cdot \log_3 4"#, #"\boxed{2}"#, "R"),
            GradingCase(#"\log 1000"#, #"\boxed{3}"#, "R"),
            GradingCase(
                #"\frac{1}{\sqrt{10^{30}+1}-10^{15}}"#, #"\boxed{\sqrt{10^{30}+1}+10^{15}}"#, "R"),
            GradingCase(#"\tan 15^\circ"#, #"\boxed{2-\sqrt3}"#, "R"),
            GradingCase(#"\frac{e^x-e^{-x}}{2}"#, #"\boxed{\sinh x}"#, "R"),
        ]) func nearness(one: GradingCase)
    { one.expect() }

    @Test(
        "What nobody computes here is not called wrong",
        arguments: [
            GradingCase(#"\frac12"#, #"\boxed{\int_0^1 x\,dx}"#, "U"),
            GradingCase(#"\int_0^1 x\,dx"#, #"\boxed{\frac12}"#, "U"),
            GradingCase(#"\int_0^1 x\,dx"#, #"\boxed{\int_0^1 x\,dx}"#, "R"),
            GradingCase(#"\lim_{n\to\infty} a_n"#, #"\boxed{0}"#, "U"),
            GradingCase(#"0"#, #"\boxed{\lim_{n\to\infty} \frac1n}"#, "U"),
            GradingCase(#"\sum_{n=1}^{\infty}\frac1{n^2}"#, #"\boxed{\frac{\pi^2}{6}}"#, "U"),
            GradingCase(#"\sum_{n=1}^{\infty} \frac{1}{2^n}"#, #"\boxed{1}"#, "R"),
            GradingCase(#"\sum_{n=1}^{\infty} \frac{1}{2^n}"#, #"\boxed{3}"#, "W"),
        ]) func uncomputed(one: GradingCase)
    { one.expect() }

    @Test(
        "Remainders, choices, one number left out, what is denied first",
        arguments: [
            GradingCase(#"6"#, #"\boxed{20 \bmod 7}"#, "R"),
            GradingCase(#"20 \bmod 7"#, #"\boxed{6}"#, "R"),
            GradingCase(#"20 mod 7"#, #"\boxed{5}"#, "W"),
            GradingCase(#"n = 20 \bmod 7"#, #"\boxed{6}"#, "R"),
            GradingCase(#"x \equiv 3 \bmod 7"#, #"\boxed{x \equiv 3 \pmod 7}"#, "R"),
            GradingCase(#"20 \pmod 7"#, #"\boxed{20}"#, "R"),
            GradingCase(#"C(10,3)"#, #"\boxed{120}"#, "R"),
            GradingCase(#"120"#, #"\boxed{C(10,4)}"#, "W"),
            GradingCase(#"\binom{10}{3}"#, #"\boxed{C(10,3)}"#, "R"),
            GradingCase(#"C(5,2) C(4,2)"#, #"\boxed{60}"#, "R"),
            GradingCase(#"C(10,3)"#, #"\boxed{(10,3)}"#, "W"),
            GradingCase(#"x\ne 3"#, #"\boxed{(-\infty,3)\cup(3,\infty)}"#, "R"),
            GradingCase(#"(-\infty,3)\cup(3,\infty)"#, #"\boxed{x\ne 3}"#, "R"),
            GradingCase(#"x\ne 3"#, #"\boxed{\mathbb{R}\setminus\{3\}}"#, "R"),
            GradingCase(#"x\ne 3"#, #"\boxed{(-\infty,4)\cup(4,\infty)}"#, "W"),
            GradingCase(#"7"#, #"The answer is not 5, but 7."#, "R"),
            GradingCase(#"5"#, #"The answer is not 5, but 7."#, "W"),
            GradingCase(#"\frac12"#, #"The answer is not $\frac13$, but $\frac12$."#, "R"),
            GradingCase(#"5"#, #"The answer is not only 5 but also 7."#, "U"),
            GradingCase(#"5"#, #"The answer is not 5."#, "U"),
        ]) func spellings(one: GradingCase)
    { one.expect() }
}
