"""Charts of an allocation: fill by company, choices, flow from institutions to companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.charts import BLUE, DARK, GREY, MOST, drawn, short

_REST = "прочие"
_MOST_SIDE = 12


def plot_fill(names: Sequence[str], seats: NDArray[np.int64], filled: NDArray[np.int64], ax: Any) -> Any:
    """Seats and how many are filled, the largest first."""
    shown = np.lexsort((np.arange(len(seats)), -seats))[:MOST]

    def draw(ax: Any) -> None:
        ax.barh(range(len(shown)), seats[shown], color=GREY, edgecolor="#888888", label="мест")
        ax.barh(range(len(shown)), filled[shown], color=BLUE, height=0.5, label="занято")
        ax.set_yticks(range(len(shown)), [short(names[k]) for k in shown])
        ax.invert_yaxis()
        ax.set_xlabel("Места")
        ax.legend()

    return drawn(ax, (7, 0.3 * len(shown) + 1.2), draw, "Сколько мест занято")


def plot_choices(choices: Mapping[int, int], ax: Any) -> Any:
    """How many got which choice."""

    def draw(ax: Any) -> None:
        bars = ax.bar([str(c) for c in choices], list(choices.values()), color=BLUE)
        ax.bar_label(bars, color=DARK)
        ax.set_xlabel("Какой по счёту выбор получен")
        ax.set_ylabel("Кандидатов")

    return drawn(ax, (7, 3.2), draw, "Кто получил какой выбор")


def plot_flow(pairs: Sequence[tuple[str, str]], ax: Any) -> Any:
    """Ribbons from the left names to the right ones; small ones are put together."""
    sides = [_largest([pair[side] for pair in pairs]) for side in (0, 1)]
    told = [(x if x in sides[0] else _REST, y if y in sides[1] else _REST) for x, y in pairs]

    def draw(ax: Any) -> None:
        at: list[dict[str, float]] = [{}, {}]
        for side in (0, 1):
            top = 0.0
            names = sorted({t[side] for t in told}, key=lambda n: (n == _REST, -sum(t[side] == n for t in told), n))
            for name in names:
                at[side][name] = top
                many = sum(t[side] == name for t in told)
                ax.text(
                    -0.02 if side == 0 else 1.02, top + many / 2, f"{short(name, 44)} · {many}", ha="right" if side == 0 else "left",
                    va="center", fontsize=8,
                )  # fmt: skip
                top += many + 0.035 * len(told)  # so far apart that names of single people do not overlap
        x = np.linspace(0, 1, 30)
        bend = 3 * x**2 - 2 * x**3
        for pair in sorted(set(told)):
            many = told.count(pair)
            low, high = at[0][pair[0]], at[1][pair[1]]
            line = low + (high - low) * bend
            ax.fill_between(x, line, line + many, color=BLUE, alpha=0.4, linewidth=0)
            at[0][pair[0]] += many
            at[1][pair[1]] += many
        ax.invert_yaxis()
        ax.axis("off")

    return drawn(ax, (8, 0.26 * max(map(len, sides), default=1) + 1.5), draw, "Откуда и куда")


def _largest(names: list[str]) -> set[str]:
    counts = {n: names.count(n) for n in set(names)}
    return set(sorted(counts, key=lambda n: (-counts[n], n))[:_MOST_SIDE])
