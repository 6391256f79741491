"""Charts for notebooks and print: one style, readable without colour, Cyrillic as matplotlib ships it.

Every chart is drawn from a frame that the caller can look at, on the axes given or on new ones, and returns the axes.
Needs ``matcher[viz]``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.errors import MatcherError

if TYPE_CHECKING:
    import pandas as pd

BLUE, RED, GREY, DARK = "#4477aa", "#cc6677", "#dddddd", "#333333"
STYLE: Mapping[str, Any] = {
    "font.family": "DejaVu Sans", "font.size": 9, "axes.titlesize": 10, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#888888",
    "axes.axisbelow": True, "xtick.color": DARK, "ytick.color": DARK, "legend.frameon": False, "figure.dpi": 110,
    "figure.constrained_layout.use": True,
}  # fmt: skip
MOST = 20


def matplotlib() -> tuple[Any, Any]:
    """Matplotlib and its pyplot.

    Raises
    ------
    MatcherError
        Where it is not installed.
    """
    try:
        return import_module("matplotlib"), import_module("matplotlib.pyplot")
    except ImportError:
        raise MatcherError("Charts need matplotlib: pip install matcher[viz].") from None


def drawn(ax: Any, size: tuple[float, float], draw: Callable[[Any], None], title: str = "") -> Any:
    """Draw on the axes given, or on new ones, in the one style; numbers on axes as Russian writes them."""
    mpl, plt = matplotlib()
    with styled(mpl):
        ax = plt.subplots(figsize=size)[1] if ax is None else ax
        draw(ax)
        if title:
            ax.set_title(title)
    return ax


@contextmanager
def styled(mpl: Any) -> Iterator[None]:
    """The style of our charts, and after it the settings as they were.

    The backend of a notebook turns the interactive mode on when the first figure is made: that stays on, or no later
    chart of the notebook would be shown.
    """
    with mpl.rc_context(STYLE):
        yield
        is_interactive = mpl.is_interactive()
    mpl.interactive(is_interactive)


def short(text: Any, width: int = 34) -> str:
    """A name cut to the width of an axis."""
    return textwrap.shorten(str(text), width, placeholder="…") or str(text)[:width]


def _comma(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


def _decimal_comma(axis: Any, digits: int = 1) -> None:
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: _comma(value, digits)))


def _percent(axis: Any) -> None:
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.0f} %"))


def _empty(ax: Any, told: str) -> None:
    ax.text(0.5, 0.5, told, ha="center", va="center", transform=ax.transAxes, color=DARK)
    ax.axis("off")


# ---------------------------------------------------------------- one pair


def plot_waterfall(values: Mapping[str, float], ax: Any, title: str) -> Any:
    """Contributions one after another, and their sum.

    Parameters
    ----------
    values : mapping of str to float
        Contribution by its name, in order.
    """
    names = [*values, "Оценка"]
    ends = np.cumsum([*values.values()])
    total = float(ends[-1]) if len(ends) else 0.0

    def draw(ax: Any) -> None:
        for y, (value, end) in enumerate(zip(values.values(), ends, strict=True)):
            ax.barh(
                y,
                value,
                left=end - value,
                color=BLUE if value >= 0 else RED,
                hatch="" if value >= 0 else "///",
                height=0.6,
            )
            ax.text(max(end, end - value) + 0.008, y, _comma(value, 3), va="center", color=DARK)
            ax.plot([end, end], [y + 0.3, y + 0.7], color="#888888", linewidth=0.8)
        ax.barh(len(values), total, color=DARK, height=0.6)
        ax.text(total + 0.008, len(values), _comma(total, 3), va="center", color=DARK, fontweight="bold")
        ax.set_yticks(range(len(names)), [short(n) for n in names])
        ax.invert_yaxis()
        ax.set_xlim(0, max([0.05, *ends, total]) * 1.15)
        _decimal_comma(ax.xaxis)
        ax.set_xlabel("Вклад в оценку")

    return drawn(ax, (7, 0.36 * len(names) + 1), draw, title)


# ---------------------------------------------------------------- many pairs


def plot_scores(ranking: pd.DataFrame, ax: Any, by: str = "vacancy_id", most: int = MOST) -> Any:
    """Scores of every list: a dot for each candidate, a bar at the median; the first lists of the ranking.

    Parameters
    ----------
    ranking : DataFrame
        With the columns ``by`` and ``score``.
    """
    lists = list(ranking.groupby(by, sort=False)["score"])[:most]

    def draw(ax: Any) -> None:
        if not lists:
            _empty(ax, "Рейтинг пуст")
            return
        for y, (_, scores) in enumerate(lists):
            ax.plot(scores, np.full(len(scores), y), "o", color=BLUE, markersize=4, alpha=0.5, markeredgewidth=0)
            ax.plot([scores.median()] * 2, [y - 0.32, y + 0.32], color=DARK, linewidth=2)
        ax.set_yticks(range(len(lists)), [short(name, 24) for name, _ in lists])
        ax.set_ylim(len(lists) - 0.4, -0.6)
        ax.set_xlim(0, 1)
        _decimal_comma(ax.xaxis)
        ax.grid(axis="x", color=GREY)
        ax.set_xlabel("Оценка (черта — медиана списка)")

    return drawn(ax, (7, 0.28 * len(lists) + 1.2), draw, "Оценки в списках")


def plot_tuning(weights: pd.DataFrame, tradeoff: pd.DataFrame, axes: Any) -> Any:
    """Weights before and after, and what the measure gains as the weights move away.

    Parameters
    ----------
    weights : DataFrame
        ``label, before, after``.
    tradeoff : DataFrame
        ``moved`` (share of the weight that changed its place), ``ndcg`` (held out); the first row: nothing moved.
    axes : pair of axes or None
    """
    mpl, plt = matplotlib()
    with styled(mpl):
        if axes is None:
            axes = plt.subplots(1, 2, figsize=(10, 0.3 * len(weights) + 1.6), width_ratios=[3, 2])[1]
        left, right = axes
        y = np.arange(len(weights))
        left.barh(y - 0.2, weights["before"], 0.4, color=GREY, edgecolor="#888888", label="были")
        left.barh(y + 0.2, weights["after"], 0.4, color=BLUE, label="найдены")
        left.set_yticks(y, weights["label"])
        left.invert_yaxis()
        _decimal_comma(left.xaxis, 2)
        left.legend()
        left.set_title("Веса критериев")
        right.plot(tradeoff["moved"], tradeoff["ndcg"], "o-", color=BLUE)
        right.plot(tradeoff["moved"].iloc[0], tradeoff["ndcg"].iloc[0], "s", color=DARK, markersize=7)
        _percent(right.xaxis)
        _decimal_comma(right.yaxis, 3)
        right.set_xlabel("Какая доля веса сдвинута")
        right.set_ylabel("nDCG@10 на отложенных вакансиях")
        right.set_title("Чем платят за выигрыш")
    return axes


# ---------------------------------------------------------------- market and gaps


def plot_shares(table: pd.DataFrame, ax: Any, title: str) -> Any:
    """Shares of vacancies that ask and of candidates who have, with their intervals.

    Parameters
    ----------
    table : DataFrame
        ``label, asked, asked_low, asked_high, have, have_low, have_high``; rows without a rate are left out.
    """
    known = table.dropna(subset=["asked", "have"])

    def draw(ax: Any) -> None:
        if known.empty:
            _empty(ax, "Слишком мало данных: доли считаются от пяти вакансий и пяти кандидатов")
            return
        y = np.arange(len(known))
        for name, color, mark, label, shift in (
            ("asked", RED, "s", "спрашивают вакансии", -0.13), ("have", BLUE, "o", "есть у кандидатов", 0.13),
        ):  # fmt: skip
            ax.hlines(y + shift, known[f"{name}_low"], known[f"{name}_high"], color=color, alpha=0.45, linewidth=2)
            ax.plot(known[name], y + shift, mark, color=color, label=label)
        ax.set_yticks(y, [short(n) for n in known["label"]])
        ax.set_ylim(len(known) - 0.4, -0.6)
        ax.set_xlim(left=-0.01)
        _percent(ax.xaxis)
        ax.grid(axis="x", color=GREY)
        ax.legend(loc="lower right")
        ax.set_xlabel("Доля, полоса — 95 % интервал")

    return drawn(ax, (7.5, 0.32 * len(known) + 1.4), draw, title)


def plot_months(months: pd.DataFrame, ax: Any) -> Any:
    """Vacancies that start and candidates who become available, by month.

    Parameters
    ----------
    months : DataFrame
        ``month`` (dates), ``vacancies, candidates``; several rows of a month are added up.
    """
    table = months.groupby("month")[["vacancies", "candidates"]].sum()
    table = table.asfreq("MS", fill_value=0) if len(table) else table  # a month in which nothing begins is one too

    def draw(ax: Any) -> None:
        if table.empty:
            _empty(ax, "Ни у вакансий, ни у кандидатов не указаны сроки")
            return
        x = np.arange(len(table))
        ax.bar(x - 0.2, table["vacancies"], 0.4, color=RED, hatch="///", edgecolor="white", label="вакансии начинаются")
        ax.bar(x + 0.2, table["candidates"], 0.4, color=BLUE, label="кандидаты свободны")
        ax.set_xticks(x, [f"{m:%m.%Y}" for m in table.index], rotation=0 if len(x) < 9 else 60)
        ax.legend()
        ax.set_ylabel("Сколько")

    return drawn(ax, (max(5.0, 0.7 * len(table)), 3.4), draw, "Когда нужны и когда свободны")


def plot_gaps(table: pd.DataFrame, groups: pd.DataFrame, ax: Any, *, n_groups: int = 12, n_skills: int = 15) -> Any:
    """A heat map: which share of a group lacks a requirement that fitting vacancies ask; the numbers are people.

    Parameters
    ----------
    table : DataFrame
        ``group, label, lacking, asked, loss``: of each gap.
    groups : DataFrame
        ``group, name``, in the order wanted.
    """
    rows = groups[groups["group"].isin(table["group"])].head(n_groups)
    mine = table[table["group"].isin(rows["group"])]
    skills = mine.groupby("label")["loss"].sum().sort_values(ascending=False).index[:n_skills]
    counts = {
        (g, s): (k, n) for g, s, k, n in mine[["group", "label", "lacking", "asked"]].itertuples(index=False, name=None)
    }

    def draw(ax: Any) -> None:
        if not len(skills):
            _empty(ax, "Ничего не недостаёт")
            return
        cells = [[counts.get((g, s), (0, 0)) for s in skills] for g in rows["group"]]
        share = np.array([[k / n if n else np.nan for k, n in line] for line in cells])
        image = ax.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for i, line in enumerate(cells):
            for j, (k, n) in enumerate(line):
                if n:
                    ax.text(
                        j, i, f"{k}/{n}", ha="center", va="center", fontsize=7, color="white" if k / n > 0.6 else DARK
                    )
        ax.set_xticks(
            range(len(skills)), [short(s, 30) for s in skills], rotation=55, ha="right", rotation_mode="anchor"
        )
        ax.set_yticks(range(len(rows)), [short(n, 44) for n in rows["name"]])
        ax.spines[:].set_visible(False)
        bar = ax.figure.colorbar(image, ax=ax, shrink=0.6, label="Доля тех, кому не хватает")
        _percent(bar.ax.yaxis)

    return drawn(ax, (3.4 + 0.5 * len(skills), 2.4 + 0.34 * len(rows)), draw, "Чего не хватает для подходящих вакансий")
