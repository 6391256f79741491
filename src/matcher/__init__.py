"""Match candidates with vacancies in Russian, and say why.

- Reading: `normalize`, `normalize_many`, `Mention`, `Taxonomy`.
- Matching: `Matcher`, `Settings`, `Result`, `Explanation`.
- Giving out seats: `allocate`, `Allocation`.
- Looking: `make_report` (a page), `market`, `gaps`, `suggest_courses`, `outcomes`.
- Judging: `evaluate` a ranking against labels; `tune` weights to labels or outcomes; `learn_reranker`, a second stage;
  `sensitivity` to each weight.
- Keeping order: `lint` for vacancies; `matcher.curation` for taxonomies.
- Misuse: `MatcherError`, `InputError`, `SettingsError`, `StoreError`, `MatcherWarning`.

Names are looked up at first use, so that importing the package does no work.

Examples
--------
>>> import matcher
>>> [m.label for m in matcher.normalize("опыт работы на токарном станке")]
['Токарные работы']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matcher.allocation import allocate
    from matcher.allotted import Allocation
    from matcher.course_plans import CoursePlans
    from matcher.courses import suggest_courses
    from matcher.demand import Market, market
    from matcher.errors import InputError, MatcherError, MatcherWarning, SettingsError, StoreError
    from matcher.evaluation import Evaluation, evaluate
    from matcher.features.normalize import normalize, normalize_many
    from matcher.lacking import Gaps, gaps
    from matcher.linting import lint
    from matcher.pipeline import Matcher, Result
    from matcher.placements import outcomes
    from matcher.records import Mention
    from matcher.report import Explanation
    from matcher.report_page import ReportPage, make_report
    from matcher.reranker import Reranker
    from matcher.reranking import Reranking, learn_reranker
    from matcher.settings import Settings
    from matcher.stability import sensitivity
    from matcher.taxonomy import Taxonomy
    from matcher.tuning import Tuning, tune

__version__ = "0.1.0"

_HOMES = {
    "Allocation": "allotted", "allocate": "allocation",
    "CoursePlans": "course_plans", "suggest_courses": "courses", "Market": "demand", "market": "demand", "Gaps": "lacking",
    "gaps": "lacking", "outcomes": "placements", "ReportPage": "report_page", "make_report": "report_page",
    "InputError": "errors", "MatcherError": "errors", "MatcherWarning": "errors", "SettingsError": "errors",
    "StoreError": "errors", "Evaluation": "evaluation", "evaluate": "evaluation", "lint": "linting", "normalize": "features.normalize", "normalize_many": "features.normalize", "Matcher": "pipeline",
    "Result": "pipeline", "Mention": "records", "Explanation": "report", "Reranker": "reranker", "Reranking": "reranking", "learn_reranker": "reranking", "Settings": "settings", "Taxonomy": "taxonomy",
    "Tuning": "tuning", "sensitivity": "stability", "tune": "tuning",
}  # fmt: skip

__all__ = [
    "Allocation",
    "CoursePlans",
    "Evaluation",
    "Explanation",
    "Gaps",
    "InputError",
    "Market",
    "Matcher",
    "MatcherError",
    "MatcherWarning",
    "Mention",
    "ReportPage",
    "Reranker",
    "Reranking",
    "Result",
    "Settings",
    "SettingsError",
    "StoreError",
    "Taxonomy",
    "Tuning",
    "allocate",
    "evaluate",
    "gaps",
    "learn_reranker",
    "lint",
    "make_report",
    "market",
    "normalize",
    "normalize_many",
    "outcomes",
    "sensitivity",
    "suggest_courses",
    "tune",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"matcher.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'matcher' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
