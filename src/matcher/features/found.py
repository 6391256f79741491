"""A phrase on its way to a mention, and the shape of a rule that drops it."""

from __future__ import annotations

from collections.abc import Callable

from matcher.features.fragments import Typed
from matcher.features.meanings import Form, Hit
from matcher.features.text import Tokens


class Found:
    """A hit on its way to a mention: what it is, by which rule, and how sure."""

    __slots__ = ("confidence", "fact", "form", "hit", "rule")

    def __init__(
        self, hit: Hit, rule: str, form: Form | None = None, fact: Typed | None = None, confidence: float = 1.0
    ) -> None:
        self.hit = hit
        self.rule = rule
        self.form = form
        self.fact = fact
        self.confidence = confidence

    def less_sure(self, confidence: float) -> Found:
        """The same with another confidence."""
        return Found(self.hit, self.rule, self.form, self.fact, confidence)


class Rule:
    """A rule that drops names.

    Parameters
    ----------
    test : callable
        Whether a phrase is no name.
    concerns : callable, optional
        The forms it has to do with: it is not asked of others.
    words : frozenset of str, optional
    stems : tuple of str, optional
        Words, and beginnings of words, of which one must stand in the text: it is not asked in others.
    """

    __slots__ = ("bit", "concerns", "stems", "test", "words")

    def __init__(
        self,
        test: Callable[[Tokens, Found], bool],
        concerns: Callable[[Form], bool] = lambda form: True,
        words: frozenset[str] = frozenset(),
        stems: tuple[str, ...] = (),
    ) -> None:
        self.test = test
        self.concerns = concerns
        self.words = words
        self.stems = stems
        self.bit = 0
        """Its number among those that wait for a word, as a bit; 0 for one that does not."""
