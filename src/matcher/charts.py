"""Charts of an allocation for notebooks: fill by company, choices, flow from institutions to companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.errors import MatcherError

_MOST = 20
_BLUE, _GREY = "#4477aa", "#dddddd"


def _axes(ax: Any, size: tuple[float, float]) -> Any:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise MatcherError("Charts need matplotlib: pip install matcher[viz].") from None
    return plt.subplots(figsize=size)[1]


def plot_fill(names: Sequence[str], seats: NDArray[np.int64], filled: NDArray[np.int64], ax: Any) -> Any:
    """Seats and how many are filled."""
    shown = np.lexsort((np.arange(len(seats)), -seats))[:_MOST]
    ax = _axes(ax, (7, 0.3 * len(shown) + 1.2))
    ax.barh(range(len(shown)), seats[shown], color=_GREY, label="мест")
    ax.barh(range(len(shown)), filled[shown], color=_BLUE, label="занято")
    ax.set_yticks(range(len(shown)), [names[k] for k in shown])
    ax.invert_yaxis()
    ax.set_xlabel("Места")
    ax.legend()
    return ax


def plot_choices(choices: Mapping[int, int], ax: Any) -> Any:
    """How many got which choice."""
    ax = _axes(ax, (7, 3.5))
    ax.bar(list(choices), list(choices.values()), color=_BLUE)
    ax.set_xlabel("Какой по счёту выбор получен")
    ax.set_ylabel("Кандидатов")
    return ax


def plot_flow(pairs: Sequence[tuple[str, str]], ax: Any) -> Any:
    """Ribbons from the left names to the right ones; small ones are put together."""
    sides = [_largest([pair[side] for pair in pairs]) for side in (0, 1)]
    told = [(x if x in sides[0] else "прочие", y if y in sides[1] else "прочие") for x, y in pairs]
    ax = _axes(ax, (8, 0.28 * max(map(len, sides), default=1) + 2))
    at: list[dict[str, float]] = [{}, {}]
    for side in (0, 1):
        top = 0.0
        for name in dict.fromkeys(sorted((t[side] for t in told), key=lambda n: (n == "прочие", n))):
            at[side][name] = top
            many = sum(t[side] == name for t in told)
            ax.text(
                -0.02 if side == 0 else 1.02, top + many / 2, name, ha="right" if side == 0 else "left", va="center"
            )
            top += many + 0.5
    x = np.linspace(0, 1, 30)
    bend = 3 * x**2 - 2 * x**3
    for pair in sorted(set(told)):
        many = told.count(pair)
        low, high = at[0][pair[0]], at[1][pair[1]]
        line = low + (high - low) * bend
        ax.fill_between(x, line, line + many, color=_BLUE, alpha=0.4, linewidth=0)
        at[0][pair[0]] += many
        at[1][pair[1]] += many
    ax.invert_yaxis()
    ax.axis("off")
    return ax


def _largest(names: list[str]) -> set[str]:
    counts = {n: names.count(n) for n in set(names)}
    return set(sorted(counts, key=lambda n: (-counts[n], n))[:_MOST])
