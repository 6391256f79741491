"""How the documentation is built: ``python -m sphinx -W --keep-going -b html docs build/docs``; no network is used."""

from dataclasses import fields, is_dataclass
from importlib.metadata import version as version_of
from typing import Any

from pygments.lexers.special import TextLexer

project = "matcher"
author = "matcher contributors"
version = release = version_of("matcher")
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = f"matcher {version}"
exclude_patterns = ["measured"]
myst_heading_anchors = 3

napoleon_google_docstring = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # types stand in the docstrings, once

nitpicky = True  # a cross reference that leads nowhere is a warning, and a warning is an error
nitpick_ignore_regex = [
    ("py:class", r"(?!matcher\.)[^A-Z].*|DataFrame|Series|None}"),  # words of type lines: "path, optional", "DataFrame"
]


def tell_fields(_app: Any, what: str, name: str, thing: Any, _options: Any, lines: list[str]) -> None:
    """Sections of the settings keep the meaning of each field beside its range: tell both."""
    if what == "class" and name.startswith("matcher.settings.") and is_dataclass(thing):
        for f in fields(thing):
            told = f.metadata
            span = f" [{told['low']:g} .. {told['high']:g}]" if "low" in told else ""
            lines.append(f":ivar {f.name}: {told['doc']}{span}")


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.add_lexer("csv", TextLexer)
    app.connect("autodoc-process-docstring", tell_fields)
