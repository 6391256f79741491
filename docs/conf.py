"""How the documentation is built: ``python -m sphinx -W --keep-going -b html docs build/docs``; no network is used."""

from dataclasses import fields, is_dataclass
from importlib.metadata import version as version_of
from string import ascii_uppercase
from typing import Any

from pygments.lexers.special import TextLexer
from sphinx import addnodes

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
nitpick_ignore = [("py:class", name) for name in ("DataFrame", "Series", "None}")]  # of others: no network is used


def tell_fields(_app: Any, what: str, name: str, thing: Any, _options: Any, lines: list[str]) -> None:
    """Sections of the settings keep the meaning of each field beside its range: tell both."""
    if what == "class" and name.startswith("matcher.settings.") and is_dataclass(thing):
        for f in fields(thing):
            told = f.metadata
            span = f" [{told['low']:g} .. {told['high']:g}]" if "low" in told else ""
            lines.append(f":ivar {f.name}: {told['doc']}{span}")


def keep_colons(_app: Any, what: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    """Napoleon takes the first line of a property up to a colon for its type; it finds none in an empty comment."""
    if what == "property":
        lines[:0] = ["..", ""]


def leave_words(_app: Any, doctree: Any) -> None:
    """Words of type lines ("table, optional") are no names: Sphinx would look for any method that is called so."""
    for node in list(doctree.findall(addnodes.pending_xref)):
        if node.get("refspecific") and not node["reftarget"].startswith((*ascii_uppercase, "matcher.")):
            node.replace_self(node.children)


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.add_lexer("csv", TextLexer)
    app.connect("autodoc-process-docstring", tell_fields)
    app.connect("doctree-read", leave_words)
    app.connect("autodoc-process-docstring", keep_colons, priority=400)  # before napoleon, at 500
