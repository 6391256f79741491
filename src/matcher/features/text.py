"""Text to tokens: Unicode cleaning that keeps offsets, one token pattern, one lemma per distinct word.

Everything works on a *folded* string (lower case, ё as е, one kind of space, dash and quote) whose characters
stand one to one beside the original ones, or carry a map of offsets where something had to be removed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

# ---------------------------------------------------------------- folding

_SPACES: Final = "\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_QUOTES: Final = "«»„“”‟″`´‘’‚‛"
_BULLETS: Final = "•●▪▫■□◦‣∙·–►▶➢➤✓✔✅★☆*"
_GONE: Final = "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u0301\u0300"

_ONE_TO_ONE: Final = {
    **{ord(c): " " for c in _SPACES},
    **{c: " " for c in range(32) if c != 10},
    0x7F: " ",
    **{ord(c): "-" for c in _DASHES},
    **{ord(c): '"' for c in _QUOTES},
    **{ord(c): "•" for c in _BULLETS if c not in _DASHES},
    0x2028: "\n",
    0x2029: "\n",
    **{0xFF01 + i: chr(0x21 + i).lower() for i in range(94)},
}
_RARE: Final = re.compile("[" + re.escape("".join(map(chr, _ONE_TO_ONE))) + f"{chr(0xD800)}-{chr(0xDFFF)}]")
_SLOW: Final = re.compile("[" + _GONE + "\u0306\u0308]")
_ODD: Final = re.compile(f"{_SLOW.pattern[:-1]}{_RARE.pattern[1:]}")
_APART: Final = re.compile(r"(?<![^\W_])[cс] (?=\+\+|#)", re.IGNORECASE)
"""«C ++», «C #»: a name whose signs stand apart."""
SIGNS_APART: Final[tuple[str, ...]] = ("++", "#")


class Folded:
    """A folded string and, where characters were removed, the original offset of each of its characters.

    Parameters
    ----------
    text : str or list of str
        The string, or what stands between its spaces: it is put together only where somebody asks for it.
    offsets : sequence of int, optional
    """

    __slots__ = ("_pieces", "_text", "offsets")

    def __init__(self, text: str | list[str], offsets: Sequence[int] | None = None) -> None:
        self._text: str | None = None
        self._pieces: list[str] = []
        if isinstance(text, str):
            self._text = text
        else:
            self._pieces = text
        self.offsets = offsets

    @property
    def text(self) -> str:
        """The folded string."""
        if self._text is None:
            self._text = " ".join(self._pieces)
        return self._text

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original string of a slice of the folded one."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1 if end > start else self.offsets[start]


def fold(text: str) -> Folded:
    r"""Lower-case, unify spaces, dashes, quotes and ё, and remove what nobody sees.

    >>> fold("Опыт\u00a0—\u00a0С++, Ёлка").text
    'опыт - с++, елка'
    >>> fold("про\u00adграмма").original(0, 9)
    (0, 10)
    """
    if (" ++" in text or " #" in text) and _APART.search(text):
        return _fold_slowly(text)
    low = text.lower()
    if len(low) != len(text):  # a few capitals have two-letter lower forms
        return _fold_slowly(text)
    plain = _without_common(low)
    if _ODD.search(plain):  # one look for both kinds, as most texts have neither
        if _SLOW.search(text):
            return _fold_slowly(text)
        plain = _without_rare(plain)
    return Folded(plain.replace("ё", "е"))


_COMMON: Final[tuple[tuple[str, str], ...]] = (
    ("\xa0", " "),
    ("\\n", "\n "),
    ("\\r", "  "),
    ("\\t", "  "),
    ("\u2013", "-"),
    ("\u2014", "-"),
    ("«", '"'),
    ("»", '"'),
    ("\r", " "),
    ("\t", " "),
    ("*", "•"),
    ("·", "•"),
)
"""What most texts hold: replaced one by one, which is quicker than the whole table."""


def _without_common(low: str) -> str:
    for a, b in _COMMON:  # a line break that was escaped twice on its way is one too
        low = low.replace(a, b)
    return low


def _without_rare(low: str) -> str:
    return _RARE.sub(lambda m: _ONE_TO_ONE.get(ord(m[0]), " "), low)


def _fold_slowly(text: str) -> Folded:
    out: list[str] = []
    offsets: list[int] = []
    gone = {m.end() - 1 for m in _APART.finditer(text)}
    for i, c in enumerate(text):
        if c in _GONE or i in gone:
            continue
        if unicodedata.combining(c) and out:  # й typed as и + breve
            whole = unicodedata.normalize("NFC", out[-1] + c)
            if len(whole) == 1:
                out[-1] = whole
            continue
        low = c.lower()
        out.append(low if len(low) == 1 else low[0])
        offsets.append(i)
    plain = _without_rare(_without_common("".join(out)))
    return Folded(plain.replace("ё", "е"), offsets)


# ---------------------------------------------------------------- tokens

# A word keeps ++ and # (C++, C#), a leading dot counts only in .NET; hyphens, slashes and dots are separators
# that phrases may cross, so that «web-дизайн», «CI/CD», «Node.js» match however they are joined.
_LETTERS_OF_A_WORD: Final = r"[a-zа-я0-9ѣіїєґўһәөүұқғңӣӯҷҳ]+(?:\+\+|\#)?"
_PLAIN_WORD: Final = re.compile(f"({_LETTERS_OF_A_WORD})")
_ONE_WORD: Final = re.compile(_LETTERS_OF_A_WORD)
_WORD: Final = re.compile(
    rf"({_LETTERS_OF_A_WORD}|\.(?:(?<=asp\.)|(?<=vb\.)|(?<=ado\.)|(?<![a-zа-я0-9]\.))net(?![a-zа-я0-9]))"
)
"""With «.net», which few texts have; without it the search is quicker."""

SOFT: Final = 0
COMMA: Final = 1
OPEN: Final = 2
CLOSE: Final = 3
COLON: Final = 4
DASH: Final = 5
END: Final = 6
"""What stands before a word: a phrase may cross SOFT only, a clause ends at COMMA, a sentence at END."""

_ABBREVIATED: Final = frozenset([
    "автом", "адм", "англ", "бух", "вед", "вент", "вер", "ветер", "вкл", "вод", "г", "гл", "гор", "гос", "гр",
    "д", "доп", "др", "желат", "зав", "зам", "им", "инж", "исп", "кат", "кит", "комм", "констр", "лаб", "лин",
    "м", "макс", "мат", "матер", "маш", "мед", "мет", "мех", "мин", "напр", "нач", "нем", "обл", "оборуд",
    "обяз", "орг", "осн", "п", "пр", "прогр", "произв", "пром", "проф", "р", "разр", "руб", "рук", "рф", "св",
    "сис", "сан", "сист", "см", "соц", "спец", "ср", "ст", "стат", "стом", "стр", "т", "тел", "тер", "тех", "техн",
    "труд", "тыс", "удост", "ул", "ун", "фарм", "физ", "фин", "фр", "хим", "хол", "экон", "эл", "электр", "юр",
    "яз",
])  # fmt: skip


_HEADS_ON: Final = {
    "если": frozenset(
        ["хорошо", "здорово", "круто", "отлично", "идеально", "плюс", "плюсом", "рады", "неплохо", "классно", "супер"]
    ),
    "но": frozenset(["необязательно", "обязательно"]),
}
"""Words that go on over a comma: «здорово, если вы знаете», «необязательно, но круто»."""


_gaps: Final[dict[str, int]] = {}
_MOST_GAPS: Final = 1 << 16


def gap_kind(sep: str) -> int:
    """Class of a separator, leaving the question of a dot after an abbreviation to the caller; worked out once."""
    known = _gaps.get(sep)
    if known is None:
        if len(_gaps) >= _MOST_GAPS:
            _gaps.clear()
        known = _gaps[sep] = _class_of(sep)
    return known


def _class_of(sep: str) -> int:
    if any(c in sep for c in "\n;!?•") or "..." in sep or "…" in sep:
        return END
    if ")" in sep or "]" in sep:
        return OPEN if "(" in sep else CLOSE
    if "(" in sep or "[" in sep:
        return OPEN
    if "." in sep:
        return END if sep.rstrip('"')[-1:] != "." else -1  # -1: a dot glued to the next word
    if "," in sep or "+" in sep or "|" in sep:
        return COMMA
    if ":" in sep:
        return COLON
    if " -" in sep or "- " in sep:
        return DASH
    return SOFT


class Tokens:
    """The words of one text, in parallel lists: word, separator before it, start, end, and the class of that gap.

    ``seps`` has one more, for what follows the last word; ``odd`` are the words with more than a space before them.
    """

    __slots__ = ("ends", "folded", "gaps", "odd", "original", "seps", "starts", "words")

    def __init__(self, folded: Folded, original: str) -> None:
        self.folded = folded
        self.original = original
        self.words: list[str] = []
        self.seps: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.gaps: list[int] = []
        self.odd: list[int] = []

    def add(self, at: int, sep: str, word: str) -> None:
        """Add a word that begins at an offset, and what stands before it."""
        if sep == " ":
            self.gaps.append(SOFT)
        else:
            self.gaps.append(gap_kind(sep))
            self.odd.append(len(self.words))
        self.seps.append(sep)
        self.words.append(word)
        self.starts.append(at)
        self.ends.append(at + len(word))

    def close(self, sep: str) -> None:
        """Add what stands behind the last word, and decide what the dots and commas mean."""
        self.seps.append(sep)
        _resolve_dots(self.words, self.seps, self.gaps, self.odd)
        _resolve_commas(self.words, self.seps, self.gaps, self.odd)
        if self.gaps:
            self.gaps[0] = END

    def __len__(self) -> int:
        return len(self.words)

    def is_capital(self, i: int) -> bool:
        """Whether the word begins with a capital letter in the original."""
        return self.original[self.folded.original(self.starts[i], self.ends[i])[0]].isupper()

    def slice(self, i: int, j: int) -> str:
        """The original text of words i..j (j excluded)."""
        a, b = self.folded.original(self.starts[i], self.ends[j - 1])
        return self.original[a:b]


def _resolve_dots(words: list[str], seps: list[str], gaps: list[int], odd: list[int]) -> None:
    """Decide for each dot whether it ends a sentence: «тех. процесс» does not, «Node.js» does not."""
    for i in odd:
        sep = seps[i]
        if not i or "." not in sep or "..." in sep:
            continue
        before = words[i - 1]
        if (sep == "." and before.isascii() and words[i].isascii()) or (
            sep.strip(' "') == "." and before in _ABBREVIATED
        ):
            gaps[i] = SOFT
        elif sep.replace(" ", "") == ".-" and before in _ABBREVIATED:  # «англ. — B1»
            gaps[i] = DASH
        elif gaps[i] == -1:
            gaps[i] = COMMA if "," in sep else END
        elif sep.strip(" ").startswith(".") and "," in sep and before in _ABBREVIATED:
            gaps[i] = COMMA


def _resolve_commas(words: list[str], seps: list[str], gaps: list[int], odd: list[int]) -> None:
    """Words that go on over a comma («здорово, если вы знаете»), and decimal commas («ВЛ 0,4 кВ»)."""
    for i in odd:
        sep = seps[i]
        if sep == ", ":
            if words[i] in _HEADS_ON and words[i - 1] in _HEADS_ON[words[i]]:
                gaps[i] = SOFT
        elif sep == "," and i and words[i - 1].isdigit() and words[i].isdigit():
            gaps[i] = SOFT


def tokenize(text: str) -> Tokens:
    """Split a text into words with their offsets and the class of the gap before each.

    >>> t = tokenize("Опыт на С++, ASP.NET и КОМПАС-3D. ГОСТ 2.105-95")
    >>> t.words
    ['опыт', 'на', 'с++', 'asp', '.net', 'и', 'компас', '3d', 'гост', '2', '105', '95']
    >>> t.slice(6, 8)
    'КОМПАС-3D'
    """
    return tokenize_folded(fold(text), text)


def tokenize_folded(folded: Folded, text: str) -> Tokens:
    """The same for a text that is folded already."""
    words, seps = split_words(folded.text)
    tokens = Tokens(folded, text)
    at = 0
    for i, word in enumerate(words):
        at += len(seps[i])
        tokens.add(at, seps[i], word)
        at += len(word)
    tokens.close(seps[-1])
    return tokens


def is_plain(piece: str) -> bool:
    """Whether what stands between two spaces is one word that folding leaves as it is."""
    return _ONE_WORD.fullmatch(piece) is not None


def split_words(low: str) -> tuple[list[str], list[str]]:
    """The words of a folded string, and what stands before, between and behind them."""
    parts = (_WORD if ".net" in low else _PLAIN_WORD).split(low)
    return parts[1::2], parts[0::2]
