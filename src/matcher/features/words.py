"""From the words of one text to keys and phrases: what each word means here, and which phrases they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from matcher.features import typed
from matcher.features.lexicon import ADJECTIVE, LATIN, NUMBER, Word, cut_words, is_met, repair_script, word_of
from matcher.features.meanings import AND, Hit, Key, Keys, Meaning
from matcher.features.names import called_by
from matcher.features.phrases import PhraseIndex
from matcher.features.repair import Repairer, switch_layout
from matcher.features.text import (
    END,
    SIGNS_APART,
    SOFT,
    Folded,
    Tokens,
    fold,
    is_plain,
    split_words,
    tokenize_folded,
)

_MOST_WORDS: Final = 2_000_000
_MOST_CHUNKS: Final = 1 << 16
_ON_LETTERS: Final = "[];'`,."
"""Signs that sit on keys of Russian letters."""
_LAYOUT_CHUNK: Final = re.compile(r"[a-z\[\];'`,.](?<!\S.)[a-z\[\];'`,.]{3,}(?!\S)")
"""Letters and such signs between spaces; it begins with what it looks for, so that most of a text is passed over."""
_MOST_PIECES: Final = 1 << 16
_LONGEST_PIECE: Final = 40
"""Characters of the longest piece worth remembering."""
_VERSIONED: Final = re.compile(r"([a-z]+)\d{1,2}$")


class Piece:
    """What stands between two spaces of a text, worked out once.

    Attributes
    ----------
    text : str
        The piece folded, and typed anew where it was typed on the other layout.
    words : tuple of str
    keys : tuple of Key
        Its words, and what is known of each; tuples of text are nothing for the collector of garbage to walk.
    seps : tuple of str
        What stands before, between and behind them.
    is_odd : bool
        Whether folding it takes more than a look at its letters one by one.
    """

    __slots__ = ("is_odd", "keys", "seps", "text", "words")

    def __init__(self, text: str, words: tuple[str, ...], seps: tuple[str, ...], is_odd: bool) -> None:
        self.text = text
        self.words = words
        self.keys: tuple[Key, ...] = ()
        self.seps = seps
        self.is_odd = is_odd


class WordReader:
    """Looks up the words of texts, each distinct one once; safe to share between threads.

    Parameters
    ----------
    index : PhraseIndex
        The phrases that words are looked up for; their words are what misspelt ones are mended to.
    kinds : sequence of frozenset of str
        Lemmas of each kind that the reader asks of a text: a bit of ``Key.kinds`` each, in this order.
    words : frozenset of str
        One more kind: words as they stand.
    """

    def __init__(
        self, index: PhraseIndex, kinds: Sequence[frozenset[str]] = (), words: frozenset[str] = frozenset()
    ) -> None:
        self.index = index
        self._kinds = kinds
        self._words = words
        self._cut_kind = 2 << len(kinds)
        """The kind of words that are cut before a dot."""
        self._chunks: dict[str, str] = {}
        self.repairer = Repairer(index.words)
        self._in_lists: dict[str, Key] = {}
        self._in_prose: dict[str, Key] = {}
        self._pieces_of_lists: dict[str, Piece] = {}
        self._pieces_of_prose: dict[str, Piece] = {}

    def read(self, texts: Sequence[str], *, in_prose: bool) -> list[tuple[Tokens, Keys]]:
        """The words of each text, with lemma, exact form and part of speech; misspelt ones repaired.

        What stands between two spaces for the first time is worked out for all texts together.
        """
        known = self._in_prose if in_prose else self._in_lists
        pieces = self._pieces_of_prose if in_prose else self._pieces_of_lists
        rows = [text.split(" ") for text in texts]
        met: list[list[Key | Piece | None]] = [[known.get(raw) or pieces.get(raw) for raw in raws] for raws in rows]
        new = self._learn(
            [raw for i, raws in enumerate(rows) for k, raw in enumerate(raws) if met[i][k] is None], in_prose
        )
        return [self._read(text, rows[i], met[i], new, in_prose) for i, text in enumerate(texts)]

    def _learn(self, raws: list[str], in_prose: bool) -> dict[str, Key | Piece]:
        """What is met for the first time, worked out step by step for all of it."""
        pieces = self._pieces_of_prose if in_prose else self._pieces_of_lists
        new: dict[str, Key | Piece] = {}
        words: list[str] = []
        for raw in dict.fromkeys(raws):
            if is_plain(raw):
                words.append(raw)
            else:
                piece = new[raw] = self._cut(raw, in_prose)
                words += piece.words
        keys = dict(zip(words, self._keys(words, in_prose), strict=True)) if words else {}
        for raw, one in new.items():
            assert isinstance(one, Piece)
            one.keys = tuple([keys[word] for word in one.words])
            if len(raw) <= _LONGEST_PIECE:
                if len(pieces) >= _MOST_PIECES:
                    pieces.clear()
                pieces[raw] = one
        new.update(keys)
        return new

    def _read(
        self,
        text: str,
        raws: list[str],
        met: list[Key | Piece | None],
        new: dict[str, Key | Piece],
        in_prose: bool,
    ) -> tuple[Tokens, Keys]:
        """A text by what stands between its spaces."""
        tokens = Tokens(Folded(raws), text)
        rows: list[Key] = []
        at, sep = 0, ""
        for k, raw in enumerate(raws):
            one = met[k] or new[raw]
            if isinstance(one, Key):  # a plain word, as most are
                tokens.add(at, sep, raw)
                rows.append(one)
                at += len(raw) + 1
                sep = " "
                continue
            if one.is_odd:
                return self._read_slowly(text, in_prose)
            raws[k] = one.text
            for i, word in enumerate(one.words):
                at += len(one.seps[i])
                tokens.add(at, sep + one.seps[i], word)
                rows.append(one.keys[i])
                at += len(word)
                sep = ""
            last = one.seps[-1]
            at += len(last) + 1
            sep = sep + last + " " if sep or last else " "
        tokens.close(sep[:-1])
        return self._read_whole(tokens, rows)

    def _cut(self, raw: str, in_prose: bool) -> Piece:
        """What stands between two spaces, folded and cut into words."""
        folded = fold(raw)
        if folded.offsets is not None or raw.startswith(SIGNS_APART):
            return Piece(raw, (), ("",), True)
        low = folded.text if in_prose else self.unswitch(folded).text
        words, seps = split_words(low)
        return Piece(low, tuple(words), tuple(seps), False)

    def _read_slowly(self, text: str, in_prose: bool) -> tuple[Tokens, Keys]:
        """The same for a text with characters that are taken away or made one."""
        folded = fold(text) if in_prose else self.unswitch(fold(text))
        tokens = tokenize_folded(folded, text)
        return self._read_whole(tokens, self._keys(tokens.words, in_prose))

    def _keys(self, words: Sequence[str], in_prose: bool) -> list[Key]:
        known = self._in_prose if in_prose else self._in_lists
        keys = [known.get(word) for word in words]
        made: dict[str, Key] = {}
        if None in keys:
            made = self._look_up([word for word, key in zip(words, keys, strict=True) if key is None], in_prose)
            if len(known) >= _MOST_WORDS:
                known.clear()
            known.update(made)
        return [key if key is not None else made[word] for word, key in zip(words, keys, strict=True)]

    def _read_whole(self, tokens: Tokens, rows: list[Key]) -> tuple[Tokens, Keys]:
        keys = Keys(rows)
        seps = tokens.seps
        if keys.kinds & self._cut_kind or seps[-1] == "." or any(seps[i] == "." for i in tokens.odd):
            self._join_dots(tokens, keys)
        return tokens, keys

    def unswitch(self, folded: Folded) -> Folded:
        """«xthnt;», «[hjvfnjuhfabz»: a word typed on the other layout whose letters sit on punctuation keys."""
        low = folded.text
        if not any(sign in low for sign in _ON_LETTERS):
            return folded
        if not any(_is_mixed(chunk) for chunk in _LAYOUT_CHUNK.findall(low)):
            return folded
        return Folded(_LAYOUT_CHUNK.sub(lambda m: self._switched(m[0]), low), folded.offsets)

    def _switched(self, chunk: str) -> str:
        found = self._chunks.get(chunk)
        if found is None:
            if len(self._chunks) >= _MOST_CHUNKS:
                self._chunks.clear()
            found = self._chunks[chunk] = self._switch(chunk)
        return found

    def _switch(self, chunk: str) -> str:
        for cut in (0, 1) if _is_mixed(chunk) else ():
            raw = chunk[: len(chunk) - cut]
            other = switch_layout(raw).replace("ё", "е")
            if len(other) >= 4 and other.isalpha() and (is_met(other) or other in self.index.words):
                return other + chunk[len(raw) :]
        return chunk

    def _look_up(self, words: list[str], in_prose: bool) -> dict[str, Key]:
        """What is known of some words that were not met before."""
        new = list(dict.fromkeys(words))
        scripts = [repair_script(raw) for raw in new]
        told = [word_of(raw, script) for raw, script in zip(new, scripts, strict=True)]
        meant = [self._meaning(raw, scripts[i], told[i], in_prose) for i, raw in enumerate(new)]
        return {raw: self._key(raw, scripts[i], *meant[i]) for i, raw in enumerate(new)}

    def _join_dots(self, tokens: Tokens, keys: Keys) -> None:
        """«Яндекс.Метрика» is one name, «мат. анализ» a cut word and its noun."""
        for i, sep in enumerate(tokens.seps[:-1]):
            if sep == "." and i and tokens.gaps[i] == END and keys.lemma[i - 1] in self.index.dotted:
                tokens.gaps[i] = SOFT
        cut = cut_words()
        for i, word in enumerate(tokens.words[:-1]):
            if word != "эл" and word not in cut:
                continue
            key, after = keys.rows[i], keys.rows[i + 1]
            if word == "эл" and (whole := f"электро{after.lemma}") in self.index.words:  # «эл. монтаж»
                start = self.index.start(whole, None)
                keys.replace(i, key.read_as(key.lemma, key.exact, key.pos, None, key.kinds))
                keys.replace(i + 1, after.read_as(whole, after.exact, after.pos, start, self._kinds_of(whole)))
            elif word in cut and tokens.seps[i + 1].startswith("."):
                start = self.index.start(key.lemma, cut[word])
                keys.replace(i, key.read_as(key.lemma, cut[word], ADJECTIVE, start, key.kinds))

    def _key(self, raw: str, script: str, lemma: str, exact: str | None, pos: str, rule: str | None) -> Key:
        start = self.index.start(lemma, exact)
        facts, rules, kinds = typed.rules_of(raw), called_by(raw), self._kinds_of(lemma)
        if raw in self._words:
            kinds |= 1 << len(self._kinds)
        if raw in cut_words():
            kinds |= self._cut_kind
        joins = self.index.joins.get(script, "")
        return Key(lemma, exact, pos, script, rule, start, facts, rules, kinds, joins, raw in AND)

    def _kinds_of(self, lemma: str) -> int:
        return sum(1 << i for i, lemmas in enumerate(self._kinds) if lemma in lemmas)

    def _meaning(self, raw: str, script: str, word: Word, in_prose: bool) -> tuple[str, str | None, str, str | None]:
        """Lemma, exact form where a phrase needs one, part of speech, and the rule that repaired a word."""
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


def _is_mixed(chunk: str) -> bool:
    """Whether a chunk has both letters and signs that sit on keys of letters."""
    return not chunk.isalpha() and any("a" <= c <= "z" for c in chunk)


def find_phrases(index: PhraseIndex, tokens: Tokens, keys: Keys) -> list[Hit]:
    """Leftmost-longest phrases, skills and cues together."""
    hits: list[Hit] = []
    gaps, rows = tokens.gaps, keys.rows
    n = len(rows)
    i = 0
    while i < n:
        start = rows[i].start
        i += 1
        if start is None:
            continue
        found = None
        if start.exact is not None or start.goes_on(keys, gaps, i - 1):
            found = index.longest(keys, gaps, i - 1, start)
        elif start.alone is not None:
            found = i, start.alone
        if start.is_prefix and i < n and gaps[i] == SOFT and rows[i].script[0] in rows[i - 1].joins:
            joined = _joined(index, tokens, keys, i - 1)
            if joined is not None and (found is None or joined[0] > found[0]):
                found = joined
        if found is not None and not cuts_a_word(tokens, i - 1, found[0]):
            hits.append(Hit(i - 1, found[0], found[1]))
            i = found[0]
    return hits


def _joined(index: PhraseIndex, tokens: Tokens, keys: Keys, i: int) -> tuple[int, Meaning] | None:
    """«Sprut CAM», «КИП и А»: a one-word name typed in pieces."""
    whole = keys.rows[i].script
    for j in range(i + 1, min(i + 4, len(tokens.words))):
        if tokens.gaps[j] != SOFT:
            return None
        whole += keys.rows[j].script
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
