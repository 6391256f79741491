"""What the service is told from outside: environment variables ``MATCHER_PORTAL_<NAME>``."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from matcher.errors import MatcherError, wrong_parameter

PREFIX = "MATCHER_PORTAL_"


@dataclass(frozen=True)
class PortalSettings:
    """Where the index is, and how much one request may ask for.

    Attributes
    ----------
    directory : Path
        A saved index (``Index.save``, or ``python -m portal.build``); ``/reload`` reads it again.
    journal : Path or None
        File of changes since the snapshot; without it they survive a reload, but not a restart.
    token : str or None
        What ``/reload`` asks for; without it nobody may reload.
    workers, waiting : int
        Requests that are worked on, and that may wait, at a time; others are answered 503.
    seconds, body_seconds : float
        Time for the work of a request, the wait included, and for the arrival of its body.
    body_bytes, most_top, most_items, most_word : int
        Largest body, longest list of answers, longest list in a row, longest run of characters without a space.
    """

    directory: Path
    journal: Path | None = None
    token: str | None = field(default=None, repr=False)
    workers: int = 2
    waiting: int = 32
    seconds: float = 5.0
    body_seconds: float = 10.0
    body_bytes: int = 65_536
    most_top: int = 100
    most_items: int = 300
    most_word: int = 1000

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if f.type not in {"int", "float"}:
                continue
            is_good, allowed = (value >= 0, "0 or more") if f.name == "waiting" else (value > 0, "above 0")
            if not is_good:
                raise MatcherError(wrong_parameter(f.name, "PortalSettings", allowed, value))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> PortalSettings:
        """The settings that the environment tells; all others keep their defaults.

        Raises
        ------
        MatcherError
            When the directory is not told, or a number is none.
        """
        told: dict[str, Any] = {}
        for f in fields(cls):
            text = environment.get(PREFIX + f.name.upper(), "")
            if text:
                told[f.name] = _typed(f.name, str(f.type), text)
        if "directory" not in told:
            raise MatcherError(f"Set {PREFIX}DIRECTORY to the directory of a saved index.")
        return cls(**told)


def _typed(name: str, kind: str, text: str) -> Any:
    if kind.startswith("Path"):
        return Path(text)
    if kind.startswith("str"):
        return text
    try:
        return int(text) if kind == "int" else float(text)
    except ValueError:
        raise MatcherError(wrong_parameter(PREFIX + name.upper(), "the environment", "a number", text)) from None
