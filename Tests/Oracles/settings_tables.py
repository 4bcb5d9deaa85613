"""Writes the table of docs/training.md's last section from the program itself:

    python3 Tests/Oracles/settings_tables.py

Needs a built .build/release/genac. A test (DocumentationTests) fails when the page is older than the settings."""
import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/training.md"
HEAD = "## Every setting\n"


def cell(text):
    return (text or "").replace("|", "\\|")


def readers(stages, everyone):
    missing = [stage for stage in everyone if stage not in stages]
    return "all" if not missing else "all but sft" if missing == ["sft"] else ", ".join(stages)


def table():
    out = subprocess.run([ROOT / ".build/release/genac", "--json", "-c", "settings"], capture_output=True, text=True,
                         check=True).stdout
    rows = [row for row in json.loads(out)["settings"] if row["stages"]]
    everyone = max((row["stages"] for row in rows), key=len)
    lines = ["| setting | read by | default | paper | grade | source | meaning |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        formula = f" `{cell(row['formula'])}`" if row["formula"] else ""
        lines.append(
            f"| `{row['key']}` | {readers(row['stages'], everyone)} | {cell(row['defaults'])} "
            f"| {cell(row['paper']) or 'not published'} | {row['grade']} "
            f"| {cell(row['source'])} | {cell(row['meaning'])}{formula} |")
    return "\n".join(lines)


before = PAGE.read_text().split(HEAD)[0]
note = (
    "`settings STAGE` prints those of one stage, `explain KEY` one of them "
    "(`python3 Tests/Oracles/settings_tables.py` writes this table).\n")
PAGE.write_text(before + HEAD + "\n" + note + "\n" + table() + "\n")
