"""Writes the tables of docs/training.md's last section from the program itself:  python3 Tests/Oracles/settings_tables.py

Needs a built .build/release/genac. A test (DocumentationTests) fails when the page is older than the settings."""
import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/training.md"
HEAD = "## Every setting\n"


def cell(text):
    return (text or "").replace("|", "\\|")


def table(stage):
    out = subprocess.run([ROOT / ".build/release/genac", "--json", "-c", f"settings {stage}"], capture_output=True, text=True, check=True).stdout
    lines = [f"### `train {stage}`\n", "| setting | default | paper | grade | source | meaning |", "|---|---|---|---|---|---|"]
    for row in json.loads(out)["settings"]:
        formula = f" `{cell(row['formula'])}`" if row["formula"] else ""
        lines.append(
            f"| `{row['key']}` | {cell(row['default']) or 'none'} | {cell(row['paper']) or 'not published'} | {row['grade']} "
            f"| {cell(row['source'])} | {cell(row['meaning'])}{formula} |")
    return "\n".join(lines)


before = PAGE.read_text().split(HEAD)[0]
note = "As `settings STAGE` prints them (`python3 Tests/Oracles/settings_tables.py` writes this section).\n"
PAGE.write_text(before + HEAD + "\n" + note + "\n" + "\n\n".join(table(s) for s in ["sft", "critic-rl", "value-head"]) + "\n")
