"""Charts: what is drawn is what the frame says, nothing is said in glyphs that the font lacks, nothing is left behind."""

from __future__ import annotations

import sys
import time
from itertools import pairwise

import pytest

from matcher import Matcher, allocate, gaps, market
from matcher.charts import plot_scores, plot_tuning, plot_waterfall
from matcher.errors import MatcherError

mpl = pytest.importorskip("matplotlib")
mpl.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402  (after the backend is chosen)
import pandas as pd  # noqa: E402

SAMPLES = "data/samples/"
pytestmark = pytest.mark.filterwarnings("ignore:.*lists shorter than:matcher.errors.MatcherWarning")


@pytest.fixture(scope="module")
def made():
    engine = Matcher(agreements=SAMPLES + "agreements.csv").fit(SAMPLES + "vacancies.csv")
    result = engine.run(SAMPLES + "candidates.csv", top=5)
    whole = result.scored.ranking(top=None)
    return {
        "result": result,
        "market": market(engine, SAMPLES + "candidates.csv"),
        "gaps": gaps(engine, SAMPLES + "candidates.csv"),
        "seats": allocate(whole, SAMPLES + "vacancies.csv", candidates=SAMPLES + "candidates.csv"),
    }


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def explained(made):
    best = made["result"].ranking.iloc[0]
    return made["result"].explain(best.candidate_id, best.vacancy_id)


CHARTS = {
    "waterfall": lambda m: explained(m).plot(),
    "scores": lambda m: m["result"].plot_scores(),
    "skills": lambda m: m["market"].plot_skills(),
    "fields": lambda m: m["market"].plot_fields(),
    "months": lambda m: m["market"].plot_months(),
    "gaps": lambda m: m["gaps"].plot(),
    "fill": lambda m: m["seats"].plot_fill(),
    "choices": lambda m: m["seats"].plot_choices(),
    "flow": lambda m: m["seats"].plot_flow(),
}


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_drawn_and_leaves_nothing_behind(made, name, tmp_path):
    before = dict(mpl.rcParams)
    start = time.process_time()
    ax = CHARTS[name](made)
    ax.figure.savefig(tmp_path / "chart.png")  # a glyph that is missing is a warning, and a warning an error
    print(f"{name}: {time.process_time() - start:.2f} CPU s")
    assert dict(mpl.rcParams) == before
    assert ax.get_title(loc="left")
    assert (tmp_path / "chart.png").stat().st_size > 5_000


def test_a_waterfall_ends_at_the_score(made):
    explanation = explained(made)
    ax = explanation.plot()
    *bars, total = ax.patches
    assert total.get_width() == pytest.approx(round(explanation.score, 3))
    assert bars[-1].get_x() + bars[-1].get_width() == pytest.approx(round(explanation.score, 3))
    for one, following in pairwise(bars):
        assert following.get_x() == pytest.approx(one.get_x() + one.get_width())


def test_charts_draw_on_the_axes_given(made):
    _, ax = plt.subplots()
    assert explained(made).plot(ax) is ax
    assert made["market"].plot_fields(ax) is ax


def test_empty_frames_say_so():
    nobody = Matcher().fit([{"id": "v", "title": "Токарь"}])
    empty = market(nobody, [{"id": 1}])
    texts = [
        chart().texts[0].get_text() for chart in (empty.plot_skills, empty.plot_months, gaps(nobody, [{"id": 1}]).plot)
    ]
    assert all(texts)
    ranking = pd.DataFrame({"vacancy_id": [], "score": []})
    assert plot_scores(ranking, None).texts[0].get_text() == "Рейтинг пуст"
    assert plot_waterfall({}, None, "Пусто").get_title(loc="left") == "Пусто"


def test_tuning_shows_weights_and_what_the_gain_costs():
    weights = pd.DataFrame({"label": ["Навыки", "Опыт"], "before": [0.5, 0.5], "after": [0.7, 0.3]})
    tradeoff = pd.DataFrame({"moved": [0.0, 0.2], "ndcg": [0.9, 0.91]})
    left, right = plot_tuning(weights, tradeoff, None)
    assert [bar.get_width() for bar in left.patches] == [0.5, 0.5, 0.7, 0.3]
    assert right.lines[0].get_xydata().tolist() == [[0.0, 0.9], [0.2, 0.91]]


def test_without_matplotlib_the_extra_is_named(made, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MatcherError, match=r"pip install matcher\[viz\]"):
        explained(made).plot()


def test_every_chart_of_a_notebook_is_shown(tmp_path):
    """The first figure turns the notebook's interactive mode on; it must stay on for the second."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    draw = "from matcher.seat_charts import plot_choices\nplot_choices({1: 2}, None);"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(draw) for _ in range(3)])
    nbclient.NotebookClient(book, timeout=120).execute()
    shown = [[o.get("data", {}) for o in cell.outputs] for cell in book.cells]
    assert [sum("image/png" in data for data in cell) for cell in shown] == [1, 1, 1]
