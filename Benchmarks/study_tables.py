#!/usr/bin/env python3
"""Writes the tables of docs/study.md from what `genac sessions/paper.genac` left in studies/.

    python3 Benchmarks/study_tables.py STUDIES      (the studies folder of the workspace in which the session ran)

Between `<!-- NAME -->` and `<!-- end -->` the page's text is replaced; whatever else stands in it is a person's. Charts
are copied beside it. A difference with its 95 % interval decides what is said of an ordering: held where the interval
lies on the paper's side of zero, not held where it lies on the other, undecided where it holds zero.
"""
import json
import re
import shutil
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "study.md"
CHARTS = {
    "paper-approximation": ["chart", "reliability"], "paper-scaling": ["scaling"], "paper-ranking": ["chart"],
    "paper-icc": ["chart"], "paper-thought": ["thought"], "paper-iterations": ["chart", "curves"],
    "paper-seconds": ["chart", "curves"], "paper-cost": ["chart"],
}


def short(name):
    """gen-1,gen-2,gen-3 is gen; genac-1-60s,… is genac; what stands behind a name, as ", told nothing", stays."""
    return re.sub(r"^([^,\s]+?)-\d(-\d+s)?(,[^,\s]+)*(?=,|$)", r"\1", name) if "," in name else name


def number(value, digits=4):
    return f"{value:.{digits}f}"


def difference(row, keys=("difference_to_rival", "rival_low", "rival_high"), digits=4):
    mean, low, high = (row.get(key) for key in keys)
    if mean is None:
        return ""
    return f"{mean:+.{digits}f} ({low:+.{digits}f}..{high:+.{digits}f})"


def verdict(low, high, wanted):
    """wanted: +1 where the paper's side is above zero, -1 where it is below."""
    low, high = sorted((low * wanted, high * wanted))
    return "held" if low > 0 else "not held" if high < 0 else "undecided"


def table(heads, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [heads, ["---"] * len(heads)] + rows)


def parts(study):
    return [part["part"] for part in study["parts"]]


def by_part(study, rows="critics"):
    return {part: [row for row in study[rows] if row["part"] == part] for part in parts(study)}


def contenders(study):
    """Each critic with its rows, one a part; they stand in the same order in every part."""
    sets = by_part(study)
    return [(short(rows[0]["critic"]), rows) for rows in zip(*(sets[part] for part in parts(study)))]


def about(study):
    heads = ["", "success", "problems", "prefixes", "constant", "outcome table"]
    return table(heads, [[
        part["part"], f"{100 * part['success']:.1f} %", str(part["problems"]), str(part["prefixes"]),
        number(part["constant_mse"]),
        number(part["table_mse"]),
    ] for part in study["parts"]])


def error(row):
    return " ".join([number(row["mse"]), difference(row)]).strip()


def errors(study):
    return table(["MSE"] + parts(study), [[name] + [error(row) for row in rows] for name, rows in contenders(study)])


def detection(study):
    """AUROC of right against wrong prefixes, and operations re-checked rightly."""
    def cell(row):
        checked = f", {100 * row['right_operations'] / row['operations']:.2f} %" if row["operations"] else ""
        return (number(row["auc"], 3) if row["auc"] is not None else "") + checked

    return table(["AUROC, re-checked right"] + parts(study),
                 [[name] + [cell(row) for row in rows] for name, rows in contenders(study)])


def gaps(study):
    names = []
    for gap in study["gaps"]:
        if gap["critic"] not in names:
            names.append(gap["critic"])
    others = parts(study)[1:]
    rows = [[short(name)] + [
        next(difference(gap, ("change", "low", "high")) for gap in study["gaps"]
             if gap["critic"] == name and gap["part"] == part)
        for part in others] for name in names]
    return table(["change of the difference"] + others, rows)


def trainings(study):
    """The squared error of each training of those critics that have several."""
    rows = [
        [name] + [number(row["mse_by_run"][place]) for row in rows]
        for _, rows in contenders(study) for place, name in enumerate(rows[0]["critic"].split(","))
        if "," in rows[0]["critic"]]
    return table(["MSE of each training"] + parts(study), rows)


def approximation(study):
    return "\n\n".join([about(study), errors(study), trainings(study), gaps(study), detection(study)])


def plain(study):
    return "\n\n".join([about(study), errors(study)])


def ranking(study):
    blocks = []
    for part in study["parts"]:
        own = [row for row in study["rows"] if row["part"] == part["part"]]
        sizes = [str(size) for size in part["pool_sizes"]]
        rows = [["states"] + [str(count) for count in part["pools"]],
                ["chance"] + [number(share, 3) for share in part["chance"]]]
        for row in own:
            cells = [number(top, 3) for top in row["top1"]]
            for place, mean in enumerate(row["difference_to_rival"]):
                cells[place] += f" {mean:+.3f} ({row['rival_low'][place]:+.3f}..{row['rival_high'][place]:+.3f})"
            rows.append([short(row["estimator"])] + cells)
        blocks.append(table([f"top-1, {part['part']}"] + [f"of {size}" for size in sizes], rows))
    return "\n\n".join(blocks)


def thought(study):
    rows = [[name, ", ".join(f"{row['tokens']:.0f}" for row in rows)] + [error(row) for row in rows]
            for name, rows in contenders(study)]
    return table(["MSE", "tokens a prefix"] + parts(study), rows)


def benchmarks(study):
    rows = []
    for row in study["rows"]:
        mean = " ".join([number(row["success"]), difference(row, ("difference", "low", "high"))]).strip()
        rows.append([short(row["actor"]), mean] + [number(row[name], 3) for name in study["sets"]])
    return table(["", "mean, less GenAC's"] + study["sets"], rows)


def cost(study):
    phases = ["gen", "values", "update_critic", "update_actor"]
    return table(["seconds an iteration", "all", "beside PPO's"] + phases, [
        [row["method"], number(row["seconds"], 3), number(row["ratio_to_ppo"], 2)]
        + [number(row["phases"].get(phase, 0), 3) for phase in phases]
        for row in study["rows"]])


def one(study):
    return table(["estimator", "MSE", "MAE", "AUC", "unparsed"], [[
        row["critic"], number(row["mse"]), number(row["mae"]), number(row["auc"], 3) if row["auc"] is not None else "",
        f"{100 * row['parse_failure_rate']:.0f} %" if row["tokens"] else ""] for row in study["critics"]])


def orderings(found):
    """Each ordering of the paper, by its paired interval."""
    rows = []

    def add(claim, where, row, keys, wanted, digits=4):
        mean, low, high = (row[key] for key in keys)
        rows.append([claim, where, f"{mean:+.{digits}f} ({low:+.{digits}f}..{high:+.{digits}f})",
                     verdict(low, high, wanted)])

    rival = ("difference_to_rival", "rival_low", "rival_high")
    study = found["paper-approximation"]
    for part, own in by_part(study).items():
        for row in own:
            if short(row["critic"]) == "head":
                add("1. value head's error less gen's: above 0", part, row, rival, +1)
    for gap in study["gaps"]:
        if short(gap["critic"]) == "head":
            add("1. … and wider than without shift", gap["part"], gap, ("change", "low", "high"), +1)
    for part, own in by_part(found["paper-scaling"]).items():
        for row in own:
            if row["difference_to_rival"] is not None and "gen" in row["critic"]:
                add(f"2. {short(row['critic'])} less the next smaller: below 0", part, row, rival, -1)
    for part in found["paper-ranking"]["parts"]:
        for row in found["paper-ranking"]["rows"]:
            if row["part"] == part["part"] and short(row["estimator"]) == "head":
                for place, size in enumerate(part["pool_sizes"]):
                    each = {"mean": row["difference_to_rival"][place], "low": row["rival_low"][place],
                            "high": row["rival_high"][place]}
                    add("3. value head's top-1 less gen's: below 0", f"{part['part']}, of {size}", each,
                        ("mean", "low", "high"), -1, 3)
    for part, own in by_part(study).items():
        for row in own:
            if row["critic"].startswith("untold-gen"):
                add("4. trained without ICC, less gen's error: above 0", part, row, rival, +1)
            if short(row["critic"]) == "sft":
                add("4. before REINFORCE, less gen's error: above 0", part, row, rival, +1)
    for part, own in by_part(found["paper-icc"]).items():
        for row in own:
            if row["critic"].endswith(", all"):
                add(f"4. {short(row['critic'])}, less told nothing: below 0", part, row, rival, -1)
    for name in ("paper-iterations", "paper-seconds"):
        for row in found[name]["rows"]:
            if row["difference"] is not None and row["actor"] != "fair":
                add(f"5. {short(row['actor'])} less GenAC, mean of six: below 0", name.removeprefix("paper-"), row,
                    ("difference", "low", "high"), -1)
    return table(["ordering", "where", "difference, 95 %", ""], rows)


WRITERS = {
    "paper-approximation": approximation, "paper-scaling": plain, "paper-ranking": ranking, "paper-icc": plain,
    "paper-thought": thought,
    "paper-iterations": benchmarks, "paper-seconds": benchmarks, "paper-cost": cost, "paper-smollm2": one,
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    found = {name: json.loads((folder / name / "result.json").read_text()) for name in WRITERS
             if (folder / name / "result.json").exists()}
    blocks = {name: WRITERS[name](study) for name, study in found.items()}
    if all(name in found for name in WRITERS if name not in ("paper-cost", "paper-smollm2", "paper-thought")):
        blocks["orderings"] = orderings(found)
    text = PAGE.read_text()
    for name, block in blocks.items():
        text, count = re.subn(rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{block}\n{m[2]}", text,
                              flags=re.S)
        if not count:
            print(f"{PAGE.name} has no place for {name}", file=sys.stderr)
    PAGE.write_text(text)
    for name, charts in CHARTS.items():
        for chart in charts:
            if (folder / name / f"{chart}.svg").exists():
                shutil.copy(folder / name / f"{chart}.svg", PAGE.parent / f"{name}-{chart}.svg")


main()
