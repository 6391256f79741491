"""Which rule decided what: the steps of reading one text, as lines to look at."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.features.found import Found
from matcher.features.fragments import Typed
from matcher.features.meanings import Form, Hit, Keys
from matcher.features.names import no_name
from matcher.features.outline import Span
from matcher.features.text import Tokens
from matcher.records import Mention


class Steps:
    """What each step of reading one text gave, filled in step by step; ``live`` are the words of sentences that are read."""

    __slots__ = ("chosen", "facts", "found", "hits", "keys", "live", "mentions", "repaired", "spans", "tokens")

    def __init__(self, tokens: Tokens, keys: Keys) -> None:
        self.tokens = tokens
        self.keys = keys
        self.repaired: dict[int, str] = {}
        self.hits: list[Hit] = []
        self.spans: list[Span] = []
        self.live: list[bool] = []
        self.facts: list[Typed] = []
        self.found: list[Found] = []
        self.chosen: list[Found] = []
        self.mentions: list[Mention] = []


def trace(steps: Steps) -> str:
    """The steps of one text, one decision a line: the step, the fragment, what was decided and by which rule.

    Parameters
    ----------
    steps : Steps
        What ``Reader.steps`` gave.

    Examples
    --------
    >>> from matcher.features.skills import reader_for
    >>> print(trace(reader_for().steps("знаю питон")))
    words     знать питон
    phrase    «знаю» cue head
    phrase    «питон» it.python
    mention   «питон» it.python (claimed) by phrase
    """
    if not steps.tokens.words:
        return "words     none"
    lines = [("words", " ".join(steps.keys.lemma)), *_mended(steps), *_phrases(steps), *_unsaid(steps)]
    lines += [
        ("fact", f"«{_slice(steps.tokens, t.start, t.end)}» {t.kind} {dict(t.value)} by {t.rule}") for t in steps.facts
    ]
    lines += [*_sections(steps), *_dropped(steps), *_mentions(steps)]
    return "\n".join(f"{step:9s} {text}" for step, text in lines)


def _slice(tokens: Tokens, start: int, end: int) -> str:
    a, b = tokens.folded.original(start, end)
    return tokens.original[a:b]


def _mended(s: Steps) -> Iterator[tuple[str, str]]:
    for i, rule in s.repaired.items():
        yield "mended", f"«{s.tokens.slice(i, i + 1)}» -> {s.keys.lemma[i]} by {rule}"


def _phrases(s: Steps) -> Iterator[tuple[str, str]]:
    for h in s.hits:
        names = [_marked(form) for form in h.meaning.forms]
        names += [f"cue {cue.kind} {cue.value}".rstrip() for cue in h.meaning.cues]
        yield "phrase", f"«{s.tokens.slice(h.start, h.end)}» {', '.join(dict.fromkeys(names))}"


def _marked(form: Form) -> str:
    marks = [m for m in ("capitals", "ambiguous", "governed", "weak") if getattr(form.alias, m)]
    return form.skill.id + (f" ({', '.join(marks)})" if marks else "")


def _unsaid(s: Steps) -> Iterator[tuple[str, str]]:
    said = {h.start: h.end for h in s.hits}
    for f in s.found:
        if f.form and said.get(f.hit.start) != f.hit.end:
            yield "unsaid", f"«{s.tokens.slice(f.hit.start, f.hit.end)}» {f.form.skill.id} by {f.rule}"


def _sections(s: Steps) -> Iterator[tuple[str, str]]:
    for span in s.spans:
        if span.section:
            yield "section", f"{span.section}: «{s.tokens.slice(span.start, span.end)}»"


def _dropped(s: Steps) -> Iterator[tuple[str, str]]:
    """Names that came to nothing, each with the step that dropped it."""
    live = {i for span in s.spans for i in range(span.start, span.end)}
    met = {f.hit.start for f in s.found}
    for h in s.hits:
        if h.start in met or not h.meaning.forms:
            continue
        why = (
            "no word of action before it, or part of another name" if h.start in live else "a section that is not read"
        )
        yield "dropped", f"«{s.tokens.slice(h.start, h.end)}»: {why}"
    kept = {(f.hit.start, f.hit.end, f.form.skill.id) for f in s.chosen if f.form}
    for f in s.found:
        if f.form and (f.hit.start, f.hit.end, f.form.skill.id) not in kept:
            yield "dropped", f"«{s.tokens.slice(f.hit.start, f.hit.end)}» {f.form.skill.id}: {_why(s, f)}"
    told = {m.skill for m in s.mentions}
    for f in s.chosen:
        if f.form and f.form.skill.id not in told:
            yield "dropped", f"«{s.tokens.slice(f.hit.start, f.hit.end)}» {f.form.skill.id}: a benefit"


def _why(s: Steps, f: Found) -> str:
    rule = no_name(s.tokens, f, "vacancy")
    if rule:
        return (rule.test.__doc__ or "").partition(".")[0]
    if f.form and f.form.alias.weak:
        return "weak, and something else is named"
    return "ambiguous and nothing of its field is near, or another sense has more votes, or too little company of its field"


def _mentions(s: Steps) -> Iterator[tuple[str, str]]:
    for m in s.mentions:
        said = [m.stance, m.tier, f"level {m.level}" if m.level else None, *(f"{k}={v}" for k, v in m.value.items())]
        yield "mention", f"«{m.text}» {m.skill or m.kind} ({', '.join(x for x in said if x)}) by {m.rule}"
