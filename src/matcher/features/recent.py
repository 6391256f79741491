"""What was worked out for the texts asked of last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    def answers(self, asked: Sequence[str], work_out: Callable[[list[str], list[int]], list[Any]]) -> list[Any]:
        """The answers for some texts; those of short ones are remembered.

        Parameters
        ----------
        asked : sequence of str
        work_out : callable
            Takes the texts that are to be worked out, and where each stands in ``asked``; gives their answers.
        """
        out: list[Any] = [None] * len(asked)
        new: dict[str, int] = {}
        places: list[int] = []
        for i, text in enumerate(asked):
            is_short = len(text) <= LONGEST_REMEMBERED
            known = self._get(text) if is_short else None
            if known is not None:
                out[i] = known
            elif not is_short or text not in new:
                if is_short:
                    new[text] = i
                places.append(i)
        if not places:
            return out
        for i, known in zip(places, work_out([asked[i] for i in places], places), strict=True):
            out[i] = known
            if len(asked[i]) <= LONGEST_REMEMBERED:
                self._keep(asked[i], known)
        for i, known in enumerate(out):
            if known is None:
                out[i] = out[new[asked[i]]]
        return out

    def _get(self, asked: str) -> Any:
        """The answer, None where none is remembered."""
        known = self._newer.get(asked)
        if known is None:
            known = self._older.get(asked)
            if known is not None:
                self._keep(asked, known)
        return known

    def _keep(self, asked: str, known: Any) -> None:
        """Remember an answer."""
        if len(self._newer) >= _REMEMBERED:
            self._older, self._newer = self._newer, {}
        self._newer[asked] = known
