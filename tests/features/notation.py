r"""One case a line: a text, a bar, and what must be found in it.

    уверенное знание С++               | it.cpp level=2
    английский В2 будет плюсом         | lang.en cefr=B2 tier=nice
    не работал с SolidWorks            | ~cad.solidworks
    хочу изучить Docker                | ?it.docker
    гибкий график, ДМС, печеньки       | nothing
    опыт от 2 лет                      | experience months_min=24
    знание питона                      | = Python
    Python или Java                    | any_of=it.java+it.python

What stands behind the bar, parted by commas:

- ``id`` or a kind of fact (``experience``, ``grade``, ``hours`` …), then what is said of it: ``key=value``;
  ``key=`` means that nothing is said (``level=``);
- ``~id`` denied, ``?id`` only wished for, ``!id`` not claimed at all;
- ``only`` before the ids: these skills and no others;
- ``nothing``: no skill; ``no experience``: no fact of this kind;
- ``= phrase``: the same skills as another phrase, ``!= phrase``: others;
- ``any_of=a+b``: these are alternatives.

Lines that begin with ``#`` are remarks; ``\n`` in a text is a new line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from matcher.features.normalize import normalize
from matcher.records import Mention

_STANCES = {"~": "negated", "?": "wish"}
_FIELDS = {"tier", "level", "rule", "text", "kind", "label"}


def parse(table: str) -> list[tuple[str, str]]:
    """Rows of a table as (text, expectation)."""
    lines = (line.strip() for line in table.splitlines())
    rows = [line.rpartition(" | ") for line in lines if line and not line.startswith("#")]
    for text, bar, said in rows:
        if not (bar and text.strip() and said.strip()):
            raise ValueError(f"A line must look like «text | what is found». Got {text + bar + said!r}.")
    return [(text.strip().replace("\\n", "\n"), said.strip()) for text, _, said in rows]


def cases(*tables: str | Sequence[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a test ``(text, said)`` with every line of the tables; those of :func:`limits` may stand among them."""
    rows = [row for table in tables for row in (_params(table) if isinstance(table, str) else table)]
    return pytest.mark.parametrize(("text", "said"), rows)


def limits(reason: str, table: str) -> list[Any]:
    """Lines that are known to fail, for one reason; the test tells when one of them begins to hold."""
    return _params(table, pytest.mark.xfail(reason=reason, strict=True, raises=AssertionError))


def _params(table: str, *marks: Any) -> list[Any]:
    return [pytest.param(*row, marks=marks, id=" | ".join(row)) for row in parse(table)]


def check(text: str, said: str, context: str | None = None) -> None:
    """Hold a text against what is said of it."""
    mentions = normalize(text, context)
    try:
        _check(mentions, said, context)
    except AssertionError as e:
        raise AssertionError(f"{text} | {said}\n{e}") from None


def _check(mentions: Sequence[Mention], said: str, context: str | None) -> None:
    only, _, rest = said.partition(" ") if said.startswith("only ") else ("", "", said)
    if rest.startswith(("= ", "!= ")):
        _check_same(mentions, rest, context)
        return
    items = [item.strip() for item in rest.split(",")]
    for item in items:
        _check_item(mentions, item)
    if only:
        claimed = {m.skill for m in mentions if m.skill and not m.negated}
        assert claimed == {i.split()[0] for i in items if "." in i.split()[0] and i[0] not in "~?!"}, _shown(mentions)


def _check_same(mentions: Sequence[Mention], said: str, context: str | None) -> None:
    sign, _, phrase = said.partition(" ")
    wanted = _claimed(normalize(phrase, context))
    assert wanted, f"nothing is found in «{phrase}» itself"
    assert (_claimed(mentions) == wanted) is (sign == "="), f"{_shown(mentions)}; «{phrase}»: {sorted(wanted)}"


def _check_item(mentions: Sequence[Mention], item: str) -> None:
    if item == "nothing":
        assert not [m for m in mentions if m.skill], _shown(mentions)
    elif item.startswith("any_of="):
        wanted = set(item.removeprefix("any_of=").split("+"))
        assert any(wanted == set(m.value.get("any_of", ())) for m in mentions), _shown(mentions)
    elif item.startswith("no "):
        name = item.removeprefix("no ")
        assert not [m for m in mentions if name in (m.kind, *m.value)], _shown(mentions)
    elif item.startswith("!"):
        assert item[1:] not in _claimed(mentions), _shown(mentions)
    else:
        _check_fact(mentions, item)


def _check_fact(mentions: Sequence[Mention], item: str) -> None:
    name, *pairs = item.split()
    stance = _STANCES.get(name[0], "claimed")
    name = name.lstrip("~?")
    named = [m for m in mentions if name in (m.skill, m.kind) and m.stance == stance]
    wanted = dict(pair.split("=", 1) for pair in pairs)
    assert any(all(_said(m, k) == v for k, v in wanted.items()) for m in named), f"{item}: {_shown(mentions)}"


def _said(mention: Mention, key: str) -> str:
    value = getattr(mention, key) if key in _FIELDS else mention.value.get(key)
    if isinstance(value, (list, tuple)):
        return "+".join(map(str, value))
    return "" if value is None else str(value)


def _claimed(mentions: Iterable[Mention]) -> set[str]:
    return {m.skill for m in mentions if m.skill and not m.negated}


def _shown(mentions: Iterable[Mention]) -> str:
    rows = [
        f"{m.skill or m.kind} {m.stance} tier={m.tier} level={m.level} {dict(m.value)} «{m.text}»" for m in mentions
    ]
    return "found: " + ("; ".join(rows) or "nothing")
