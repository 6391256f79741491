"""The public functions of reading: ``normalize`` for one string, ``normalize_many`` for many, each distinct one once.

They stay out of what is compiled for wheels, so that what is no string is told as everywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from itertools import islice

from matcher.errors import MatcherError, wrong_parameter
from matcher.features.skills import CONTEXTS, TOGETHER, reader_for
from matcher.features.trace import trace
from matcher.records import Mention
from matcher.taxonomy import Taxonomy


def normalize(
    text: str, context: str | None = None, *, taxonomy: Taxonomy | None = None, debug: bool = False
) -> list[Mention]:
    """Find skills and typed facts in one Russian (or mixed) string.

    Parameters
    ----------
    text : str
        Any text: a skill as typed, a line of requirements, a whole vacancy or profile.
    context : {None, 'skills', 'title', 'vacancy', 'candidate'}
        Where the text stands; sections that promise benefits are read only for candidates.
    taxonomy : Taxonomy, optional
        The shipped one when None.
    debug : bool
        Print which rule decided what, step by step.

    Returns
    -------
    list of Mention
        By place; offsets are those of ``text``.

    Raises
    ------
    MatcherError
        If ``text`` is no string or ``context`` is unknown.

    Examples
    --------
    >>> for m in normalize("уверенное знание С++, английский В2 будет плюсом"):
    ...     print(m.skill, m.tier, m.level, dict(m.value), m.text)
    it.cpp None 2 {} С++
    lang.en nice None {'cefr': 'B2'} английский
    """
    _check("normalize", text, context)
    reader = reader_for(taxonomy)
    if debug:
        print(trace(reader.steps(text, context)))
    return reader.read(text, context)


def normalize_many(
    texts: Iterable[str], context: str | None = None, *, taxonomy: Taxonomy | None = None
) -> Iterator[list[Mention]]:
    """Read many strings, one list of mentions each; a distinct string is read once.

    Strings of a list or column are read a few dozen at a time, which takes 0.7 of the time; of an iterator no more is
    taken than is asked for.

    Raises
    ------
    MatcherError
        If one of them is no string or ``context`` is unknown.

    Examples
    --------
    >>> [len(ms) for ms in normalize_many(["Python", "Python", ""])]
    [1, 1, 0]
    """
    seen: dict[str, list[Mention]] = {}
    waiting = iter(texts)
    while chunk := list(islice(waiting, TOGETHER if isinstance(texts, Sized) else 1)):
        for text in chunk:
            _check("normalize_many", text, context)
        new = [text for text in dict.fromkeys(chunk) if text not in seen]
        seen.update(zip(new, reader_for(taxonomy).read_many(new, context), strict=True))
        for text in chunk:
            yield list(seen[text])


def _check(function: str, text: object, context: object) -> None:
    if not isinstance(text, str):
        raise MatcherError(wrong_parameter("text", function, "a str", text))
    if context not in CONTEXTS:
        raise MatcherError(wrong_parameter("context", function, f"one of {CONTEXTS}", context))
