"""Compiles the reading of text when a wheel is built; the same code runs as plain Python where that cannot be done.

An editable install is never compiled, so that what is edited is what runs. ``MATCHER_PURE=1`` builds without a
compiler. See docs/decisions.md.
"""

import os
import sys
from pathlib import Path

from setuptools import setup

_DOOR = ["records", "taxonomy", "cells", "privacy"]
_READING = [
    "automaton", "readings", "text", "lexicon", "words", "meanings", "phrases", "repair", "coordination", "outline", "found",
    "circumstances", "doings", "others",
    "names",
    "parts", "company", "senses", "sentence", "alternatives", "polarity", "fragments", "experience", "permits", "lawful", "typed",
    "mentions", "recent", "trace", "skills", "told", "programmes", "facts",
]  # fmt: skip


def compiled() -> list:
    """The extension modules: none where mypyc or a C compiler is missing, or an editable install is made."""
    if "bdist_wheel" not in sys.argv or os.environ.get("MATCHER_PURE"):
        return []
    try:
        from mypyc.build import mypycify
    except ImportError as error:
        print(f"matcher is built as plain Python: {error}", file=sys.stderr)
        return []
    package = Path("src/matcher")
    paths = [package / f"{m}.py" for m in _DOOR] + [package / f"features/{m}.py" for m in _READING]
    paths.append(package / "ranking/stated.py")
    options = ["--config-file=", "--no-site-packages", "--ignore-missing-imports", "--follow-imports=silent"]
    modules = mypycify([*options, *map(str, paths)], opt_level="2", debug_level="0", group_name="matcher_reading")
    for module in modules:
        module.optional = True  # no compiler: a warning, and plain Python
    return modules


setup(ext_modules=compiled())
