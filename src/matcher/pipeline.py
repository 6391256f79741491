"""The engine: tables in, ranking and explanations out.

tables -> records -> profiles and requests -> parts of a score -> ranking -> words
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher import columns, store, tables
from matcher.collector import no_collector
from matcher.errors import MatcherError, StoreError, wrong_parameter
from matcher.features.encode import TermVectorizer
from matcher.features.facts import Profile, profiles_of
from matcher.features.programmes import Programmes
from matcher.features.requests import Request, requests_of
from matcher.features.skills import Reader, reader_for
from matcher.ranking.asking import COSINE_CRITERIA, Asked
from matcher.ranking.criteria import parts_of
from matcher.ranking.gates import World, build_gates
from matcher.ranking.scoring import Model
from matcher.ranking.stated import Gathering
from matcher.ranking.topk import id_order
from matcher.ranking.worth import Statistics, learn
from matcher.records import Agreement, Candidate, Vacancy
from matcher.report import Explanation
from matcher.reranker import Reranker
from matcher.scored import Scored, insufficient_frame, plain_frame, ranking_frame, rejections_frame
from matcher.settings import Settings
from matcher.summary import Summary, count_rows
from matcher.taxonomy import Taxonomy

if TYPE_CHECKING:
    import pandas as pd

    from matcher.index import Index
    from matcher.ranking.segment import Rules
    from matcher.streaming import Block
    from matcher.vacancy_index import VacancyIndex

Progress = Callable[[str, int, int], None]
Source = Any
"""A path, a DataFrame or an iterable of mappings."""


@dataclass(frozen=True)
class Result:
    """Everything a run gives.

    Attributes
    ----------
    ranking : DataFrame
        ``vacancy_id, candidate_id, rank, score, known``, then, where asked for, what the score means
        (``columns.READINGS``), then one column of contributions per criterion and ``thinness``; a row's contributions
        add up to its score exactly. Empty cells: not stated by the vacancy.
    quarantine : DataFrame
        Rows left out, with column, value and reason.
    insufficient : DataFrame
        Candidates and vacancies of which nothing is known (``table``, ``id``).
    summary : Summary
        Counts of rows and pairs that add up.
    scored : Scored
        The run itself: every pair can still be explained.
    """

    ranking: pd.DataFrame
    quarantine: pd.DataFrame
    insufficient: pd.DataFrame
    summary: Summary
    scored: Scored = field(repr=False)

    @cached_property
    def rejections(self) -> pd.DataFrame:
        """Every refused pair with its first reason; made when asked for, since it may be long."""
        return rejections_frame(self.scored)

    def explain(self, candidate_id: Any, vacancy_id: Any) -> Explanation:
        """Why a pair of this run has its score."""
        return self.scored.explain_ids(candidate_id, vacancy_id)

    def plot_scores(self, ax: Any = None) -> Any:
        """Scores of the first lists, a dot for each candidate (needs ``matcher[viz]``)."""
        from matcher.charts import plot_scores

        return plot_scores(self.ranking, ax, f"{self.summary.by}_id")

    def _repr_html_(self) -> str:
        return self.summary._repr_html_() + self.ranking.head(20).to_html()


class Matcher:
    """Matches candidates with vacancies.

    Parameters
    ----------
    settings : Settings, optional
        Weights and rules; the defaults when None.
    taxonomy : Taxonomy, optional
        When None, the shipped one with the own files that the settings name.
    agreements : table, optional
        Partner agreements (company, institution, from, to).
    reranker : Reranker, optional
        A second stage that ``learn_reranker`` found.
    today : date, optional
        The day at which dates are judged where a vacancy has no start; the current day when None.
    n_jobs : int, default 1
        Processes that read texts and threads that rank; results do not depend on it.
    progress : callable, optional
        Called with (stage, done, total).

    Examples
    --------
    >>> vacancies = [{"id": "v1", "title": "Токарь", "must_skills": ["чтение чертежей", "токарные работы"]}]
    >>> candidates = [{"id": 1, "title": "токарь", "skills": "читаю чертежи; токарный станок"},
    ...               {"id": 2, "title": "бухгалтер", "skills": "1С"}]
    >>> ranking = Matcher().fit(vacancies).rank(candidates)
    >>> ranking.candidate_id.tolist()
    [1, 2]
    """

    def __init__(
        self,
        settings: Settings | Mapping[str, Any] | None = None,
        *,
        taxonomy: Taxonomy | None = None,
        agreements: Source | None = None,
        reranker: Reranker | None = None,
        today: dt.date | None = None,
        n_jobs: int = 1,
        progress: Progress | None = None,
    ) -> None:
        if isinstance(settings, Mapping):
            settings = Settings.from_mapping(settings)
        if settings is not None and not isinstance(settings, Settings):
            raise MatcherError(wrong_parameter("settings", "Matcher", "Settings, a mapping or None", settings))
        if not isinstance(n_jobs, int) or n_jobs < 1:
            raise MatcherError(wrong_parameter("n_jobs", "Matcher", "an int >= 1", n_jobs))
        self.settings = settings or Settings()
        self.taxonomy = taxonomy or _taxonomy_of(self.settings)
        self.reranker = reranker
        self.today = today
        self.n_jobs = n_jobs
        self.progress = progress
        self.agreements: tuple[Agreement, ...] = ()
        if agreements is not None:
            loaded = tables.read_agreements(agreements)
            if loaded.quarantine:
                first = loaded.quarantine[0]
                raise MatcherError(
                    f"The agreements table has {len(loaded.quarantine)} bad rows; row {first['row']}: {first['column']} {first['reason']}."
                )
            self.agreements = tuple(loaded.records)

    # ------------------------------------------------------------ fitting

    def fit(self, vacancies: Source, candidates: Source | None = None) -> Matcher:
        """Learn rarities and vocabularies from vacancies and keep them as the default to rank against.

        Parameters
        ----------
        vacancies : table
            Path, DataFrame or iterable of mappings.
        candidates : table, optional
            Not needed; accepted so that both tables may be given.
        """
        loaded = tables.read_vacancies(vacancies)
        self._fit_records(loaded.records)
        self.vacancies_ = loaded
        return self

    def _fit_records(self, records: Sequence[Vacancy]) -> list[Request]:
        requests = self.read_requests(records)
        self.statistics_ = learn(requests, self.settings, self.taxonomy)
        return requests

    @property
    def is_fitted(self) -> bool:
        """Whether ``fit`` was called or the engine was loaded."""
        return hasattr(self, "statistics_")

    # ------------------------------------------------------------ ranking

    def rank(
        self,
        candidates: Source,
        vacancies: Source | None = None,
        *,
        by: str = "vacancy",
        top: int | None = 10,
        exclude: Source | None = None,
    ) -> pd.DataFrame:
        """The best candidates of every vacancy, or the best vacancies of every candidate.

        Parameters
        ----------
        candidates : table
        vacancies : table, optional
            The fitted ones when None.
        by : {'vacancy', 'candidate'}
            Whose lists are wanted.
        top : int or None
            Length of each list; None for all.
        exclude : table, optional
            Pairs (``vacancy_id``, ``candidate_id``) not to show.

        Returns
        -------
        DataFrame
            See :class:`Result`.

        Warns
        -----
        MatcherWarning
            When rows cannot be read and are left out; :meth:`run` lists them.
        """
        _check_lists(by, top)
        left, right = self.read_tables(candidates, vacancies)
        for loaded in (left, right):
            loaded.readable()
        return self._result(left, right, by, top, exclude).ranking

    def run(
        self,
        candidates: Source,
        vacancies: Source | None = None,
        *,
        by: str = "vacancy",
        top: int | None = 10,
        exclude: Source | None = None,
        explain: bool = False,
        percentile: bool = False,
    ) -> Result:
        """Like :meth:`rank`, with quarantine, rejections and the summary of all rows and pairs.

        Parameters
        ----------
        explain : bool
            Add the column ``explanation``: why each pair has its score, as JSON.
        percentile : bool
            Add the column ``percentile``: share of the vacancy's candidates, refused ones left out, who score less.
        """
        _check_lists(by, top)
        return self._result(*self.read_tables(candidates, vacancies), by, top, exclude, explain, percentile)

    def read_tables(
        self, candidates: Source, vacancies: Source | None = None
    ) -> tuple[tables.Loaded[Candidate], tables.Loaded[Vacancy]]:
        """Both tables as records and quarantine; the fitted vacancies when None."""
        return tables.read_candidates(candidates, today=self.today), self._vacancies(vacancies)

    def _result(
        self,
        left: tables.Loaded[Candidate],
        right: tables.Loaded[Vacancy],
        by: str,
        top: int | None,
        exclude: Source | None,
        explain: bool = False,
        percentile: bool = False,
    ) -> Result:
        pairs = tables.read_pairs(exclude) if exclude is not None else set()
        scored = self._score(left.records, right.records)
        excluded = scored.positions(pairs)
        ranked = scored.ranked(
            by=by, top=None if top is None else int(top), excluded=excluded, percentile=percentile,
            progress=self._tick("ranking"), n_jobs=self.n_jobs,
        )  # fmt: skip
        frame = ranking_frame(scored, ranked, explain=explain)
        summary = count_rows(left, right, scored.profiles, scored.requests, ranked, by)
        quarantine = [*left.quarantine, *right.quarantine]
        return Result(frame, plain_frame(quarantine, columns.QUARANTINE), insufficient_frame(scored), summary, scored)

    def rank_blocks(
        self,
        candidates: Source,
        vacancies: Source | None = None,
        *,
        by: str = "vacancy",
        top: int = 10,
        exclude: Source | None = None,
        explain: bool = False,
        size: int = 10_000,
    ) -> Iterator[Block]:
        """Like :meth:`run` for tables larger than memory: what is known after each block of candidates.

        Parameters
        ----------
        size : int
            Most candidates of a block; the scores and the order do not depend on it.

        Yields
        ------
        Block
            By vacancy, the ranking of the last one is the whole ranking; by candidate, each has the lists of its own.

        Examples
        --------
        >>> people = [{"id": n, "skills": "токарные работы"} for n in range(5)]
        >>> *_, last = Matcher().rank_blocks(people, [{"id": "v", "title": "Токарь"}], top=2, size=2)
        >>> last.number, last.ranking.candidate_id.tolist()
        (3, [0, 1])
        """
        from matcher.streaming import Blocks

        _check_lists(by, top)
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise MatcherError(wrong_parameter("size", "rank_blocks", "an int >= 1", size))
        right = self._vacancies(vacancies)
        yield from Blocks(self, candidates, right, by=by, top=top, size=size, exclude=exclude, explain=explain)

    def index(self, candidates: Source | None = None) -> Index:
        """Candidates that can be asked for one vacancy at a time, while some come, change and go.

        Parameters
        ----------
        candidates : table, optional
            Those who are there at first; rows that cannot be read stand in ``quarantine`` of the index.

        Raises
        ------
        MatcherError
            When the engine is not fitted, or scores in both directions or by a second stage.
        """
        from matcher.index import Index

        if not self.is_fitted:
            raise MatcherError("Matcher.index needs a fitted engine: call fit first.")
        if self.settings.wishes.combine != "off" or self.reranker is not None:
            raise MatcherError(
                "An index scores one way in one stage: set [wishes] combine to off, and use no reranker."
            )
        index = Index(self, self._rules())
        if candidates is not None:
            loaded = tables.read_candidates(candidates, today=self.today)
            index.quarantine = loaded.quarantine
            index.put(loaded.records)
            index.compact()
        return index

    def index_vacancies(self, vacancies: Source | None = None) -> VacancyIndex:
        """Vacancies that can be asked for one candidate at a time, while some come, change and go.

        Parameters
        ----------
        vacancies : table, optional
            Those who are there at first, the fitted ones when None; faulty rows stand in ``quarantine`` of the index.

        Raises
        ------
        MatcherError
            When the engine is not fitted.
        """
        from matcher.vacancy_index import VacancyIndex

        if not self.is_fitted:
            raise MatcherError("Matcher.index_vacancies needs a fitted engine: call fit first.")
        loaded = self._vacancies(vacancies)
        index = VacancyIndex(self, loaded.records)
        index.quarantine = loaded.quarantine
        return index

    def _rules(self) -> Rules:
        from matcher.ranking.segment import Rules

        return Rules(self.statistics_, self.settings, self.taxonomy, self.agreements, self.today)

    @classmethod
    def load_index(cls, directory: str | Path, *, verify: bool = True, **more: Any) -> Index:
        """Load a saved index, its arrays mapped into memory; ``more`` as for :meth:`load`.

        Parameters
        ----------
        verify : bool
            Compare the digests of all files first; without it, arrays are checked by their sizes alone, which opens
            millions of candidates in the time of a few.

        Raises
        ------
        StoreError
            When something is missing, damaged, newer, or was saved with another taxonomy or dictionary.
        """
        from matcher.index import KIND, Index
        from matcher.indexed import from_files

        manifest, texts, arrays = store.read(directory, KIND, mapped=True, verify=verify)
        engine = cls.from_files(directory, manifest, texts, arrays, **more)
        try:
            segment = from_files(texts, arrays, engine._rules())
        except (KeyError, TypeError, ValueError, IndexError) as e:
            raise StoreError(f"The index in {directory} is damaged: {e}.") from None
        return Index(engine, engine._rules(), segment)

    def score(self, candidates: Source, vacancies: Source | None = None) -> Scored:
        """Every pair of two tables ready to be ranked and explained.

        Rows that cannot be read are left out with a :class:`matcher.MatcherWarning`; :meth:`run` lists them.
        """
        left, right = self.read_tables(candidates, vacancies)
        return self._score(left.readable(), right.readable())

    def explain(self, candidate: Mapping[str, Any], vacancy: Mapping[str, Any]) -> Explanation:
        """Why one candidate has the score he has for one vacancy.

        Parameters
        ----------
        candidate, vacancy : mapping
            Rows with the columns of the tables.

        Raises
        ------
        MatcherError
            When a row would be quarantined; the message says why.
        """
        left, right = tables.read_candidates([candidate], today=self.today), tables.read_vacancies([vacancy])
        for fault in (*left.quarantine, *right.quarantine):
            raise MatcherError(
                f"The {fault['table']} row cannot be read: {fault['column']} {fault['reason']}. Got {fault['value']!r}."
            )
        return self._score(left.records, right.records).explain(0, 0)

    def explain_in(
        self, candidates: Source, vacancies: Source, candidate_id: Any, vacancy_id: Any, *, place: bool = False
    ) -> Explanation:
        """Like :meth:`explain` for two rows of tables, told by their ids.

        Parameters
        ----------
        place : bool
            Read all candidates and tell which place this one has in the vacancy's list.
        """
        left, right = self.read_tables(candidates, vacancies)
        chosen = [c for c in left.records if str(c.id) == str(candidate_id)]
        wanted = [v for v in right.records if str(v.id) == str(vacancy_id)]
        if not chosen or not wanted:
            missing = f"vacancy {vacancy_id!r}" if chosen else f"candidate {candidate_id!r}"
            raise MatcherError(f"There is no {missing} among the rows that could be read.")
        scored = self._score(left.records if place else chosen, wanted)
        return scored.explain_ids(candidate_id, vacancy_id)

    # ------------------------------------------------------------ inside

    def _vacancies(self, source: Source | None) -> tables.Loaded[Vacancy]:
        if source is not None:
            return tables.read_vacancies(source)
        if not hasattr(self, "vacancies_"):
            raise MatcherError("No vacancies to rank against: give a table, or call fit first.")
        return self.vacancies_

    def _tick(self, stage: str) -> Callable[[int, int], None] | None:
        progress = self.progress
        return (lambda done, total: progress(stage, done, total)) if progress else None

    @cached_property
    def _reader(self) -> Reader:
        return reader_for(self.taxonomy)

    @cached_property
    def programmes(self) -> Programmes:
        """Programmes of education as this engine reads them."""
        return _programmes_for(self._reader)

    def read_profiles(
        self, records: Sequence[Candidate], each: Callable[[Profile], object] | None = None
    ) -> list[Profile]:
        """Candidates as read; ``each`` is called with every profile when it was just read."""
        return self._map(
            "reading candidates", lambda rows: profiles_of(rows, self._reader, self.programmes), records, each
        )

    def read_requests(self, records: Sequence[Vacancy]) -> list[Request]:
        """Vacancies as read."""
        return self._map("reading vacancies", lambda rows: requests_of(rows, self._reader), records)

    def _map(
        self,
        stage: str,
        read: Callable[[Sequence[Any]], list[Any]],
        records: Sequence[Any],
        each: Callable[[Any], object] | None = None,
    ) -> list[Any]:
        from matcher.parallel import map_records

        return map_records(read, records, self.n_jobs, self._tick(stage), each)

    def _score(self, candidates: Sequence[Candidate], vacancies: Sequence[Vacancy]) -> Scored:
        return self.scored(candidates, self.asked(vacancies))

    def asked(self, vacancies: Sequence[Vacancy]) -> Asked:
        """Vacancies as read, with all that scoring needs of them."""
        requests = self.read_requests(vacancies)
        statistics = self.statistics_ if self.is_fitted else learn(requests, self.settings, self.taxonomy)
        return Asked(requests, statistics, self.settings, self.taxonomy)

    @no_collector()
    def scored(self, candidates: Sequence[Candidate], asked: Asked, profiles: list[Profile] | None = None) -> Scored:
        """Candidates against vacancies that were read before; ``profiles`` where they were read before too."""
        requests = asked.requests
        vacancies = [r.record for r in requests]
        told = None
        if profiles is None:
            gathering = Gathering(self.settings)
            profiles = self.read_profiles(candidates, gathering.take)
            told = gathering.done()
        parts = parts_of(profiles, asked, told)
        world = World(self.today or dt.date.today(), self.agreements)
        gates = build_gates(candidates, vacancies, world, asdict(self.settings.gates))
        model = Model(
            parts=parts.parts,
            gates=gates,
            thin=parts.thin,
            caps=parts.caps,
            usable_rows=np.array([not p.is_empty for p in profiles], dtype=np.bool_),
            usable_columns=np.array([not r.is_empty for r in requests], dtype=np.bool_),
            order_rows=id_order([c.id for c in candidates]),
            order_columns=id_order([v.id for v in vacancies]),
        )
        scored = Scored(model, parts, profiles, requests, asked.statistics, self.settings, self.taxonomy)
        if self.reranker is not None:
            scored = replace(scored, second=self.reranker.stage)
        return scored.in_both_directions()

    # ------------------------------------------------------------ saving

    def save(self, directory: str | Path) -> None:
        """Save a fitted engine as a directory of JSON and ``.npy`` files with a manifest."""
        if not self.is_fitted:
            raise MatcherError("Matcher.save needs a fitted engine: call fit first.")
        texts, arrays = self.to_files()
        store.write(directory, "engine", self.about(), texts, arrays)

    def to_files(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What ``save`` writes: JSON documents and arrays by name."""
        s = self.statistics_
        texts: dict[str, Any] = {
            "rarity": {"n_vacancies": s.n_vacancies, "counts": dict(s.counts)},
            "vacancies": [_record_row(v) for v in self.vacancies_.records],
            "agreements": [asdict(a) for a in self.agreements],
        }
        arrays = {}
        for name in COSINE_CRITERIA:
            vectorizer: TermVectorizer = getattr(s, name)
            texts[f"terms_{name}"] = list(vectorizer.vocabulary_)
            arrays[f"idf_{name}"] = vectorizer.idf_
        if self.reranker is not None:
            texts["reranker"] = list(self.reranker.stage.names)
            arrays |= self.reranker.to_arrays()
        return texts, arrays

    def about(self) -> dict[str, Any]:
        """What is stamped on every output: versions, taxonomy digest, settings and their fingerprint."""
        return {
            "matcher": version("matcher"),
            "dictionary": version("pymorphy3-dicts-ru"),
            "taxonomy": self.taxonomy.digest,
            "settings": self.settings.to_mapping(),
            "settings_fingerprint": self.settings.fingerprint,
            "reranker": self.reranker.fingerprint if self.reranker else None,
            "today": (self.today or dt.date.today()).isoformat(),
        }

    @classmethod
    def load(
        cls,
        directory: str | Path,
        *,
        taxonomy: Taxonomy | None = None,
        today: dt.date | None = None,
        n_jobs: int = 1,
        progress: Progress | None = None,
    ) -> Matcher:
        """Load a saved engine; loading runs no code and checks every file first.

        Raises
        ------
        StoreError
            When something is missing, damaged, newer, or was saved with another taxonomy or dictionary.
        """
        saved = store.read(directory, "engine")
        return cls.from_files(directory, *saved, taxonomy=taxonomy, today=today, n_jobs=n_jobs, progress=progress)

    @classmethod
    def from_files(
        cls,
        directory: str | Path,
        manifest: Mapping[str, Any],
        texts: Mapping[str, Any],
        arrays: Mapping[str, Any],
        *,
        taxonomy: Taxonomy | None = None,
        today: dt.date | None = None,
        n_jobs: int = 1,
        progress: Progress | None = None,
    ) -> Matcher:
        """The engine that ``to_files`` told; ``directory`` is named where something is wrong."""
        try:
            settings = Settings.from_mapping(manifest["settings"])
            taxonomy = taxonomy or _taxonomy_of(settings)
            _check_stamp(manifest, taxonomy, directory)
            engine = cls(settings, taxonomy=taxonomy, today=today, n_jobs=n_jobs, progress=progress)
            engine.agreements = tuple(tables.read_agreements(_renamed(texts["agreements"])).records)
            vectorizers = {
                n: TermVectorizer.from_learnt(texts[f"terms_{n}"], arrays[f"idf_{n}"], sublinear=n != "profile")
                for n in COSINE_CRITERIA
            }
            engine.statistics_ = Statistics(texts["rarity"]["n_vacancies"], texts["rarity"]["counts"], **vectorizers)
            engine.vacancies_ = tables.read_vacancies(texts["vacancies"])
            if "reranker" in texts:
                engine.reranker = Reranker.from_arrays(texts["reranker"], arrays)
        except (KeyError, TypeError, AttributeError, ValueError) as e:
            raise StoreError(f"The engine in {directory} is incomplete: {e}.") from None
        except StoreError:
            raise
        except MatcherError as e:
            raise StoreError(f"The engine in {directory} is damaged: {e}") from None
        if manifest.get("settings_fingerprint") != engine.settings.fingerprint:
            raise StoreError(f"The engine in {directory} is damaged: its settings are not those it was saved with.")
        return engine


@cache
def _programmes_for(reader: Reader) -> Programmes:
    """Programmes as a reader reads them, built once per process as the reader is."""
    return Programmes(reader)


def _check_lists(by: str, top: int | None) -> None:
    if by not in {"vacancy", "candidate"}:
        raise MatcherError(wrong_parameter("by", "rank", "'vacancy' or 'candidate'", by))
    if top is not None and (isinstance(top, bool) or not isinstance(top, int | np.integer) or top < 1):
        raise MatcherError(wrong_parameter("top", "rank", "an int >= 1 or None", top))


def _record_row(v: Vacancy) -> dict[str, Any]:
    return {k: x for k, x in asdict(v).items() if x not in (None, "", ())}


def _renamed(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"company": r["company"], "institution": r["institution"], "from": r["start"], "to": r["end"]} for r in rows
    ]


def _taxonomy_of(settings: Settings) -> Taxonomy:
    own = settings.taxonomy
    return Taxonomy.load(*own.files, base=own.base) if own.files or not own.base else Taxonomy.default()


def _check_stamp(manifest: Mapping[str, Any], taxonomy: Taxonomy, directory: str | Path) -> None:
    told = (("taxonomy", taxonomy.digest), ("dictionary", version("pymorphy3-dicts-ru")))
    for name, now in told:
        if manifest.get(name) != now:
            raise StoreError(
                f"The engine in {directory} was saved with {name} {manifest.get(name)!r}, but this process has {now!r}: fit it again."
            )
