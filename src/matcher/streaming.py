"""Tables larger than memory: candidates come in blocks, of every block only what may stand in the ranking is kept.

A run is a folder of checkpoints beside the output; what was done before a kill is not done again, and the bytes that
come out are those of an unbroken run. A score depends on its pair and on the vacancies alone, so blocks change nothing.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from matcher import columns, store, tables
from matcher.collector import no_collector
from matcher.errors import InputError, StoreError
from matcher.ranking.asking import Asked
from matcher.ranking.scoring import Ranked
from matcher.ranking.topk import id_order, places
from matcher.records import Candidate, Vacancy
from matcher.reranker import Reranker
from matcher.scored import Scored, id_series, plain_frame, ranking_frame
from matcher.summary import Account, Summary
from matcher.tables import Loaded

if TYPE_CHECKING:
    import pandas as pd

KIND = "block"
_WRITTEN_AT_A_TIME = 200_000
"""Rows of a ranking that are put together at a time."""


class Engine(Protocol):
    """What a run needs of ``Matcher``."""

    today: dt.date | None
    reranker: Reranker | None

    def asked(self, vacancies: Sequence[Vacancy]) -> Asked:
        """Vacancies as read, with all that scoring needs of them."""

    def scored(self, candidates: Sequence[Candidate], asked: Asked) -> Scored:
        """Candidates against vacancies that were read before."""


@dataclass(frozen=True)
class Block:
    """What is known when a block of candidates is done.

    Attributes
    ----------
    number : int
        Of the block, from 1.
    ranking : DataFrame
        By vacancy: the best of all blocks so far; the last block's is the whole ranking. By candidate: the lists of
        this block's candidates.
    quarantine : DataFrame
        Rows left out so far, those of the vacancies first.
    insufficient : DataFrame
        Candidates and vacancies of which nothing is known, so far.
    summary : Summary
        Counts so far.
    """

    number: int
    ranking: pd.DataFrame
    quarantine: pd.DataFrame
    insufficient: pd.DataFrame
    summary: Summary


@dataclass(slots=True)
class _Tally:
    """Counts over the blocks done; all of it can be written as JSON."""

    done: int = 0
    candidates: Account = field(default_factory=Account)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    insufficient: list[Any] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    excluded: int = 0
    pairs: int = 0
    ranked_pairs: int = 0
    ranked_candidates: int = 0
    ranked_vacancies: set[int] = field(default_factory=set)

    def add(self, loaded: Loaded[Candidate], scored: Scored, ranked: Ranked) -> None:
        """Count a block."""
        empty = [p.record.id for p in scored.profiles if p.is_empty]
        self.done += 1
        self.candidates.add(loaded, len(empty))
        self.quarantine.extend(loaded.quarantine)
        self.insufficient.extend(empty)
        self.refused.update(ranked.refused)
        self.excluded += ranked.n_excluded
        self.pairs += ranked.n_pairs

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        account = {name: getattr(self.candidates, name) for name in Account.__dataclass_fields__}
        account["unknown_columns"] = list(self.candidates.unknown_columns)
        own = {name: getattr(self, name) for name in _Tally.__dataclass_fields__ if name != "candidates"}
        return {**own, "ranked_vacancies": sorted(self.ranked_vacancies), "candidates": account}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> _Tally:
        """What ``to_json`` told."""
        account = dict(told["candidates"])
        account |= {"personal": Counter(account["personal"]), "mended": Counter(account["mended"])}
        account["unknown_columns"] = dict.fromkeys(account["unknown_columns"])
        own = {**told, "refused": Counter(told["refused"]), "ranked_vacancies": set(told["ranked_vacancies"])}
        return cls(**{**own, "candidates": Account(**account)})


@dataclass(slots=True)
class _Kept:
    """Rows of the ranking: the frame, and for each the vacancy's place in its table and the score in 2^-40."""

    frame: pd.DataFrame
    vacancy: np.ndarray[Any, np.dtype[np.int64]]
    units: np.ndarray[Any, np.dtype[np.int64]]

    def texts_and_arrays(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The parts as files: numbers as arrays, ids and sentences as JSON."""
        texts: dict[str, Any] = {"columns": list(self.frame.columns)}
        arrays: dict[str, Any] = {"vacancy": self.vacancy, "units": self.units}
        for name in self.frame.columns:
            if name == columns.VACANCY_ID:
                continue
            values = self.frame[name]
            if name == columns.CANDIDATE_ID or values.dtype == object:
                texts[f"column_{name}"] = values.tolist()
            else:
                arrays[f"column_{name}"] = values.to_numpy()
        return texts, arrays


class Blocks:
    """One run over blocks of candidates; iterate over it for the blocks that are not done yet.

    Parameters
    ----------
    engine : Matcher
    candidates, vacancies, exclude : tables
    by : {'vacancy', 'candidate'}
    top : int
        Length of each list.
    size : int
        Most rows of a block.
    explain : bool
        Add the column ``explanation``.
    folder : Path, optional
        Where checkpoints are kept; none where None.
    """

    def __init__(
        self,
        engine: Engine,
        candidates: Any,
        vacancies: Loaded[Vacancy],
        *,
        by: str,
        top: int,
        size: int,
        exclude: Any = None,
        explain: bool = False,
        folder: Path | None = None,
    ) -> None:
        if engine.reranker is not None and by == "vacancy":
            raise InputError("A second stage orders whole lists of vacancies: run without blocks, or without it.")
        self.by, self.top, self.size, self.explain = by, top, size, explain
        self._engine, self._candidates, self._vacancies, self._folder = engine, candidates, vacancies, folder
        self._pairs = tables.read_pairs(exclude) if exclude is not None else set()
        self._asked = engine.asked(vacancies.records)
        self._requests = self._asked.requests
        self._order = id_order([r.record.id for r in self._requests])
        self._tally = _Tally()
        self._kept: _Kept | None = None
        if folder is not None:
            self._take_up(folder)

    # ------------------------------------------------------------ the blocks

    def __iter__(self) -> Iterator[Block]:
        source = tables.read_candidate_blocks(
            self._candidates, self.size, today=self._engine.today, skip=self._tally.done
        )
        while self._take_next(source):
            self._note()
            yield self._block()

    @no_collector()
    def _take_next(self, source: Iterator[Loaded[Candidate]]) -> bool:
        """Read and rank a block, and keep of it what may stand in the ranking; False where there is none."""
        loaded = next(source, None)
        if loaded is None:
            return False
        scored = self._engine.scored(loaded.records, self._asked)
        ranked = scored.ranked(by=self.by, top=self.top, excluded=scored.positions(self._pairs))
        self._tally.add(loaded, scored, ranked)
        if self.by == "vacancy":
            self._kept = self._merged(scored, ranked)
            self._tally.ranked_pairs = len(self._kept.frame)
            self._tally.ranked_candidates = len(set(map(str, self._kept.frame[columns.CANDIDATE_ID])))
            self._tally.ranked_vacancies = set(self._kept.vacancy.tolist())
        else:
            self._kept = self._new(scored, ranked)
            self._tally.ranked_pairs += len(ranked.rows)
            self._tally.ranked_candidates += len(np.unique(ranked.rows))
            self._tally.ranked_vacancies.update(ranked.columns.tolist())
        return True

    def _new(self, scored: Scored, ranked: Ranked) -> _Kept:
        """The lists of the candidates of one block, in their order in the ranking."""
        at = np.lexsort((ranked.rank, scored.model.order_rows[ranked.rows]))
        frame = ranking_frame(scored, ranked, explain=self.explain)
        return _Kept(frame, ranked.columns[at], ranked.units[at])

    def _merged(self, scored: Scored, ranked: Ranked) -> _Kept:
        """The best of every vacancy among those kept and those of a block; the frame is made for the latter alone."""
        import pandas as pd

        old = self._kept
        ids = [] if old is None else old.frame[columns.CANDIDATE_ID].tolist()
        n_old = len(ids)
        ranked = self._hopeful(ranked)
        ids += [scored.profiles[i].record.id for i in ranked.rows.tolist()]
        vacancy = np.concatenate([old.vacancy, ranked.columns]) if old else ranked.columns
        units = np.concatenate([old.units, ranked.units]) if old else ranked.units
        order = _in_order(ids, units, self._order[vacancy])
        place = places(vacancy[order])
        order, place = order[place <= self.top], place[place <= self.top]
        chosen = order[order >= n_old] - n_old
        fresh = replace(ranked.taking(chosen), rank=place[order >= n_old])
        frame = ranking_frame(scored, fresh, explain=self.explain)
        if old is not None:
            # the new rows are in order already, so each finds its place by counting
            at = np.empty(len(order), dtype=np.int64)
            at[order < n_old] = order[order < n_old]
            at[order >= n_old] = n_old + np.arange(len(chosen))
            both = [old.frame.astype({columns.CANDIDATE_ID: object}), frame.astype({columns.CANDIDATE_ID: object})]
            frame = pd.concat([f for f in both if len(f)] or both[:1], ignore_index=True)
            at = at if len(old.frame) else at - n_old
            frame = frame.iloc[at].reset_index(drop=True)
            frame[columns.CANDIDATE_ID] = id_series(frame[columns.CANDIDATE_ID].tolist())
            frame[columns.VACANCY_ID] = id_series([self._requests[j].record.id for j in vacancy[order]])
        frame["rank"] = place
        return _Kept(frame, vacancy[order], units[order])

    def _hopeful(self, ranked: Ranked) -> Ranked:
        """Pairs of a block that score no less than the last of a list that is full."""
        least = np.full(len(self._requests), -1, dtype=np.int64)
        if self._kept is not None:
            full = places(self._kept.vacancy) == self.top
            least[self._kept.vacancy[full]] = self._kept.units[full]
        return ranked.taking(ranked.units >= least[ranked.columns])

    def _block(self) -> Block:
        assert self._kept is not None
        return Block(self._tally.done, self._kept.frame, self.quarantine, self.insufficient, self.summary)

    @property
    def quarantine(self) -> pd.DataFrame:
        """Rows left out so far."""
        return plain_frame([*self._vacancies.quarantine, *self._tally.quarantine], columns.QUARANTINE)

    @property
    def insufficient(self) -> pd.DataFrame:
        """Candidates and vacancies of which nothing is known, so far."""
        rows = [{"table": "candidates", "id": i} for i in self._tally.insufficient]
        rows += [{"table": "vacancies", "id": r.record.id} for r in self._requests if r.is_empty]
        return plain_frame(rows, ("table", "id"))

    @property
    def summary(self) -> Summary:
        """Counts so far."""
        t = self._tally
        empty = sum(r.is_empty for r in self._requests)
        return Summary(
            by=self.by,
            candidates=t.candidates.count(t.ranked_candidates),
            vacancies=Account().add(self._vacancies, empty).count(len(t.ranked_vacancies)),
            pairs=t.pairs,
            scored=t.pairs - t.excluded - sum(t.refused.values()),
            excluded=t.excluded,
            refused=dict(t.refused),
            ranked_pairs=t.ranked_pairs,
        )

    @property
    def n_done(self) -> int:
        """Rows of candidates done."""
        return self._tally.candidates.rows

    # ------------------------------------------------------------ checkpoints

    def _note(self) -> None:
        """Write what is needed to go on after this block; the one before is dropped when this one stands."""
        if self._folder is None or self._kept is None:
            return
        texts, arrays = self._kept.texts_and_arrays()
        if self.by == "candidate":
            _write(_part(self._folder, self._tally.done), texts, arrays)
            texts, arrays = {}, {}
        _write(_state(self._folder, self._tally.done), {**texts, "tally": self._tally.to_json()}, arrays)
        shutil.rmtree(_state(self._folder, self._tally.done - 1), ignore_errors=True)

    def _take_up(self, folder: Path) -> None:
        """Go on from the last checkpoint that is whole."""
        for state in sorted(folder.glob("state-*"), reverse=True):
            with suppress(StoreError):  # a damaged one is as good as none: its block is done again
                _, texts, arrays = store.read(state, KIND)
                self._tally = _Tally.from_json(texts["tally"])
                self._kept = self._unpacked(texts, arrays) if self.by == "vacancy" else None
                return

    def _unpacked(self, texts: Mapping[str, Any], arrays: Mapping[str, Any]) -> _Kept:
        vacancy = np.asarray(arrays["vacancy"])
        return _Kept(self._frame(texts, arrays, vacancy), vacancy, np.asarray(arrays["units"]))

    def _frame(self, texts: Mapping[str, Any], arrays: Mapping[str, Any], vacancy: Any) -> pd.DataFrame:
        import pandas as pd

        cells: dict[str, Any] = {}
        for name in texts["columns"]:
            key = f"column_{name}"
            if name == columns.VACANCY_ID:
                cells[name] = id_series([self._requests[j].record.id for j in vacancy])
            elif name == columns.CANDIDATE_ID:
                cells[name] = id_series(texts[key])
            elif key in texts:
                cells[name] = pd.Series(texts[key], dtype=object)
            else:
                cells[name] = arrays[key]
        return pd.DataFrame(cells)

    def whole(self) -> Iterator[pd.DataFrame]:
        """The ranking in pieces, when all blocks are done: by candidate the parts are merged in the order of the ids."""
        if self.by == "vacancy":
            assert self._kept is not None
            yield self._kept.frame
            return
        assert self._folder is not None
        parts = [store.read(_part(self._folder, n), KIND, mapped=True) for n in range(1, self._tally.done + 1)]
        ids = [i for _, texts, _ in parts for i in texts[f"column_{columns.CANDIDATE_ID}"]]
        part = np.repeat(np.arange(len(parts)), [len(arrays["vacancy"]) for _, _, arrays in parts])
        begins = np.cumsum([0, *(len(arrays["vacancy"]) for _, _, arrays in parts)])
        order = np.argsort(id_order(ids))
        kinds = id_series(ids).dtype
        for low in range(0, max(len(order), 1), _WRITTEN_AT_A_TIME):
            piece = order[low : low + _WRITTEN_AT_A_TIME]
            yield self._piece(parts, part[piece], piece - begins[part[piece]]).astype({columns.CANDIDATE_ID: kinds})

    def _piece(self, parts: Sequence[Any], part: Any, row: Any) -> pd.DataFrame:
        """Rows of several parts in one order."""
        import pandas as pd

        frames, places = [], []
        for n in np.unique(part):
            at = np.flatnonzero(part == n)
            _, texts, arrays = parts[n]
            own = {k: [v[i] for i in row[at]] if k != "columns" else v for k, v in texts.items()}
            numbers = {k: np.asarray(v[row[at]]) for k, v in arrays.items()}
            frames.append(self._frame(own, numbers, numbers["vacancy"]).astype({columns.CANDIDATE_ID: object}))
            places.append(at)
        if not frames:
            _, texts, arrays = parts[0]
            return self._frame(texts, arrays, arrays["vacancy"])
        joined = pd.concat(frames, ignore_index=True)
        return joined.iloc[np.argsort(np.concatenate(places))].reset_index(drop=True)


def _in_order(
    ids: Sequence[Any], units: np.ndarray[Any, np.dtype[np.int64]], query: np.ndarray[Any, np.dtype[np.int64]]
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Order of rows by query, score down, then id; only ties need their ids compared."""
    order = np.lexsort((-units, query))
    ties = (np.diff(units[order]) == 0) & (np.diff(query[order]) == 0)
    tied = np.flatnonzero(np.concatenate([ties, [False]]) | np.concatenate([[False], ties])) if len(order) else order
    among = order[tied]
    order[tied] = among[np.lexsort((id_order([ids[i] for i in among.tolist()]), -units[among], query[among]))]
    return order


def begin(folder: Path, about: Mapping[str, Any], *, resume: bool) -> Mapping[str, Any]:
    """Open the folder of a run, and return what the run is about as it was told when it began.

    Raises
    ------
    InputError
        When another run, or one that was not to be resumed, was left there.
    """
    told = folder / "run.json"
    text = json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    about = json.loads(text)  # as it will be read back
    if told.is_file():
        try:
            before: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        except ValueError:
            raise InputError(f"{told} is damaged: delete {folder} and run again.") from None
        if not resume:
            raise InputError(f"{folder} holds a run that was not finished: add --resume to go on, or delete it.")
        other = sorted(k for k in {**before, **about} if k != "today" and before.get(k) != about.get(k))
        if other:
            raise InputError(
                f"{folder} holds another run ({', '.join(other)} differ): delete it, or give what it was begun with."
            )
        return before
    temporary = folder / ".run.json.part"
    if folder.exists() and any(path != temporary for path in folder.iterdir()):
        raise InputError(f"{folder} holds other files: checkpoints of this run need a folder of their own.")
    folder.mkdir(parents=True, exist_ok=True)
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(told)
    return about


def finish(folder: Path) -> None:
    """Drop the folder of a run; what it is about goes last, so that a kill leaves a run that can be resumed."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    shutil.rmtree(folder)


def _state(folder: Path, number: int) -> Path:
    return folder / f"state-{number:08d}"


def _write(target: Path, texts: Mapping[str, Any], arrays: Mapping[str, Any]) -> None:
    """Write a checkpoint, whatever a kill left in its place."""
    shutil.rmtree(target, ignore_errors=True)
    store.write(target, KIND, {}, texts, arrays)


def _part(folder: Path, number: int) -> Path:
    return folder / f"part-{number:08d}"
