"""Settings: every number that decides a score, typed, checked and explained, a plain mapping away from a TOML file.

Each field carries its meaning and range; :meth:`matcher.Settings.to_toml` prints them as comments, and a file that names unknown
keys or wrong values is refused with all its faults told at once.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields, replace
from importlib import resources
from pathlib import Path
from typing import Any

from matcher.errors import SettingsError, nearest

PRESETS = ("student_internship", "college_trade", "it_junior")
"""Settings for the cases of the mission, see ``resources/presets``."""


def _number(default: float, low: float, high: float, doc: str) -> Any:
    return field(default=float(default), metadata={"low": low, "high": high, "doc": doc})


def _choice(default: str, options: tuple[str, ...], doc: str) -> Any:
    return field(default=default, metadata={"options": options, "doc": doc})


def _flag(default: bool, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True, slots=True)
class Weights:
    """Weight of each criterion; those a vacancy does not state are left out and the rest sum to one."""

    skills: float = _number(0.20, 0, 1000, "required and nice skills, permits and standards from the taxonomy")
    role: float = _number(
        0.28, 0, 1000, "wished role (or one implied by skills and programme) against the vacancy's role"
    )
    title: float = _number(0.10, 0, 1000, "words of the wished title against words of the vacancy's title")
    text: float = _number(0.22, 0, 1000, "all words of both sides, rare ones counting more")
    experience: float = _number(0.05, 0, 1000, "months of experience against the minimum")
    languages: float = _number(0.10, 0, 1000, "languages with their CEFR levels")
    licences: float = _number(0.05, 0, 1000, "driving categories, electrical group, разряд as ordered facts")
    education: float = _number(0.05, 0, 1000, "education level and programme against those asked for")
    place: float = _number(0.03, 0, 1000, "city, remote work and readiness to relocate")
    schedule: float = _number(0.02, 0, 1000, "hours a week and kind of schedule")
    dates: float = _number(0.02, 0, 1000, "availability against the start and end of the request")
    profile: float = _number(0.20, 0, 1000, "likeness of the whole skill profiles, broader skills included")
    salary: float = _number(0.0, 0, 1000, "wished salary against the one offered (off by default)")
    institution: float = _number(0.0, 0, 1000, "tie between company and institution as a soft bonus (off by default)")
    interests: float = _number(0.0, 0, 1000, "events the candidate took an interest in (off by default)")


@dataclass(frozen=True, slots=True)
class Tiers:
    """How much a requirement weighs within the skills of its vacancy."""

    must: float = _number(1.0, 0, 10, "asked for as a must, or listed in must_skills")
    mentioned: float = _number(0.6, 0, 10, "named in the text without must or nice")
    nice: float = _number(0.35, 0, 10, "called nice to have, or listed in nice_skills")
    title: float = _number(1.0, 0, 10, "named in the title")
    soft: float = _number(0.25, 0, 1, "factor for soft skills, which everybody claims")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a fact is worth by where it was read."""

    listed: float = _number(1.0, 0, 1, "listed among skills or in a typed column")
    title: float = _number(1.0, 0, 1, "named in the wished title")
    text: float = _number(0.9, 0, 1, "claimed in the text")
    implied: float = _number(0.75, 0, 1, "implied by a role or tool that is claimed")
    programme: float = _number(0.5, 0, 1, "typical for the education programme")
    inferred_role: float = _number(0.8, 0, 1, "role inferred from skills")
    programme_role: float = _number(0.9, 0, 1, "role that the education programme leads to")
    list_budget: float = _number(
        60, 1, 10000, "claims above this number, of list and texts, share the strength of so many"
    )


@dataclass(frozen=True, slots=True)
class Relations:
    """How far something near counts as the thing itself."""

    broader: float = _number(0.6, 0, 1, "a broader skill one step up; halves with each further step")
    kin: float = _number(1.0, 0, 1, "factor on the strength of kin")
    sibling_role: float = _number(0.7, 0, 1, "another role of the same family")
    level_unknown: float = _number(0.8, 0, 1, "level asked for, candidate's level unknown")
    level_short: float = _number(0.6, 0, 1, "one level short; its square for two short, and so on")


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neutral degree of a criterion of which nothing is known for the candidate."""

    experience: float = _number(0.5, 0, 1, "experience unknown")
    languages: float = _number(0.3, 0, 1, "no language known")
    licences: float = _number(0.2, 0, 1, "no licence, permit or grade known")
    education: float = _number(0.5, 0, 1, "education unknown")
    place: float = _number(0.6, 0, 1, "city unknown")
    schedule: float = _number(0.7, 0, 1, "hours and schedule unknown")
    dates: float = _number(0.7, 0, 1, "availability unknown")
    salary: float = _number(0.7, 0, 1, "wished salary unknown")


@dataclass(frozen=True, slots=True)
class Scoring:
    """Corrections of the sum."""

    thinness: float = _number(0.5, 0, 100, "m of c = I / (I + m): how strongly vague requests are pulled down")
    rarity: float = _number(1.0, 0, 4, "power of the rarity of a skill among vacancies in its weight")
    dealbreaker: float = _number(0.3, 0, 1, "highest score of one who is known to lack a dealbreaker of the request")
    text_power: float = _number(0.5, 0.1, 1, "degree of text = cosine to this power")


@dataclass(frozen=True, slots=True)
class Wishes:
    """The other direction: how well a vacancy meets what the candidate wishes for, and how both scores become one."""

    combine: str = _choice("off", ("off", "weighted", "harmonic"), "mean of the vacancy's score and the candidate's")
    share: float = _number(0.3, 0, 1, "share of the candidate's score in that mean")
    title: float = _number(0.25, 0, 1000, "words of the wished title in the vacancy's title")
    role: float = _number(0.25, 0, 1000, "wished role against the vacancy's role")
    place: float = _number(0.20, 0, 1000, "city, remote work and readiness to relocate")
    schedule: float = _number(0.15, 0, 1000, "hours a week and kind of schedule")
    dates: float = _number(0.05, 0, 1000, "availability against the start and end of the request")
    salary: float = _number(0.10, 0, 1000, "wished salary against the one offered")
    interests: float = _number(0.0, 0, 1000, "events the candidate took an interest in (off by default)")


@dataclass(frozen=True, slots=True)
class Calibration:
    """The probability that a score speaks for a fitting pair: 1 / (1 + exp(-(slope * score + intercept)))."""

    slope: float = _number(0.0, 0, 1000, "0 where nothing was learnt; `matcher tune` writes it")
    intercept: float = _number(0.0, -1000, 1000, "its companion")


@dataclass(frozen=True, slots=True)
class Rerank:
    """The second stage, where the engine has one."""

    first: float = _number(50, 1, 10000, "how many of each list it puts in order")


@dataclass(frozen=True, slots=True)
class Gates:
    """Hard rules outside the score; each refuses only on facts known from typed columns on both sides."""

    status: bool = _flag(True, "status asked for (student, graduate ...)")
    graduation: bool = _flag(True, "graduated within so many years")
    education: bool = _flag(True, "education level and programme group asked for in typed columns")
    agreement: bool = _flag(True, "partner agreement where the request is for partners only")
    minors: bool = _flag(True, "no minors on hazardous work (ТК РФ ст. 265)")
    dates: bool = _flag(True, "available from and to against start and end")
    licences: bool = _flag(True, "licences, groups and grades asked for in the typed column")
    place: bool = _flag(True, "place, only where the request says it is required")


@dataclass(frozen=True, slots=True)
class OwnTaxonomy:
    """Own files of skills, see `docs/reading.md`; a relative path is looked for beside the settings file."""

    files: tuple[str, ...] = field(
        default=(), metadata={"doc": "CSV files that extend or override the shipped taxonomy"}
    )
    base: bool = _flag(True, "keep the shipped taxonomy beneath the own files")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of an engine.

    Examples
    --------
    >>> Settings.from_mapping({"weights": {"skills": 0.5}}).weights.skills
    0.5
    """

    weights: Weights = field(default_factory=Weights)
    tiers: Tiers = field(default_factory=Tiers)
    evidence: Evidence = field(default_factory=Evidence)
    relations: Relations = field(default_factory=Relations)
    unknown: Unknown = field(default_factory=Unknown)
    scoring: Scoring = field(default_factory=Scoring)
    wishes: Wishes = field(default_factory=Wishes)
    calibration: Calibration = field(default_factory=Calibration)
    rerank: Rerank = field(default_factory=Rerank)
    gates: Gates = field(default_factory=Gates)
    taxonomy: OwnTaxonomy = field(default_factory=OwnTaxonomy)

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any], base: Settings | None = None) -> Settings:
        """Settings from a plain mapping of sections; what is not named is as in ``base``, or keeps its default.

        Raises
        ------
        SettingsError
            Naming every unknown key and every wrong value at once.
        """
        faults: list[str] = []
        base = base or cls()
        sections = {f.name: f for f in fields(cls)}
        built: dict[str, Any] = {}
        for name, values in raw.items():
            if name not in sections:
                faults.append(f"[{name}] is no section.{nearest(name, sections)}")
            elif not isinstance(values, Mapping):
                faults.append(f"[{name}] must be a table. Got {values!r}.")
            else:
                built[name] = _section(name, getattr(base, name), values, faults)
        settings = replace(base, **built)
        if not faults and not any(getattr(settings.weights, f.name) for f in fields(Weights)):
            faults.append("[weights] must hold at least one weight above 0.")
        if faults:
            raise SettingsError("Settings are wrong: " + " ".join(faults))
        return settings

    @classmethod
    def preset(cls, name: str) -> Settings:
        """The settings for a case of the mission: one of ``PRESETS``.

        Raises
        ------
        SettingsError
            When there is no such preset.

        Examples
        --------
        >>> Settings.preset("college_trade").weights.licences
        0.15
        """
        if name not in PRESETS:
            raise SettingsError(f"There is no preset {name!r}.{nearest(name, PRESETS)} Presets: {', '.join(PRESETS)}.")
        text = resources.files("matcher.resources").joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")
        return cls.from_mapping(tomllib.loads(text))

    @classmethod
    def load(cls, path: str | Path, base: Settings | None = None) -> Settings:
        """Settings from a TOML file; what it does not name is as in ``base``, or keeps its default."""
        try:
            with open(path, "rb") as f:
                raw = tomllib.load(f)
        except OSError as e:
            raise SettingsError(f"Cannot read the settings file {path}: {e.strerror}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
            raise SettingsError(f"The settings file {path} is not TOML: {e}.") from None
        settings = cls.from_mapping(raw, base)
        files = tuple(str(Path(path).parent / name) for name in settings.taxonomy.files)
        return replace(settings, taxonomy=replace(settings.taxonomy, files=files))

    def to_mapping(self) -> dict[str, dict[str, Any]]:
        """The settings as a plain mapping; ``from_mapping`` gives them back."""
        return asdict(self)

    @property
    def fingerprint(self) -> str:
        """A short digest that changes with any setting."""
        return hashlib.sha256(json.dumps(self.to_mapping(), sort_keys=True).encode()).hexdigest()[:16]

    def to_toml(self) -> str:
        """The settings as commented TOML."""
        lines = []
        for section in fields(self):
            values = getattr(self, section.name)
            doc = (type(values).__doc__ or "").strip()
            lines += [f"# {doc}", f"[{section.name}]"]
            for f in fields(values):
                value = getattr(values, f.name)
                shown = json.dumps(value, ensure_ascii=False) if isinstance(value, bool | tuple | str) else repr(value)
                lines.append(f"{f.name} = {shown}  # {f.metadata['doc']}{_range(f)}")
            lines.append("")
        return "\n".join(lines)


def _range(f: Field[Any]) -> str:
    if "options" in f.metadata:
        return f" [{', '.join(f.metadata['options'])}]"
    return f" [{f.metadata['low']:g}..{f.metadata['high']:g}]" if "low" in f.metadata else ""


def _section(name: str, default: Any, values: Mapping[str, Any], faults: list[str]) -> Any:
    known = {f.name: f for f in fields(default)}
    good: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            faults.append(f"[{name}] has no setting {key!r}.{nearest(key, known)}")
            continue
        f = known[key]
        if "low" not in f.metadata:
            fault = _take(value, f, good)
            if fault:
                faults.append(f"[{name}] {key} must be {fault}. Got {value!r}.")
            continue
        low, high = f.metadata["low"], f.metadata["high"]
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            faults.append(f"[{name}] {key} must be a number from {low:g} to {high:g}. Got {value!r}.")
        else:
            good[key] = float(value)
    return replace(default, **good)


def _take(value: Any, f: Field[Any], good: dict[str, Any]) -> str | None:
    """Keep a choice, a flag or a list of paths; what it must be, where it is none of them."""
    if "options" in f.metadata:
        good[f.name] = value
        return None if value in f.metadata["options"] else f"one of {', '.join(f.metadata['options'])}"
    if isinstance(f.default, bool):
        good[f.name] = value
        return None if isinstance(value, bool) else "true or false"
    is_list = isinstance(value, list | tuple) and all(isinstance(x, str) and x for x in value)
    good[f.name] = tuple(value) if is_list else ()
    return None if is_list else "a list of file names"
