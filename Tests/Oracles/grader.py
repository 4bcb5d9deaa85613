"""Pairs of a reference answer and a solution's text, with the verdict we want (R right, W wrong, U unparsable) and
math-verify's (its own parse and verify; the reference inside \\boxed unless it is a word, bare LaTeX in math mode, as
it wants them).

    /tmp/venv/bin/python Tests/Oracles/grader.py > Tests/Fixtures/grader/pairs.jsonl
"""
import json
import logging
import math_verify
from math_verify import parse, verify

logging.disable(logging.CRITICAL)

PAIRS = r"""
# integers and where they stand
5 | 5 | R
5 | #### 5 | R
5 | 2+3=5\n#### 5 | R
5 | The answer is 5. | R
5 | The answer is: 5 | R
5 | the ANSWER IS 5 apples. | R
5 | Answer: 5 | R
5 | \boxed{5} | R
5 | $\boxed{5}$ | R
5 | So the answer is $\boxed{5}$. | R
5 | \fbox{5} | R
5 | \boxed 5 | R
5 | First 2, then 3, so we have 5 | R
5 | We get 5 in the end. | R
5 | **5** | R
5 | The answer is **5**. | R
5 | \boxed{4} and then \boxed{5} | R
5 | \boxed{5} and then \boxed{6} | W
5 | #### 6 | W
5 | 6 | W
5 | 55 | W
5 | I do not know. | U
5 |  | U
5 | \boxed{} | U
5 | #### | U
5 | #### unknown | U
5 | \boxed{\text{not enough information}} | U
5 | The answer is not known. | U
5 | \boxed{5 | R
5 | 5 + 6 | W
5 | \boxed{x} | W
5 | \boxed{5x} | W
0 | 0 | R
0 | \boxed{0} | R
0 | -0 | R
0 | 0.00 | R
007 | 7 | R
7 | 007 | R
# signs
-5 | #### -5 | R
-5 | −5 | R
-5 | – 5 | R
-5 | 5 | W
5 | -5 | W
5 | +5 | R
-3 | -3.0 | R
-3 | \boxed{-3} | R
-3 | The answer is -3. | R
5 | 10-5 | R
5 | 10 - 5 = 5 | R
# decimals
0.5 | .5 | R
.5 | 0.5 | R
0.5 | 0.50 | R
3 | 3.0 | R
42 | #### 42.0 | R
3.14 | 3.14159 | W
\pi | 3.14159 | W
\pi | \pi | R
\pi | $\pi$ | R
1/3 | .333 | W
.333 | 1/3 | W
1/3 | 0.3333333333333333 | W
2.5 | 2.5000 | R
2.5 | 25 | W
0.1 | 0.10 | R
1.05 | \boxed{1.05} | R
# thousands
1000 | 1,000 | R
1,000 | 1000 | R
1234 | #### 1,234 | R
1234567 | 1,234,567 | R
1234567 | \boxed{1{,}234{,}567} | R
1234 | 1\,234 | R
1234.5 | 1,234.50 | R
1000 | 1,00 | W
1234 | 1234.0 | R
1000000 | The answer is 1,000,000 dollars. | R
12000 | 12,000 people | R
# money
42 | #### $42 | R
42 | $42 | R
42 | $42.00 | R
42 | \$42 | R
42 | \boxed{\$42} | R
42 | \$42.00 | R
$42 | 42 | R
42 | €42 | R
42 | £42 | R
42 | 42 dollars | R
42 | USD 42 | R
42 | 42 USD | R
1250 | \$1,250 | R
1250 | \boxed{\$1{,}250.00} | R
42 | The answer is $42. | R
42 | $4.2 | W
# units
3 | 3\text{ cm} | R
3 | 3 cm | R
3 | 3cm | R
3\text{ cm} | 3 | R
3 | \boxed{3\text{ cm}} | R
3 | \boxed{3\,\text{cm}^2} | R
3 | 3 cm^2 | R
60 | 60 miles per hour | R
60 | 60 km/h | R
60 | \boxed{60\text{ miles/hour}} | R
12 | 12 square feet | R
7 | \boxed{7 \text{ apples}} | R
7 | 7 m | R
7 | 7x | W
90 | 90^\circ | R
90^\circ | 90 | R
90 | 90^{\circ} | R
90 | 90° | R
90 | 90 degrees | R
45 | \boxed{45^\circ} | R
45 | \boxed{46^\circ} | W
# fractions
\frac{1}{2} | 0.5 | R
\frac{1}{2} | 1/2 | R
\frac{1}{2} | \dfrac{1}{2} | R
\frac{1}{2} | \tfrac12 | R
\frac12 | \frac{1}{2} | R
\frac1{72} | \frac{1}{72} | R
1/2 | 2/4 | R
0.5 | \frac{1}{2} | R
\frac{3}{4} | \boxed{\frac{3}{4}} | R
\frac{3}{4} | \boxed{\dfrac{3}{4}} | R
\frac{3}{4} | The answer is \frac{3}{4}. | R
\frac{3}{4} | 3/4 | R
\frac{3}{4} | .75 | R
-\frac{3}{4} | \frac{-3}{4} | R
-\frac{3}{4} | -3/4 | R
-\frac{3}{4} | -\dfrac{3}{4} | R
-\frac{3}{4} | \frac{3}{4} | W
\frac{3}{4} | \frac{4}{3} | W
\frac{6}{3} | 2 | R
2 | 6/3 | R
2 | \frac{6}{3} | R
\frac{1}{0} | 0 | W
\frac{\frac{1}{2}}{3} | \frac{\frac{1}{2}}{3} | R
\frac{x}{2} | \frac{x}{2} | R
\frac{x}{2} | \frac{y}{2} | W
# mixed numbers
3/2 | 1 1/2 | R
1 1/2 | 1.5 | R
1.5 | 1\frac{1}{2} | R
1\frac{1}{2} | \frac{3}{2} | R
1 \frac12 | \boxed{1\frac{1}{2}} | R
2.25 | 2 1/4 cups | R
2.25 | 2 1/2 | W
1.5 | 1½ | R
# percents
50\% | 50\% | R
50\% | 50 | R
50 | 50% | R
50 | \boxed{50\%} | R
50 | 50 percent | R
10\% | 0.1 | R
0.1 | 10\% | R
10\% | 10 | R
10\% | 0.01 | W
12.5\% | \boxed{12.5\%} | R
50\% | 5\% | W
# powers of ten
1500 | 1.5e3 | R
1500 | 1.5 \times 10^3 | R
1.5 \times 10^3 | 1500 | R
0.0015 | 1.5\cdot10^{-3} | R
1.5 \times 10^{-3} | \boxed{1.5 \times 10^{-3}} | R
# LaTeX around numbers
5 | \(5\) | R
5 | \[5\] | R
5 | \boxed{\,5\,} | R
5 | \boxed{\left(5\right)} | R
5 | \boxed{\text{5}} | R
5 | \boxed{\mathbf{5}} | R
5 | \boxed{\boxed{5}} | R
5 | x = 5 | R
5 | \boxed{x = 5} | R
5 | \boxed{x=6} | W
x=5 | 5 | R
12 | \boxed{f(x) = 12} | R
12 | \boxed{{12}} | R
# lists, tuples, sets
(1,2) | (1,2) | R
(1,2) | (1, 2) | R
(1,2) | \boxed{(1,2)} | R
(1,2) | \boxed{\left(1, 2\right)} | R
(1,2) | (2,1) | W
[1,2] | (1,2) | W
(1,2) | [1,2] | W
(\frac{1}{2},3) | (0.5,3) | R
\{1,2\} | \{2,1\} | R
\{1,2\} | \boxed{\{1, 2\}} | R
\{1,2\} | \{1,3\} | W
1,2 | \boxed{1, 2} | R
1,2 | \boxed{2, 1} | R
1,2 | \boxed{1 \text{ and } 2} | R
1,2 | \boxed{1} | W
(1,2) | \boxed{(1,2,3)} | W
(-\infty, 3] | (-\infty,3] | R
(-\infty, 3] | (-\infty,3) | W
# radicals and algebra
2\sqrt3 | \sqrt{12} | R
2\sqrt{3} | \boxed{2\sqrt{3}} | R
2\sqrt{3} | 2 \sqrt{3} | R
x^2+2x+1 | (x+1)^2 | R
x^2+2x+1 | x^2 + 2x + 1 | R
x^2+2x+1 | \boxed{x^2+2x+1} | R
x+1 | 1+x | R
# words
\text{Monday} | Monday | R
Monday | \boxed{\text{Monday}} | R
Monday | monday | R
Monday | Tuesday | W
Monday | It happens on the day.\nThe answer is Monday. | R
\text{(A)} | A | R
A | \boxed{\text{(A)}} | R
A | (A) | R
A | B | W
A | The answer is (A). | R
yes | \boxed{\text{yes}} | R
yes | no | W
# solutions as models write them
18 | Janet sells 16 - 3 - 4 = <<16-3-4=9>>9 duck eggs a day.\nShe makes 9 * 2 = $<<9*2=18>>18 every day.\n#### 18 | R
18 | She makes 9 * 2 = $18 every day at the market. | R
18 | Therefore, she makes $18 per day. The answer is $18 per day. | R
70000 | The profit is \$70,000. | R
540 | So he runs 3*3*60=540 meters. | R
540 | He runs 540 meters, which is 9 sprints of 60 meters. | W
20 | The answer is therefore 20 cups. | R
\frac{14}{3} | Thus $x = \boxed{\dfrac{14}{3}}$. | R
10 | Final answer: 10. | R
10 | The final answer is $10$. I hope it is correct. | R
10 | Therefore the answer is 10, not 12. | R
25 | Answer: 25% | R
"""


def math_verify_says(answer, text):
    gold = parse(answer if answer.isalpha() or answer.startswith("\\text") else "\\boxed{" + answer + "}",
                 parsing_timeout=None)
    bare = "\\" in text and not any(mark in text for mark in ("box", "$", "####", "\\(", "\\[", "nswer", " is "))
    given = parse("$" + text + "$" if bare else text, parsing_timeout=None)
    if not given:
        return "U"
    return "R" if verify(gold, given, timeout_seconds=None) else "W"


version = getattr(math_verify, "__version__", None) or __import__("importlib.metadata").metadata.version("math-verify")
print(json.dumps({"oracle": "math-verify", "version": version}))
for line in PAIRS.splitlines():
    if not line.strip() or line.startswith("#  ") or (line.startswith("# ") and "|" not in line):
        continue
    answer, text, want = (part.strip() for part in line.split(" |", 2)) if line.count(" |") >= 2 else (None, None, None)
    assert want in ("R", "W", "U"), line
    text = text.replace("\\n", "\n") if "\\n" in text and "\\neq" not in text else text
    print(json.dumps({"answer": answer, "text": text, "wanted": want, "mathVerify": math_verify_says(answer, text)},
                     ensure_ascii=False))
