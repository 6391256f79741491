"""From the words of one text to keys and phrases: what each word means here, and which phrases they make."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain, islice

from matcher.features import typed
from matcher.features.lexicon import ADJECTIVE, LATIN, NUMBER, cut_words, repair_script, word_of
from matcher.features.phrases import STEPPED_OVER, Hit, Keys, Meaning, PhraseIndex, Start
from matcher.features.repair import Repairer, switch_layout
from matcher.features.text import END, SOFT, Folded, Tokens

_MOST_WORDS = 2_000_000
_LAYOUT_CHUNK = re.compile(r"(?<!\S)(?=[^\s]*[a-z])(?=[^\s]*[\[\];'`,.])[a-z\[\];'`,.]{4,}(?!\S)")
_VERSIONED = re.compile(r"([a-z]+)\d{1,2}$")

_Key = tuple[str, str | None, str, str, str | None, Start | None, int]
"""Lemma, exact form, part of speech, script, the rule that mended the word, what can begin with it, rules of facts."""


class _Known(dict[str, _Key]):
    """What is known of the words met so far; a new one is looked up."""

    def __init__(self, look_up: Callable[[str], _Key]) -> None:
        self.look_up = look_up

    def __missing__(self, word: str) -> _Key:
        if len(self) >= _MOST_WORDS:
            self.clear()
        found = self[word] = self.look_up(word)
        return found


class WordReader:
    """Looks up the words of texts, each distinct one once; safe to share between threads.

    Parameters
    ----------
    index : PhraseIndex
        The phrases that words are looked up for; their words are what misspelt ones are mended to.
    """

    def __init__(self, index: PhraseIndex) -> None:
        self.index = index
        self.repairer = Repairer(index.words)
        self._in_lists = _Known(lambda word: self._key(word, in_prose=False))
        self._in_prose = _Known(lambda word: self._key(word, in_prose=True))

    def unswitch(self, folded: Folded) -> Folded:
        """«xthnt;», «[hjvfnjuhfabz»: a word typed on the other layout whose letters sit on punctuation keys."""

        def switched(m: re.Match[str]) -> str:
            for cut in (0, 1):
                raw = m[0][: len(m[0]) - cut]
                other = switch_layout(raw).replace("ё", "е")
                if len(other) >= 4 and other.isalpha() and (word_of(other).known or other in self.index.words):
                    return other + m[0][len(raw) :]
            return m[0]

        if not _LAYOUT_CHUNK.search(folded.text):
            return folded
        return Folded(_LAYOUT_CHUNK.sub(switched, folded.text), folded.offsets)

    def look_up(self, tokens: Tokens, *, in_prose: bool) -> tuple[Keys, dict[int, str]]:
        """Lemma, exact form and part of speech of every word; misspelt words repaired."""
        known = self._in_prose if in_prose else self._in_lists
        lemma, exact, pos, script, rules, starts, facts = zip(*map(known.__getitem__, tokens.words), strict=True)
        keys = Keys(lemma, exact, "".join(pos), script, starts, facts)
        if "." in tokens.seps or not cut_words().keys().isdisjoint(tokens.words):
            self._join_dots(tokens, keys)
        return keys, {i: rule for i, rule in enumerate(rules) if rule} if any(rules) else {}

    def _join_dots(self, tokens: Tokens, keys: Keys) -> None:
        """«Яндекс.Метрика» is one name, «мат. анализ» a cut word and its noun."""
        for i, sep in enumerate(tokens.seps[:-1]):
            if sep == "." and i and tokens.gaps[i] == END and keys.lemma[i - 1] in self.index.dotted:
                tokens.gaps[i] = SOFT
        cut = cut_words()
        for i, word in enumerate(tokens.words[:-1]):
            if word == "эл" and f"электро{keys.lemma[i + 1]}" in self.index.words:  # «эл. монтаж»
                lemma, starts = list(keys.lemma), list(keys.starts)
                lemma[i + 1] = f"электро{lemma[i + 1]}"
                starts[i], starts[i + 1] = None, self.index.start(lemma[i + 1], None)
                keys.lemma, keys.starts = lemma, starts
            elif word in cut and tokens.seps[i + 1].startswith("."):
                exact, starts = list(keys.exact), list(keys.starts)
                exact[i], starts[i] = cut[word], self.index.start(keys.lemma[i], cut[word])
                keys.exact, keys.starts = exact, starts
                keys.pos = keys.pos[:i] + ADJECTIVE + keys.pos[i + 1 :]

    def _key(self, raw: str, in_prose: bool) -> _Key:
        script = repair_script(raw)
        lemma, exact, pos, rule = self._meaning(raw, script, in_prose)
        return lemma, exact, pos, script, rule, self.index.start(lemma, exact), typed.rules_of(raw)

    def _meaning(self, raw: str, script: str, in_prose: bool) -> tuple[str, str | None, str, str | None]:
        word = word_of(raw)
        exact = "=" + script
        exact_or_none = exact if exact in self.index.exact else None
        sure = word.known or word.pos == NUMBER or len(raw) < 3 or word.lemma in self.index.cue_words
        if sure or exact_or_none or word.lemma in self.index.words:
            return word.lemma, exact_or_none, word.pos, None
        name = _VERSIONED.match(raw)
        if name and name[1] in self.index.words and len(name[1]) > 2:  # «Java17»
            return name[1], None, LATIN, "version"
        fixed = self.repairer.repair(script, in_prose=in_prose)
        if fixed is None:
            return word.lemma, None, word.pos, None
        return fixed[0], None, word_of(fixed[0]).pos, fixed[1]


def find_phrases(index: PhraseIndex, tokens: Tokens, keys: Keys) -> list[Hit]:
    """Leftmost-longest phrases, skills and cues together."""
    hits: list[Hit] = []
    gaps, script = tokens.gaps, keys.script
    exact = keys.exact if any(keys.exact) else None
    done = 0
    after = zip(*(islice(chain(keys.lemma, "   "), n, None) for n in (1, 2, 3)), strict=False)
    for i, (start, pos, (one, two, three)) in enumerate(zip(keys.starts, keys.pos[1:] + " ", after, strict=False)):
        if start is None or i < done:
            continue
        nodes = start.nodes
        found = None
        # a phrase goes on by the next word, or by one behind what may be stepped over: a quick no for most
        if (
            one in nodes
            or (pos in STEPPED_OVER and (two in nodes or three in nodes))
            or start.exact is not None
            or (exact and not nodes.keys().isdisjoint(exact[i + 1 : i + 4]))
        ):
            found = index.longest(keys, gaps, i, start)
        elif start.alone is not None:
            found = i + 1, start.alone
        if start.is_prefix and gaps[i + 1 : i + 2] == [SOFT] and script[i] + script[i + 1][0] in index.prefixes:
            found = max(found, _joined(index, tokens, keys, i), key=_end)
        if found and not cuts_a_word(tokens, i, found[0]):
            done = found[0]
            hits.append(Hit(i, done, found[1]))
    return hits


def _end(found: tuple[int, Meaning] | None) -> int:
    return found[0] if found else 0


def _joined(index: PhraseIndex, tokens: Tokens, keys: Keys, i: int) -> tuple[int, Meaning] | None:
    """«Sprut CAM», «КИП и А»: a one-word name typed in pieces."""
    whole = keys.script[i]
    for j in range(i + 1, min(i + 4, len(tokens.words))):
        if tokens.gaps[j] != SOFT:
            return None
        whole += keys.script[j]
        if whole in index.joined:
            found = index.find_path([whole])
            if found:
                return j + 1, Meaning(found[1].forms)
        if whole not in index.prefixes:
            return None
    return None


def cuts_a_word(tokens: Tokens, start: int, end: int) -> bool:
    """«оценка бизнес|-требований», «историко|-культурный»: a phrase that ends inside a compound word."""
    if tokens.seps[end] != "-" or end >= len(tokens.words):
        return False
    if end - start < 2 and tokens.words[start][-1] != "о":
        return False
    return "а" <= tokens.words[end - 1][-1] <= "я" and "а" <= tokens.words[end][0] <= "я"
