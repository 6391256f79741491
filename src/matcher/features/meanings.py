"""What the words of a text may mean: forms and cues, the trie that leads to them, and what is known of each word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from matcher.features.lexicon import ADJECTIVE, NAME, NUMBER, PREPOSITION, says_something
from matcher.features.text import COLON, DASH, SOFT
from matcher.taxonomy import Alias, Skill

AND: Final = frozenset({"и", "или", "либо", "and", "or"})
"""Words that coordinate others."""


class Form:
    """An alias of a skill in the index; two are the same only if they are one."""

    __slots__ = ("alias", "joined", "level", "rules", "skill")

    def __init__(self, skill: Skill, alias: Alias, joined: bool = False) -> None:
        self.skill = skill
        self.alias = alias
        self.joined = joined
        self.level = -1
        """The level that it tells by itself, 0 where it tells none; below 0 where nobody asked ``mentions`` yet."""
        self.rules: dict[str | None, list[Any]] = {}
        """The rules that have to do with it, by context, filled and read by ``names.no_name``."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or phrase that says something about the skills around it (see ``resources/cues.csv``)."""

    kind: str
    value: str


class Meaning:
    """Everything that a phrase may mean, with what rules ask of it worked out once.

    Attributes
    ----------
    forms : tuple of Form
        Aliases of skills and roles.
    cues : tuple of Cue
        What the phrase says of the skills around it.
    names : tuple of str
        Ids of ``forms``.
    is_skill : bool
        Whether it names a skill or role in the first place.
    is_role, is_language : bool
        Whether one of its names is a role, a language.
    is_heading : bool
        Whether it does nothing but open a section.
    is_break : bool
        Whether a sentence begins with it even where the stop is missing.
    """

    __slots__ = ("cues", "forms", "is_break", "is_heading", "is_language", "is_role", "is_skill", "names")

    def __init__(self, payload: Sequence[Form | Cue]) -> None:
        self.forms = tuple(p for p in payload if isinstance(p, Form))
        self.cues = tuple(p for p in payload if isinstance(p, Cue))
        self.names = tuple(f.skill.id for f in self.forms)
        self.is_skill = bool(payload) and isinstance(payload[0], Form)
        self.is_role = any(f.skill.kind == "role" for f in self.forms)
        self.is_language = any(f.skill.kind == "language" for f in self.forms)
        self.is_heading = not self.forms and all(c.kind == "section" for c in self.cues)
        self.is_break = not self.is_skill and any(c.kind in {"head", "section"} for c in self.cues)


NOTHING: Final = Meaning(())


class Hit:
    """Words ``start..end`` (end excluded) of a text, and everything that they may mean."""

    __slots__ = ("end", "meaning", "start")

    def __init__(self, start: int, end: int, meaning: Meaning) -> None:
        self.start = start
        self.end = end
        self.meaning = meaning


_SIEVE: Final = 61


def sieved(key: str) -> int:
    """One bit of a word, to be compared before the word itself is looked for."""
    return 1 << hash(key) % _SIEVE


class Node:
    """A place in the trie: what ends there, and where each next word leads."""

    __slots__ = ("children", "has_exact", "meaning", "payload", "sieve")

    def __init__(self) -> None:
        self.sieve = 0
        """The :func:`sieved` keys of its children: a quick no for most words."""
        self.has_exact = False
        """Whether an exact form leads on from here."""
        self.children: dict[str, Node] = _NO_CHILDREN
        self.meaning: Meaning | None = None
        self.payload: list[Form | Cue] | None = None
        """What ``meaning`` is made of, while the index is built."""

    def child(self, key: str) -> Node:
        """The node that a word leads to, made where there is none."""
        if self.children is _NO_CHILDREN:
            self.children = {}
        found = self.children.get(key)
        if found is None:
            found = self.children[key] = Node()
            self.sieve |= sieved(key)
            self.has_exact = self.has_exact or key.startswith("=")
        return found


_NO_CHILDREN: Final[dict[str, Node]] = {}
"""Of most nodes: one for all, and never filled."""


class Start:
    """What can begin at a word.

    Attributes
    ----------
    node : Node or None
        The node of its lemma.
    exact : Node or None
        The node of its exact form.
    is_prefix : bool
        Whether it may be the first piece of a name typed in pieces.
    alone : Meaning or None
        What the word means where no phrase goes on from it.
    """

    __slots__ = ("alone", "exact", "is_prefix", "node")

    def __init__(self, node: Node | None, exact: Node | None, is_prefix: bool) -> None:
        self.node = node
        self.exact = exact
        self.is_prefix = is_prefix
        here = exact if exact is not None and exact.meaning is not None else node
        self.alone = here.meaning if here is not None else None

    def goes_on(self, keys: Keys, gaps: list[int], i: int) -> bool:
        """Whether a phrase may go on from word ``i``: by the next word, or by one behind what may be stepped over.

        A quick no for most.
        """
        node, rows = self.node, keys.rows
        n = len(rows)
        if node is None or not node.sieve or i + 1 >= n or not is_crossed(keys, gaps, i + 1):
            return False
        after = rows[i + 1]
        if after.follows(node):
            return True
        if after.is_passed and ((i + 2 < n and rows[i + 2].follows(node)) or (i + 3 < n and rows[i + 3].follows(node))):
            return True
        return (node.has_exact or keys.has_cuts) and any(
            (exact := rows[j].exact) is not None and exact in node.children for j in range(i + 1, min(i + 4, n))
        )


class Key:
    """What is known of a distinct word.

    Attributes
    ----------
    lemma : str
    exact : str or None
        The exact form where a phrase needs one.
    pos : str
        Part of speech, a letter.
    script : str
        The word with its look-alike letters repaired.
    mended : str or None
        The rule that repaired it; None for a word as it should be.
    start : Start or None
        None where no phrase begins with the word.
    facts : int
        Rules of typed facts that the word makes worth trying, see ``typed.rules_of``.
    rules : int
        Rules that drop names and wait for the word, see ``names.called_by``.
    kinds : int
        Kinds of words that the reader asks of a text, as bits; see :class:`words.WordReader`.
    joins : str
        Letters that the next word may begin with where this one is the first piece of a name typed in pieces.
    is_and, is_content, is_told, is_passed : bool
        Whether it coordinates others («и»); whether it is neither a name of a person nor a number; whether it says
        something besides; whether a phrase may step over it.
    """

    __slots__ = (
        "exact",
        "facts",
        "is_and",
        "is_content",
        "is_passed",
        "is_told",
        "joins",
        "kinds",
        "lemma",
        "mended",
        "pos",
        "rules",
        "script",
        "sieved",
        "start",
    )

    def __init__(
        self,
        lemma: str,
        exact: str | None,
        pos: str,
        script: str,
        mended: str | None,
        start: Start | None,
        facts: int = 0,
        rules: int = 0,
        kinds: int = 0,
        joins: str = "",
        is_and: bool = False,
    ) -> None:
        self.lemma = lemma
        self.exact = exact
        self.pos = pos
        self.script = script
        self.mended = mended
        self.start = start
        self.facts = facts
        self.rules = rules
        self.kinds = kinds
        self.joins = joins
        self.is_and = is_and
        self.is_content = pos not in (NAME, NUMBER)
        self.is_told = self.is_content and says_something(lemma)
        self.is_passed = pos in (PREPOSITION, ADJECTIVE)
        self.sieved = sieved(lemma)

    def follows(self, node: Node) -> bool:
        """Whether a phrase goes on from a node by the lemma of this word."""
        return node.sieve & self.sieved != 0 and self.lemma in node.children

    def read_as(self, lemma: str, exact: str | None, pos: str, start: Start | None, kinds: int) -> Key:
        """The same word read as another than it is elsewhere."""
        return Key(
            lemma, exact, pos, self.script, self.mended, start, self.facts, self.rules, kinds, self.joins, self.is_and
        )


class Keys:
    """What is known of each word of a text: its key, its lemma, and the parts of speech, a letter a word.

    ``rules``, ``kinds`` and ``facts`` are those of all its words; ``is_mended`` tells whether one was misspelt.
    """

    __slots__ = ("facts", "has_cuts", "is_mended", "kinds", "lemma", "pos", "rows", "rules")

    def __init__(self, rows: list[Key]) -> None:
        self.rows = rows
        self.has_cuts = False
        """Whether a word has in place of an exact form the lemma that it is cut from."""
        lemma: list[str] = []
        pos: list[str] = []
        rules = kinds = facts = 0
        is_mended = False
        for key in rows:
            lemma.append(key.lemma)
            pos.append(key.pos)
            rules |= key.rules
            kinds |= key.kinds
            facts |= key.facts
            if key.mended is not None:
                is_mended = True
        self.lemma = lemma
        self.pos = "".join(pos)
        self.rules = rules
        self.kinds = kinds
        self.facts = facts
        self.is_mended = is_mended

    def mended(self) -> dict[int, str]:
        """The rules that repaired misspelt words, by the places of these."""
        if not self.is_mended:
            return {}
        return {i: key.mended for i, key in enumerate(self.rows) if key.mended is not None}

    def replace(self, i: int, key: Key) -> None:
        """Read word ``i`` as another than it is elsewhere."""
        self.has_cuts = True
        self.rows[i] = key
        self.lemma[i] = key.lemma
        self.kinds |= key.kinds
        self.pos = self.pos[:i] + key.pos + self.pos[i + 1 :]


def is_crossed(keys: Keys, gaps: list[int], j: int) -> bool:
    """Whether a phrase may cross the gap before word ``j``: «1С: Бухгалтерия», but not «Лаборант: ВЭЖХ»."""
    gap = gaps[j]
    return gap in (SOFT, DASH) or (gap == COLON and keys.lemma[j - 1][:1].isdigit())
