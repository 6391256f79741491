"""Phrases over lemmas: one trie that finds skills, roles and cue words in a single walk.

An alias becomes a path of lemmas (of exact forms where it is marked ``=``); prepositions are left out of paths
and may be stepped over in texts, and so may one adjective («чтение рабочих чертежей»).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from matcher.features.lexicon import ADJECTIVE, PREPOSITION, is_known, repair_script, word_of
from matcher.features.meanings import Cue, Form, Keys, Meaning, Node, Start, is_crossed
from matcher.features.text import SOFT, tokenize
from matcher.taxonomy import Alias, Skill, Taxonomy, read_resource

_DENYING: Final = frozenset({"без", "кроме", "вместо", "против"})


@cache
def _verbs() -> dict[str, tuple[str, ...]]:
    """The verbs of each noun of action, as lemmas."""
    rows = read_resource("verbs.csv")
    return {word_of(r["noun"]).lemma: tuple(word_of(v).lemma for v in r["verbs"].split("|")) for r in rows}


class PhraseIndex:
    """All aliases of a taxonomy and all cues, as one trie.

    Parameters
    ----------
    taxonomy : Taxonomy
        Where the aliases come from.
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.root = Node()
        self._ends: list[Node] = []
        self.words: set[str] = set()
        self.exact: set[str] = set()
        self.joined: dict[str, str] = {}
        self.prefixes: set[str] = set()
        self.joins: dict[str, str] = {}
        """The letters that go on a piece of a joined name."""
        self.dotted: set[str] = set()
        """Words behind which a dot may join: «Яндекс.Метрика»."""
        self.cue_words: set[str] = set()
        self.actions: set[str] = set()
        """Words that govern the objects of work: «ремонт», «проверять»."""
        for skill in taxonomy.values():
            for alias in skill.aliases:
                self._add_alias(skill, alias)
        for row in read_resource("cues.csv"):
            if row["kind"] == "action":
                self.actions.add(word_of(row["phrase"]).lemma)
                continue
            path = [word_of(w).lemma for w in tokenize(row["phrase"]).words]
            self.cue_words.update(path)
            self._add(path, Cue(row["kind"], row["value"]), drop_prepositions=False)
        for name in self.joined:
            self.prefixes.update(name[:i] for i in range(2, len(name) + 1))
        for prefix in self.prefixes:
            self.joins[prefix[:-1]] = self.joins.get(prefix[:-1], "") + prefix[-1]
        for node in self._ends:
            node.meaning, node.payload = Meaning(node.payload or ()), None

    def _add_alias(self, skill: Skill, alias: Alias) -> None:
        tokens = tokenize(alias.text)
        words = tokens.words
        if not words:
            return
        self.dotted.update(word_of(w).lemma for w, sep in zip(words, tokens.seps[1:], strict=False) if sep == ".")
        form = Form(skill, alias)
        if alias.exact:
            path = ["=" + repair_script(w) for w in words]
            self.exact.update(path)
            self._add(path, form)
            return
        path = [word_of(w).lemma for w in words]
        self._add(path, form)
        if len(path) > 1:  # «ремонт двигателей» is also «ремонтирую двигатели»
            for verb in _verbs().get(path[0], ()):
                self._add([verb, *path[1:]], form)
        self.words.update(path)
        self._add_joined(words, path, Form(skill, alias, joined=True))

    def _add_joined(self, words: Sequence[str], path: Sequence[str], form: Form) -> None:
        """«АСУ ТП» is also found as «АСУТП», «SprutCAM» as «Sprut CAM»."""
        alias = form.alias
        if alias.ambiguous or alias.capitals or alias.governed or alias.weak:
            return
        if len(words) == 1:
            word = path[0]
            if len(word) >= 5 and not is_known(words[0]):
                self.joined[word] = word
            return
        whole = "".join(repair_script(w) for w in words)
        if len(whole) >= 4 and all(len(w) <= 4 or not is_known(w) for w in words) and not is_known(whole):
            self._add([whole], form)
            self.words.add(whole)

    def _add(self, path: Sequence[str], payload: Form | Cue, drop_prepositions: bool = True) -> None:
        if drop_prepositions and len(path) > 1:
            content = [
                p for i, p in enumerate(path) if i in (0, len(path) - 1) or word_of(p.lstrip("=")).pos != PREPOSITION
            ]
            path = content if len(content) > 1 else path  # «1 с» keeps its «с»
        node = self.root
        for key in path:
            node = node.child(key)
        if node.payload is None:
            node.payload = [payload]
            self._ends.append(node)
        elif payload not in node.payload:
            node.payload.append(payload)

    # ------------------------------------------------------------ finding

    def start(self, lemma: str, exact: str | None) -> Start | None:
        """What can begin at a word; None where nothing can."""
        nodes = self.root.children
        by_lemma, by_exact = nodes.get(lemma), nodes.get(exact) if exact else None
        is_prefix = lemma in self.prefixes
        if by_lemma is None and by_exact is None and not is_prefix:
            return None
        return Start(by_lemma, by_exact, is_prefix)

    def longest(self, keys: Keys, gaps: list[int], i: int, start: Start | None = None) -> tuple[int, Meaning] | None:
        """The longest phrase that begins at word i: its end and what ends there."""
        start = start or self.start(keys.lemma[i], keys.rows[i].exact)
        if start is None:
            return None
        best = self._walk(start.exact, keys, gaps, i + 1, True) if start.exact is not None else None
        found = self._walk(start.node, keys, gaps, i + 1, True) if start.node is not None else None
        return found if found and (best is None or found[0] > best[0]) else best

    def _walk(self, node: Node, keys: Keys, gaps: list[int], j: int, may_skip: bool) -> tuple[int, Meaning] | None:
        """What ends farthest from a node that word ``j`` may go on from."""
        if j < len(gaps) and node.sieve and is_crossed(keys, gaps, j):
            found = self._step(node, keys, gaps, j, may_skip)
            if gaps[j] == SOFT:
                if (
                    keys.pos[j] == PREPOSITION and keys.lemma[j] not in _DENYING
                ):  # «аналитик по рискам», not «аналитик ПО»
                    over = self._step_over(node, keys, gaps, j + 1, may_skip)
                    found = over if over and (found is None or over[0] > found[0]) else found
                elif found is None and may_skip and keys.pos[j] == ADJECTIVE and keys.pos[j - 1] != ADJECTIVE:
                    found = self._step_over(node, keys, gaps, j + 1, False)
            if found is not None:
                return found
        return None if node.meaning is None else (j, node.meaning)

    def _step(self, node: Node, keys: Keys, gaps: list[int], j: int, may_skip: bool) -> tuple[int, Meaning] | None:
        """Go on by word j, by its exact form first."""
        key = keys.rows[j]
        exact = key.exact
        if exact is not None and exact in node.children:
            found = self._walk(node.children[exact], keys, gaps, j + 1, may_skip)
            if found:
                return found
        child = node.children.get(key.lemma) if node.sieve & key.sieved else None
        return None if child is None else self._walk(child, keys, gaps, j + 1, may_skip)

    def _step_over(self, node: Node, keys: Keys, gaps: list[int], j: int, may_skip: bool) -> tuple[int, Meaning] | None:
        """Go on from the same node after a word that was stepped over; the next one must match."""
        if j >= len(gaps) or gaps[j] != SOFT:
            return None
        found = self._step(node, keys, gaps, j, may_skip)
        if found is None and may_skip and keys.pos[j] == ADJECTIVE:
            return self._step_over(node, keys, gaps, j + 1, False)
        return found

    def find_path(self, path: Sequence[str]) -> tuple[int, Meaning] | None:
        """The longest phrase along a made-up row of lemmas (used for coordinated ellipsis): its length and end."""
        nodes, n, length = self.root.children, 0, 0
        meaning: Meaning | None = None
        for key in path:
            node = nodes.get(key)
            if node is None:
                break
            nodes, n = node.children, n + 1
            if node.meaning is not None:
                length, meaning = n, node.meaning
        return None if meaning is None else (length, meaning)
