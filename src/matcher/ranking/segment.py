"""Candidates of a live index as arrays that know no vacancy: facts by name, terms by column, codes by kind.

A vacancy is met by them as it is met by ``criteria.build_parts``: the same integers from the same functions, so that an
index answers as a batch does. A segment is never changed; ``joining`` makes larger ones of several.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.features.encode import QUANTUM
from matcher.features.facts import Profile
from matcher.features.requests import Request
from matcher.ranking import kernel, loop
from matcher.ranking.asking import COSINE_CRITERIA, entries_of, thinness
from matcher.ranking.caps import ENOUGH
from matcher.ranking.coded import CRITERIA
from matcher.ranking.criteria import profile_rows
from matcher.ranking.degrees import level_factor, related, related_roles
from matcher.ranking.gates import RULES, Rule, World, codes_of
from matcher.ranking.meeting import Column, value_degree
from matcher.ranking.parts import likeness_degrees
from matcher.ranking.stated import VALUED, Named, Stated, stated
from matcher.ranking.topk import id_order, top
from matcher.ranking.units import DEGREE_ONE, SCORE_ONE, IntArray, to_degrees, to_weights
from matcher.ranking.worth import Statistics, request_bag
from matcher.records import Agreement
from matcher.settings import Settings
from matcher.taxonomy import Taxonomy

Array = npt.NDArray[Any]
MEMORY = 1 << 29
"""Bytes for the degrees that a segment remembers."""
FEWEST_SLOTS, MOST_SLOTS = 64, 4096
"""Requirements whose degrees are remembered by a segment, however large or small it is."""
_MOST_TABLES = 4096
"""Answers to what vacancies ask of coded facts that are remembered by a segment, one by one and together."""


@dataclass(frozen=True)
class Rules:
    """What scoring needs to know besides the two sides; one for all segments of an index."""

    statistics: Statistics
    settings: Settings
    taxonomy: Taxonomy
    agreements: tuple[Agreement, ...] = ()
    today: dt.date | None = None
    _near: dict[tuple[bool, str], Mapping[str, float]] = field(default_factory=dict, repr=False)

    @property
    def world(self) -> World:
        """The day at which dates are judged, and the agreements; an index may live longer than a day."""
        return World(self.today or dt.date.today(), self.agreements)

    def near(self, criterion: str, name: str) -> Mapping[str, float]:
        """What one skill or role counts as."""
        asked = criterion == "role", name
        if asked not in self._near:
            find = related_roles if asked[0] else related
            self._near[asked] = find(self.taxonomy, name, self.settings.relations)
        return self._near[asked]


@dataclass(frozen=True)
class Wanted:
    """One vacancy as its weights: of requirement columns, of likenesses with their terms, of coded criteria."""

    request: Request
    columns: Mapping[tuple[str, Column], int]
    single: Mapping[str, int]
    terms: Mapping[str, tuple[Array, Array]]
    thin: int

    @classmethod
    def of(cls, request: Request, rules: Rules) -> Wanted:
        """The weights that ``build_parts`` gives the vacancy."""
        settings = rules.settings
        terms = {
            "profile": rules.statistics.profile.row(request_bag(request, settings, rules.taxonomy)),
            "title": rules.statistics.title.row(Counter(request.title_words)),
            "text": rules.statistics.text.row(Counter(request.words)),
        }
        filled = {n: np.array([len(columns) > 0]) for n, (columns, _) in terms.items()}
        coded = [c for c in CRITERIA if getattr(settings.weights, c.name) > 0]
        entries = entries_of(request, 0, filled, coded, rules.statistics, settings, rules.taxonomy)
        columns: dict[tuple[str, Column], int] = {}
        single: dict[str, int] = {}
        for (name, column, _), unit in zip(entries, to_weights([w for _, _, w in entries]).tolist(), strict=True):
            if column is None:
                single[name] = unit
            else:
                columns[name, column] = columns.get((name, column), 0) + unit
        return cls(request, columns, single, terms, int(thinness([request], settings)[0]))


@dataclass(frozen=True)
class Posted:
    """Facts of a criterion by name and level: who has them and how strong."""

    names: tuple[tuple[str, int | None], ...]
    starts: Array
    rows: Array
    strengths: Array
    denied: Mapping[str, Array]

    @classmethod
    def of(
        cls,
        names: tuple[tuple[str, int | None], ...],
        facts: Array,
        rows: Array,
        strengths: Array,
        denied: Mapping[str, Array],
    ) -> Posted:
        """Facts of rows in any order, each by the number of its name."""
        order = np.argsort(facts, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(facts, minlength=len(names)))]).astype(np.int64)
        return cls(names, starts, rows[order].astype(np.int32), strengths[order], denied)

    @classmethod
    def told(cls, named: Named) -> Posted:
        """Facts as profiles tell them."""
        denied = {name: np.array(rows, dtype=np.int64) for name, rows in named.denied.items()}
        return cls.of(named.names, named.facts, named.rows, named.strengths, denied)

    def at_places(self, place: Array) -> Posted:
        """The same facts where row i has become row ``place[i]``."""
        denied = {name: place[who] for name, who in self.denied.items()}
        return replace(self, rows=place[self.rows].astype(np.int32), denied=denied)

    @cached_property
    def speaking(self) -> dict[str, list[int]]:
        """Numbers of the facts that have a name."""
        out: dict[str, list[int]] = {}
        for number, (name, _) in enumerate(self.names):
            out.setdefault(name, []).append(number)
        return out


@dataclass(frozen=True)
class Coded:
    """Codes of the candidates and what each code stands for."""

    codes: Array
    keys: tuple[Any, ...]


@dataclass(frozen=True)
class _Grouping:
    """Coded facts in groups of few combinations; vacancies ask of the same few sets of facts.

    ``codes`` of the candidates have a row for each group, whose table begins at ``ends`` among all ``n`` combinations;
    ``members`` says of each fact which of them are of its group, and its own code in each.
    """

    codes: Array
    ends: Array
    n: int
    members: Mapping[str, tuple[slice, Array]]
    is_one_door: bool

    @classmethod
    def of(cls, names: Sequence[str], codes: Sequence[Array], n: int) -> _Grouping:
        """Group facts by the codes that n candidates have."""
        found = kernel.combined(codes) or [([], np.zeros(n, dtype=np.uint16), np.zeros((1, 0), dtype=np.int64))]
        ends = np.cumsum([0, *(len(distinct) for _, _, distinct in found)])
        members = {
            names[member]: (slice(low, high), own)
            for (numbers, _, distinct), low, high in zip(found, ends[:-1].tolist(), ends[1:].tolist(), strict=True)
            for member, own in zip(numbers, distinct.T, strict=True)
        }
        with_doors = {here.start for name, (here, _) in members.items() if name.startswith("gate:")}
        return cls(np.stack([c for _, c, _ in found]), ends[:-1], int(ends[-1]), members, len(with_doors) < 2)


_CodedOf = tuple[_Grouping, Array, Array, Array]
"""Groups of coded facts, what each combination adds, and the stretches of candidates that are open."""


@dataclass(frozen=True)
class Segment:
    """Candidates of an index; see the module."""

    ids: tuple[Any, ...]
    records: tuple[Array, Array]
    named: Mapping[str, Posted]
    coded: Mapping[str, Coded]
    known: Mapping[str, Array]
    terms: Mapping[str, sparse.csr_matrix]
    usable: Array
    rules: Rules = field(repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(
        cls, profiles: Sequence[Profile], records: Sequence[bytes], rules: Rules, told: Stated | None = None
    ) -> Segment:
        """Encode profiles; ``records`` are what their owner wants back of each, ``told`` what was gathered of them."""
        settings, statistics = rules.settings, rules.statistics
        told = told or stated(profiles, settings)
        coded = {c.name: Coded(*_codes([c.left(p) for p in profiles])) for c in CRITERIA}
        coded |= {f"gate:{r.code}": Coded(*_codes([r.candidate(p.record) for p in profiles])) for r in RULES}
        coded |= {n: Coded(v.codes, v.keys) for n, v in told.valued.items()}
        return cls(
            ids=tuple(p.record.id for p in profiles),
            records=in_one(records),
            named={n: Posted.told(found) for n, found in told.named.items()},
            coded=coded,
            known={n: f.known for n, f in told.named.items()} | {n: f.known for n, f in told.valued.items()},
            terms=profile_rows(profiles, told, statistics, settings, rules.taxonomy),
            usable=np.array([not p.is_empty for p in profiles], dtype=np.bool_),
            rules=rules,
        )

    def record(self, row: int) -> bytes:
        """What was kept of a candidate."""
        starts = self.records[1]
        return bytes(self._texts[starts.item(row) : starts.item(row + 1)])

    @cached_property
    def _texts(self) -> memoryview:
        return self.records[0].data

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays, those for the compiled loop and remembered degrees among them."""
        arrays = [*self.records, self.usable, *self.known.values(), *(c.codes for c in self.coded.values())]
        for p in self.named.values():
            arrays += [p.starts, p.rows, p.strengths, *p.denied.values()]
        for t in self.terms.values():
            arrays += [t.data, t.indices, t.indptr]
        dense_at, dense, more, *lists = self.stored
        remembered = more.nbytes // max(1, len(more)) * len(self._slots)
        return sum(a.nbytes for a in (*arrays, dense_at, dense, *lists)) + remembered

    # ------------------------------------------------------------ degrees

    def degrees(self, criterion: str, column: Column) -> Array:
        """How far every candidate meets a requirement, shape (n,), in 1/1024."""
        out = np.zeros(len(self), dtype=np.int16)
        if criterion in VALUED:
            by_key = [value_degree(have, column, self.rules.settings) for have in self.coded[criterion].keys]
            by_code: Array = to_degrees(by_key).astype(np.int16)
            return by_code[self.coded[criterion].codes]
        posted, rules = self.named[criterion], self.rules.settings.relations
        met = self._speaking(criterion, column.ids)
        if met:
            factors = [r * level_factor(posted.names[n][1], column.level, rules) for n, r in met.items()]
            raise_to = loop.compiled_raising() if loop.is_there() else raise_to_degrees
            raise_to(
                out, posted.starts, posted.rows, posted.strengths, np.array(list(met), dtype=np.int64),
                np.array(factors, dtype=np.float64),
            )  # fmt: skip
        if len(column.ids) == 1:
            (name,) = column.ids
            for denied in (name, *self.rules.taxonomy.ancestors.get(name, ())):
                if denied in posted.denied:
                    out[posted.denied[denied]] = 0
        return out

    def _speaking(self, criterion: str, ids: Sequence[str]) -> dict[int, float]:
        """Numbers of the facts that count as any of some ids, with the best relation."""
        out: dict[int, float] = {}
        for number, strength in ((n, s) for i in ids for n, s in self._inverse[criterion].get(i, ())):
            out[number] = max(strength, out.get(number, 0.0))
        return out

    @cached_property
    def _inverse(self) -> dict[str, dict[str, list[tuple[int, float]]]]:
        """Id -> the facts that count as it."""
        out: dict[str, dict[str, list[tuple[int, float]]]] = {}
        for criterion, posted in self.named.items():
            found = out[criterion] = {}
            for name, numbers in posted.speaking.items():
                for other, strength in self.rules.near(criterion, name).items():
                    found.setdefault(other, []).extend((n, strength) for n in numbers)
        return out

    # ------------------------------------------------------------ the best

    def tops(self, wanted: Wanted, k: int, removed: Array) -> tuple[IntArray, IntArray]:
        """The best ``k`` for a vacancy, best first, and their scores in 2^-40; ``removed`` rows are left out.

        The compiled kernel does it where it can; vacancies with dealbreakers, and processes without numba, take the
        plain road with the same result.
        """
        hidden = np.concatenate([self._unusable, removed]) if len(removed) else self._unusable
        has_caps = any(q.is_dealbreaker for q in wanted.request.requirements)
        if loop.is_there() and not has_caps and len(wanted.columns) <= self._n_slots:
            return self._compiled(wanted, min(k, len(self)), hidden)
        units = self._units(wanted)
        allowed = ~self._refused(wanted)
        allowed[hidden] = False
        best = top(units, self._order, allowed, k)
        return best, units[best]

    def _units(self, wanted: Wanted) -> IntArray:
        """Scores of all candidates, in 2^-40, as ``scoring.block_units`` gives them."""
        total = np.zeros(len(self), dtype=np.int64)
        for (name, column), unit in wanted.columns.items():
            total += self.degrees(name, column).astype(np.int64) * unit
        for name, asked, unit in self._facts(wanted):
            total += self._table(name, asked)[self._codes_of(name)] * unit
        for name in COSINE_CRITERIA:
            if wanted.single.get(name):
                columns, values = wanted.terms[name]
                row = np.zeros(self.terms[name].shape[1], dtype=np.int64)
                row[columns] = values
                total += self._likeness[np.minimum(self.terms[name] @ row // QUANTUM, QUANTUM)] * wanted.single[name]
        total *= wanted.thin
        limit = round(self.rules.settings.scoring.dealbreaker * SCORE_ONE)
        if limit < SCORE_ONE:
            total = np.where(self._capped(wanted), np.minimum(total, limit), total)
        return total

    def _capped(self, wanted: Wanted) -> Array:
        """Who is known to lack a dealbreaker."""
        out = np.zeros(len(self), dtype=np.bool_)
        for q in wanted.request.requirements:
            column = q.criterion, Column.of(q)
            if q.is_dealbreaker and column in wanted.columns:
                out |= self.known[q.criterion] & (self.degrees(*column) < ENOUGH)
        return out

    def _facts(self, wanted: Wanted) -> tuple[tuple[str, Any, int], ...]:
        """Coded facts with a weight: the name of their codes, what is asked of them, and the weight."""
        out = [(c.name, c.right(wanted.request), wanted.single[c.name]) for c in CRITERIA if wanted.single.get(c.name)]
        units: dict[str, int] = {}
        for (name, _), unit in wanted.columns.items():
            units[name] = units.get(name, 0) + unit
        unknown = self.rules.settings.unknown
        return *out, *((f"known:{n}", None, u) for n, u in units.items() if u and getattr(unknown, n, 0.0) > 0)

    def _doors(self, wanted: Wanted) -> tuple[tuple[str, Any], ...]:
        """Gates that the vacancy asks something of, by the name of their codes."""
        record, world = wanted.request.record, self.rules.world
        asked = ((name, rule.vacancy(record, world)) for name, rule in self._gates.items())
        return tuple(door for door in asked if door[1] is not None)

    @cached_property
    def _gates(self) -> dict[str, Rule]:
        flags = self.rules.settings.gates
        return {f"gate:{rule.code}": rule for rule in RULES if getattr(flags, rule.flag, True)}

    def _table(self, name: str, asked: Any) -> Array:
        """What a vacancy asks of coded facts, by code: their degrees, or whom a gate refuses."""
        out: Array = _remembered(self._tables, (name, asked), lambda: self._met(name, asked))
        return out

    def _met(self, name: str, asked: Any) -> Array:
        criterion = name.removeprefix("known:")
        neutral = getattr(self.rules.settings.unknown, criterion, 0.0)
        if name != criterion:  # of who is not known, and of who is: requirements tell of those
            return to_degrees([neutral, 0.0])
        keys = self.coded[name].keys
        if name in self._gates:
            return np.array([self._gates[name].test(key, asked) is True for key in keys], dtype=np.bool_)
        (degree,) = (c.degree for c in CRITERIA if c.name == name)
        met = [None if key is None else degree(key, asked) for key in keys]
        return to_degrees([neutral if m is None else m for m in met])

    def _refused(self, wanted: Wanted) -> Array:
        out = np.zeros(len(self), dtype=np.bool_)
        for name, asked in self._doors(wanted):
            out |= self._table(name, asked)[self._codes_of(name)]
        return out

    # ------------------------------------------------------------ the compiled road

    def lay_out(self, dense_at: Array, dense: Array, starts: Array, places: Array, held: Array) -> None:
        """Take terms by column as they were laid out before."""
        self.__dict__["stored"] = *kernel.with_room(dense_at, dense, self._n_slots), starts, places, held

    def _compiled(self, wanted: Wanted, k: int, hidden: IntArray) -> tuple[IntArray, IntArray]:
        weights = [wanted.single.get(name, 0) for name in COSINE_CRITERIA]
        grouping, gains, open_starts, opens = self._coded(wanted)
        units, entries = np.zeros((1, k), dtype=np.int64), np.full((1, k), -1, dtype=np.int64)
        found = np.zeros(1, dtype=np.int64)
        loop.compiled()(
            *self._row(wanted), self.stored, True, self._degree_tables, np.array(weights, dtype=np.int64)[:, None],
            np.array([sum(weights) * DEGREE_ONE]), grouping.codes, grouping.ends, grouping.is_one_door, gains,
            np.zeros(1, dtype=np.int64), np.array([wanted.thin]), True, open_starts, opens, np.array([0, len(hidden)]),
            hidden, self._order, units, entries, found,
        )  # fmt: skip
        return entries[0, : found[0]], units[0, : found[0]]

    def _row(self, wanted: Wanted) -> tuple[Array, Array, Array]:
        """Where each part of a vacancy begins, its columns and their weights."""
        met = [self._slot(asked) for asked in wanted.columns]
        columns, values = [np.array(met, dtype=np.int32)], [np.array(list(wanted.columns.values()), dtype=np.int32)]
        bounds, first = [0, len(met)], 0
        for name in COSINE_CRITERIA:
            if wanted.single.get(name):
                at, data = wanted.terms[name]
                columns.append(first + at)
                values.append(data)
                bounds.append(bounds[-1] + len(at))
            else:
                bounds.append(bounds[-1])
            first += self.terms[name].shape[1]
        return np.array([bounds]), np.concatenate(columns), np.concatenate(values)

    def _coded(self, wanted: Wanted) -> _CodedOf:
        """What coded facts and gates make of a vacancy; many ask the same of them."""
        asked = self._facts(wanted), self._doors(wanted)
        out: _CodedOf = _remembered(self._answers, asked, lambda: self._coded_of(*asked))
        return out

    def _coded_of(self, facts: Sequence[tuple[str, Any, int]], doors: Sequence[tuple[str, Any]]) -> _CodedOf:
        closed = {name: table for name, asked in doors if (table := self._table(name, asked)).any()}
        names = (*(name for name, _, _ in facts), *closed)
        if names not in self._groupings:
            self._groupings[names] = _Grouping.of(names, [self._codes_of(n) for n in names], len(self))
        grouping = self._groupings[names]
        gains = np.zeros(grouping.n, dtype=np.int32)
        for name, asked, unit in facts:
            here, own = grouping.members[name]
            gains[here] += self._table(name, asked)[own] * unit
        for name, refused in closed.items():
            here, own = grouping.members[name]
            gains[here][refused[own]] = loop.REFUSED
        telling = tuple(door for door in doors if door[0] in self._telling)
        return grouping, gains[None, :], *_remembered(self._tables, ("open", telling), lambda: self._open(telling))

    def _open(self, doors: Sequence[tuple[str, Any]]) -> tuple[Array, Array]:
        """Stretches of the candidates that no gate refuses whole."""
        firsts = self._stretches[:-1]
        is_open = np.ones((1, len(firsts)), dtype=np.bool_)
        for name, asked in doors if len(firsts) > 1 else ():
            is_open &= ~self._table(name, asked)[self._codes_of(name)[firsts]]
        return kernel.open_stretches(is_open, self._stretches)

    @cached_property
    def _kinds(self) -> tuple[Array, frozenset[str]]:
        """Kinds of the candidates by what gates look at, and the gates that tell them apart."""
        names = [name for name in self.coded if name.startswith("gate:")]
        kinds, chosen = kernel.kinds_of([self.coded[name].codes for name in names], len(self))
        return kinds, frozenset(names[i] for i in chosen)

    @cached_property
    def _telling(self) -> frozenset[str]:
        return self._kinds[1]

    @cached_property
    def _stretches(self) -> Array:
        return kernel.stretches(self._kinds[0])

    def side_by_side(self) -> Segment:
        """The same candidates with those side by side whom the same gates refuse; see ``kernel.kinds_of``."""
        order = np.argsort(self._kinds[0], kind="stable")
        place = np.empty(len(self), dtype=np.int64)
        place[order] = np.arange(len(self))
        return Segment(
            ids=tuple(self.ids[i] for i in order.tolist()),
            records=in_one([self.record(i) for i in order.tolist()]),
            named={n: p.at_places(place) for n, p in self.named.items()},
            coded={n: Coded(c.codes[order], c.keys) for n, c in self.coded.items()},
            known={n: known[order] for n, known in self.known.items()},
            terms={n: sparse.csr_matrix(t[order]) for n, t in self.terms.items()},
            usable=self.usable[order],
            rules=self.rules,
        )

    def _codes_of(self, name: str) -> Array:
        """Codes of a criterion, of a gate, or of who is known."""
        criterion = name.removeprefix("known:")
        return self.known[criterion].astype(np.int64) if name != criterion else self.coded[name].codes

    def _slot(self, asked: tuple[str, Column]) -> int:
        """Where the degrees of a requirement stand among the columns; they are worked out once and remembered."""
        slots = self._slots
        number = slots.get(asked)
        if number is None:
            number = len(slots) if len(slots) < self._n_slots else slots.popitem(last=False)[1]
            self.stored[2][number] = self.degrees(*asked)
            slots[asked] = number
        else:
            slots.move_to_end(asked)
        return self._n_terms + number

    @property
    def _n_slots(self) -> int:
        return min(MOST_SLOTS, max(FEWEST_SLOTS, MEMORY // (2 * max(1, len(self)))))

    @cached_property
    def _n_terms(self) -> int:
        return sum(t.shape[1] for t in self.terms.values())

    @cached_property
    def stored(self) -> kernel.Stored:
        """Terms by column, for the compiled loop, and room for the degrees of requirements."""
        return kernel.stored(sparse.csr_matrix(sparse.hstack([self.terms[n] for n in COSINE_CRITERIA])), self._n_slots)

    @cached_property
    def _slots(self) -> OrderedDict[tuple[str, Column], int]:
        return OrderedDict()

    @cached_property
    def _tables(self) -> dict[Any, Any]:
        return {}

    @cached_property
    def _answers(self) -> dict[Any, _CodedOf]:
        return {}

    @cached_property
    def _groupings(self) -> dict[tuple[str, ...], _Grouping]:
        return {}

    @cached_property
    def _unusable(self) -> IntArray:
        return np.flatnonzero(~self.usable)

    @cached_property
    def _likeness(self) -> IntArray:
        return likeness_degrees(self.rules.settings.scoring.text_power)

    @cached_property
    def _degree_tables(self) -> Array:
        return np.tile(self._likeness.astype(np.int16), (len(COSINE_CRITERIA), 1))

    @cached_property
    def _order(self) -> IntArray:
        return id_order(self.ids)


def _remembered(known: dict[Any, Any], asked: Any, find: Callable[[], Any]) -> Any:
    """What is known of something asked, found when it is asked first."""
    found = known.get(asked)
    if found is None:
        if len(known) >= _MOST_TABLES:
            known.clear()
        found = known[asked] = find()
    return found


def raise_to_degrees(out: Array, starts: Array, rows: Array, strengths: Array, facts: Array, factors: Array) -> None:
    """Raise the degrees of a column to those of some facts, each with its factor: the plain twin of the kernel's."""
    for fact, factor in zip(facts.tolist(), factors.tolist(), strict=True):
        here = slice(starts[fact], starts[fact + 1])
        np.maximum.at(out, rows[here], np.rint(factor * strengths[here] * DEGREE_ONE).astype(np.int16))


def in_one(records: Sequence[bytes]) -> tuple[Array, Array]:
    """Texts as one array of bytes, and where each begins."""
    starts = np.cumsum([0, *map(len, records)], dtype=np.int64)
    return np.frombuffer(b"".join(records), dtype=np.uint8), starts


def _codes(keys: Sequence[Any]) -> tuple[Array, tuple[Any, ...]]:
    codes, seen = codes_of(keys)
    return codes, tuple(seen)
