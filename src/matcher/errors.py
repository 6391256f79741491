"""Errors and warnings of the library, and the one shape of their sentences.

Misuse raises :class:`MatcherError` (a ``ValueError``); data that were mended or set aside raise no error
but end in the quarantine table or in a :class:`MatcherWarning`.
"""

from __future__ import annotations

from collections.abc import Iterable


class MatcherError(ValueError):
    """Anything the caller can mend: a wrong argument, a file that cannot be read, a setting out of range."""


class InputError(MatcherError):
    """A table or file that cannot be read at all (a bad *row* is quarantined instead)."""


class SettingsError(MatcherError):
    """Settings that name unknown keys or hold wrong values; all faults are told at once."""


class StoreError(MatcherError):
    """A saved engine that is missing, damaged, or from another version."""


class MatcherWarning(UserWarning):
    """Data were mended or a choice was made that the caller should know of."""


def wrong_parameter(parameter: str, owner: str, allowed: str, got: object) -> str:
    """One sentence for a wrong argument: which one, of whom, what is allowed, what came.

    >>> wrong_parameter("top", "rank", "an int >= 1", 0)
    "The 'top' parameter of rank must be an int >= 1. Got 0."
    """
    return f"The {parameter!r} parameter of {owner} must be {allowed}. Got {got!r}."


def nearest(name: str, names: Iterable[str]) -> str:
    """Say which known name is nearest to a wrong one; empty when nothing is near.

    >>> nearest("wieghts", ["weights", "gates"])
    ' Did you mean "weights"?'
    """
    from difflib import get_close_matches

    found = get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f' Did you mean "{found[0]}"?' if found else ""
