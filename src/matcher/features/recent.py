"""What was worked out for the texts asked of last."""

from __future__ import annotations

from typing import Any, Final

_REMEMBERED: Final = 1 << 16
LONGEST_REMEMBERED: Final = 80
"""Characters of the longest text worth remembering: longer ones hardly ever come twice."""


class Recent:
    """Remembers the answers for the last 65,536 distinct questions at least, and for twice as many at most.

    Safe to share between threads: the worst that can happen is that an answer is worked out twice.
    """

    __slots__ = ("_newer", "_older")

    def __init__(self) -> None:
        self._newer: dict[str, Any] = {}
        self._older: dict[str, Any] = {}

    def get(self, asked: str) -> Any:
        """The answer, None where none is remembered."""
        known = self._newer.get(asked)
        if known is None:
            known = self._older.get(asked)
            if known is not None:
                self.keep(asked, known)
        return known

    def keep(self, asked: str, known: Any) -> None:
        """Remember an answer."""
        if len(self._newer) >= _REMEMBERED:
            self._older, self._newer = self._newer, {}
        self._newer[asked] = known
