"""A skill, an alias and a rule take one file each, as CONTRIBUTING shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASKED = """
from matcher import normalize
print([m.skill for m in normalize("умею вжухать детали")])
print([m.skill for m in normalize("опыт с питоноидом")])
print([dict(m.value) for m in normalize("скорость 7 узлов") if m.kind == "speed"])
"""


def test_each_takes_one_file(tmp_path):
    package = tmp_path / "matcher"
    shutil.copytree(ROOT / "src" / "matcher", package, ignore=shutil.ignore_patterns("__pycache__"))
    shown = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    row, rule = (re.search(rf"```{kind}\n(.*?)```", shown, re.DOTALL)[1] for kind in ("csv", "python"))
    # a skill
    mech = package / "resources" / "taxonomy" / "mech.csv"
    mech.write_text(mech.read_text(encoding="utf-8") + row, encoding="utf-8")
    # an alias
    it = package / "resources" / "taxonomy" / "it.csv"
    lines = it.read_text(encoding="utf-8").replace("питон|", "питон|питоноид|", 1)
    it.write_text(lines, encoding="utf-8")
    # a rule
    typed = package / "features" / "typed.py"
    source = typed.read_text(encoding="utf-8")
    head = "RULES: Final[tuple[Rule, ...]] = (\n"
    assert head in source
    assert head in rule
    typed.write_text(source.replace(head, rule), encoding="utf-8")

    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", ASKED], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.stdout.splitlines() == ["['mech.vzhuh']", "['it.python']", "[{'knots': 7}]"], done.stderr
