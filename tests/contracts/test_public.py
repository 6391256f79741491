"""Public names: each is there, is where it says, and is documented."""

from __future__ import annotations

import inspect
import re
from importlib.metadata import version
from pathlib import Path

import pytest

import matcher


@pytest.mark.parametrize("name", matcher.__all__)
def test_every_public_name_resolves_and_is_documented(name):
    found = getattr(matcher, name)
    assert inspect.getdoc(found)
    assert found.__module__.startswith("matcher.")


def test_every_public_name_has_a_place_in_the_reference():
    pages = Path(__file__).parents[2].joinpath("docs", "reference").glob("*.md")
    told = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    found = re.findall(r"auto(?:class|function|exception):: matcher\.(\w+)$", told, flags=re.M)
    assert sorted(found) == sorted(matcher.__all__)


def test_a_star_import_gives_exactly_the_public_names():
    names: dict[str, object] = {}
    exec("from matcher import *", names)
    assert set(names) - {"__builtins__"} == set(matcher.__all__)


def test_names_are_listed():
    assert set(matcher.__all__) <= set(dir(matcher))
    assert set(matcher._HOMES) == set(matcher.__all__)


def test_a_wrong_name_is_told():
    with pytest.raises(AttributeError, match="has no attribute 'Macher'"):
        matcher.Macher  # noqa: B018


def test_the_version_is_that_of_the_package():
    assert matcher.__version__ == version("matcher")


@pytest.mark.parametrize("name", ["InputError", "SettingsError", "StoreError"])
def test_errors_are_one_family(name):
    assert issubclass(getattr(matcher, name), matcher.MatcherError)
    assert issubclass(matcher.MatcherError, ValueError)
    assert issubclass(matcher.MatcherWarning, UserWarning)


def public_methods(cls):
    return [n for n, f in inspect.getmembers(cls, callable) if not n.startswith("_") and n in vars(cls)]


@pytest.mark.parametrize("cls", [matcher.Matcher, matcher.Result, matcher.Explanation, matcher.Settings])
def test_public_methods_are_documented(cls):
    assert all(inspect.getdoc(getattr(cls, name)) for name in public_methods(cls))


def test_the_names_of_the_design_are_there():
    assert {"fit", "rank", "run", "explain", "save", "load"} <= set(public_methods(matcher.Matcher)) | {"load"}
    assert {"to_text", "to_dict", "to_frame", "plot"} <= set(public_methods(matcher.Explanation))
