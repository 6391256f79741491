"""A phrase on its way to a mention, and the shape of a rule that drops it."""

from __future__ import annotations

from collections.abc import Callable

from matcher.features.fragments import Typed
from matcher.features.phrases import Form, Hit
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
    """A rule that drops names, and the forms it has to do with: it is not asked of others."""

    __slots__ = ("concerns", "test")

    def __init__(
        self, test: Callable[[Tokens, Found], bool], concerns: Callable[[Form], bool] = lambda form: True
    ) -> None:
        self.test = test
        self.concerns = concerns
