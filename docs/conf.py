"""How the documentation is built: ``python -m sphinx -W --keep-going -b html docs build/docs``; no network is used."""

from importlib.metadata import version as version_of

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
