"""What is no name of a skill as it stands: part of another name, an address, a preposition, those next door.

Each rule looks at one phrase and the words beside it; they stand in ``NO_NAMES``. Those for vacancies alone, where the
company, its departments and its papers are spoken of, stand in ``others``.
"""

from __future__ import annotations

from typing import Final

from matcher.features.circumstances import CIRCUMSTANCES
from matcher.features.doings import NO_DOINGS
from matcher.features.found import Found, Rule
from matcher.features.meanings import Form
from matcher.features.others import NO_NAMES_OF_VACANCIES
from matcher.features.parts import NO_PARTS
from matcher.features.text import END, SOFT, Tokens

WITH: Final = frozenset({"с", "со", "для"})
_SCHOOLS: Final[tuple[str, ...]] = ("университет", "институт", "академи")
_OF_SPEECH: Final[tuple[str, ...]] = (
    "реч",
    "документ",
    "литератур",
    "терминолог",
    "граммат",
    "лексик",
    "письм",
    "и",
    "или",
    "язык",
    "перепис",
    "версии",
)
_ALSO_PREPOSITIONS: Final = frozenset({"по", "от", "то"})
_ON: Final = frozenset({"на", "язык", "языке", "языка", "и", "или", "знание", "знать", "знаю"})
_AT_WORK: Final = frozenset({"с", "со", "на", "в", "по", "за", "под", "над", "из"})
_PROGRAMMES: Final = frozenset(
    ["программа", "программы", "программе", "программу", "программой", "программах", "программами"]
)
_KNOWN: Final[tuple[str, ...]] = ("знани", "навык", "основ", "опыт", "област", "понимани", "принцип")
_FIELDS: Final[tuple[str, ...]] = ("физика", "техника", "троника", "матика", "трика", "гетика")
_KNOWN_WITHIN: Final = 5
_TESTS: Final[tuple[str, ...]] = ("тестир", "автотест", "testing", "qa")
_TESTED_WITHIN: Final = 4
_LED: Final[tuple[str, ...]] = (
    "команд", "групп", "отдел", "коллектив", "труд", "деятельност", "процесс", "рын", "подбор", "поиск",
    "наем", "наём", "найм", "обучени", "консульт", "поддержк", "управл", "организац", "контрол", "курирован", "координ",
)  # fmt: skip
_LED_WITHIN: Final = 2
_MANY: Final[tuple[str, ...]] = ("ов", "ев", "телей", "арей", "ами", "ями")
_THEIRS: Final = frozenset({"их", "его", "ее"})
_BEFORE_HIM: Final = frozenset({"в", "на", "о", "об", "при"})
_COMPANIES: Final = frozenset(["ооо", "оао", "зао", "пао", "llc", "gmbh"])
_STREETS: Final = frozenset(
    ["ул", "улица", "улице", "пр", "проспект", "проспекте", "пркт", "бульвар", "бул", "пер", "переулок", "пл", "площадь",
     "метро", "жк", "шоссе", "наб", "проезд"]
)  # fmt: skip


def no_name(tokens: Tokens, f: Found, context: str | None, called: int = -1) -> Rule | None:
    """The rule by which a phrase is no name of a skill; None where it is one.

    ``called`` are the rules that words of the text call for, see :func:`called_by`; all of them by default.
    """
    form = f.form
    if form is None:
        return None
    rules: list[Rule] | None = form.rules.get(context)
    if rules is None:
        rules = form.rules[context] = _rules_of(form, context)
    for rule in rules:
        if (not rule.bit or rule.bit & called) and rule.test(tokens, f):
            return rule
    return None


def _rules_of(form: Form, context: str | None) -> list[Rule]:
    own = NO_NAMES_OF_VACANCIES if context == "vacancy" else NO_PARTS if context == "skills" else ()
    return [rule for rule in (*NO_NAMES, *own) if rule.concerns(form)]


def is_glued(tokens: Tokens, start: int, end: int) -> bool:
    """«R&D», «Go-to-Market»: a short name grown together with its neighbour is another name."""
    before = tokens.seps[start] if start else " "
    after = tokens.seps[end] if end < len(tokens) else " "
    return before in {"&", "-", "_", "'"} or after in {"&", "-", "_", "'"}


def _is_lower(tokens: Tokens, f: Found) -> bool:
    """An abbreviation that counts in capitals only, typed otherwise."""
    return not tokens.slice(f.hit.start, f.hit.end).isupper()


def _is_short_and_glued(tokens: Tokens, f: Found) -> bool:
    """«разработка Go-to-Market»: a phrase that ends in two Latin letters of a longer name."""
    last = tokens.words[f.hit.end - 1]
    return len(last) <= 2 and last.isascii() and last.isalpha() and is_glued(tokens, f.hit.start, f.hit.end)


def _is_of_country(tokens: Tokens, f: Found) -> bool:
    """«английская школа», «немецкое качество»: an adjective that names no language."""
    word, i = tokens.words[f.hit.start], f.hit.end
    if i - f.hit.start > 1 or not word.endswith(("ая", "ой", "ую", "ое", "ие", "их", "ими")):
        return False
    return i < len(tokens) and tokens.gaps[i] == SOFT and not tokens.words[i].startswith(_OF_SPEECH)


def _is_company(tokens: Tokens, f: Found) -> bool:
    """«ООО "Вектор-Трейдинг"»: the name of a company."""
    i = f.hit.start
    return any(word in _COMPANIES for word in tokens.words[max(0, i - 2) : i])


def _is_of_school(tokens: Tokens, f: Found) -> bool:
    """«Институт стали и сплавов», «Университет машиностроения»: the name of a school goes on behind the noun."""
    i = f.hit.start - 1
    return i >= 0 and tokens.gaps[f.hit.start] == SOFT and tokens.words[i].startswith(_SCHOOLS)


def _is_of_latin_name(tokens: Tokens, f: Found) -> bool:
    """«SAS Marketing Automation»: a common English word between the capitals of another name."""
    i, j = f.hit.start, f.hit.end
    if j - i > 1 or not tokens.words[i].isascii() or not tokens.words[i].isalpha() or not tokens.is_capital(i):
        return False
    return all(
        0 <= k < len(tokens) and tokens.words[k].isascii() and tokens.words[k].isalpha() and tokens.is_capital(k)
        and tokens.seps[max(k, j)] == " "
        for k in (i - 1, j)
    )  # fmt: skip


def _is_counterpart(tokens: Tokens, f: Found) -> bool:
    """«работа с врачами», «инструкции для водителей»: those one works with or for."""
    i = f.hit.start
    return i > 0 and tokens.gaps[i] == SOFT and tokens.words[i - 1] in WITH


def _is_a_preposition(tokens: Tokens, f: Found) -> bool:
    """«опыт работы c системой», «разработка по договору»: a small letter before a Russian word is no C and no ПО."""
    end = f.hit.end
    if f.form is None or end >= len(tokens) or tokens.gaps[end] != SOFT:
        return False
    last = tokens.words[end - 1]
    if last in ("c", "с") and end - f.hit.start == 1 and end > 1 and not tokens.is_capital(end - 1):
        before = tokens.words[end - 2]
        return _is_russian(before) and before not in _ON and tokens.words[end] not in ("и", "или")
    if not _is_russian(tokens.words[end]):
        return False
    return last in _ALSO_PREPOSITIONS and f.form.alias.text[-2:].isupper() and not tokens.is_capital(end - 1)


def _is_russian(word: str) -> bool:
    return "а" <= word[0] <= "я"


def _is_an_address(tokens: Tokens, f: Found) -> bool:
    """«ул. Токарей», «пр-т Химиков», «м. Проспект Энергетиков»."""
    i = f.hit.start - 1
    if i < 0 or (tokens.words[i] not in _STREETS and (tokens.words[i] != "т" or not i or tokens.words[i - 1] != "пр")):
        return False
    return tokens.is_capital(i + 1)


def _is_of_link(tokens: Tokens, f: Found) -> bool:
    """«https://example.ru»: the beginning of a link is no protocol one knows."""
    end = f.hit.end
    return end < len(tokens) and tokens.seps[end].startswith("://")


def _is_in_charge(tokens: Tokens, f: Found) -> bool:
    """«ответственный за теплохозяйство»: a duty, no trait."""
    end = f.hit.end
    return end < len(tokens) and tokens.words[end] == "за" and tokens.words[end - 1].startswith("ответственн")


def _is_work_of(tokens: Tokens, f: Found) -> bool:
    """«обеспечивать работу технологического оборудования»: the thing works, nobody works on it."""
    rest = tokens.words[f.hit.start + 1 : f.hit.end]
    if not rest or not tokens.words[f.hit.start].startswith("работ"):
        return False
    if f.rule == "phrase":
        return rest[0] not in _AT_WORK
    return not _THEIRS.isdisjoint(rest)  # «о ходе работ и их результатах»


def _is_measure(tokens: Tokens, f: Found) -> bool:
    """«организация мероприятий по охране труда»: measures, no events."""
    end = f.hit.end
    return end < len(tokens) and tokens.words[end] == "по" and tokens.words[end - 1].startswith("мероприяти")


def _is_working(form: Form) -> bool:
    words = form.alias.text.lower().split()
    return words[0] == "работа" and len(words) > 2 and words[1] in _AT_WORK


def _is_a_pronoun(tokens: Tokens, f: Found) -> bool:
    """«в нём», «о нем»: no German."""
    i = f.hit.start
    return tokens.words[i] == "нем" and i > 0 and tokens.words[i - 1] in _BEFORE_HIM


def _is_programme(tokens: Tokens, f: Found) -> bool:
    """«программа "Эколог"»: a product by the name of those who use it."""
    i = f.hit.start
    return i > 0 and tokens.words[i - 1] in _PROGRAMMES


def _is_of_others(tokens: Tokens, f: Found) -> bool:
    """«команда разработчиков», «обучение водителей»: those one leads, teaches or looks for."""
    i = f.hit.start
    word = tokens.words[i]
    if word.isascii() or word.endswith(("ых", "их", "ыми", "ими")):  # «личными ассистентами»
        word = tokens.words[f.hit.end - 1]
    if not word.endswith(_MANY):
        return False
    for k in range(i - 1, max(-1, i - 1 - _LED_WITHIN), -1):
        if tokens.gaps[k + 1] != SOFT:
            return False
        if tokens.words[k].startswith(_LED):
            return True
    return False


def _is_field(tokens: Tokens, f: Found) -> bool:
    """«навыки электрики», «ремонт по сантехнике»: the field whose name sounds like its people."""
    i = f.hit.start
    word = tokens.words[i]
    if f.hit.end - i > 1 or not word.endswith(("ике", "икой", "ики", *_FIELDS)):
        return False
    if word.endswith(_FIELDS):
        return len(tokens) == 1  # «геофизика», but «ищем геофизика»
    near = tokens.words[max(0, i - _KNOWN_WITHIN) : i]
    return not word.endswith("ики") or any(w.startswith(_KNOWN) for w in near)


def _is_tested(tokens: Tokens, f: Found) -> bool:
    """«тестирование API и backend», «QA backend»: who tests it does not develop it."""
    i, end = f.hit.start, f.hit.end
    near = [k for k in range(max(0, i - _TESTED_WITHIN), i) if END not in tokens.gaps[k + 1 : i + 1]]
    if any(tokens.words[k].startswith(_TESTS) for k in near):
        return True
    return end < len(tokens) and tokens.gaps[end] == SOFT and tokens.words[end].startswith(("test", "тест"))


def _is_end(form: Form) -> bool:
    return form.alias.text.lower().replace("-", "") in {"backend", "frontend", "бэкенд", "бекенд", "бэкэнд", "фронтенд"}


def _is_role(form: Form) -> bool:
    return form.skill.kind == "role"


def _is_language(form: Form) -> bool:
    return form.skill.kind == "language"


NO_NAMES: Final[tuple[Rule, ...]] = (
    Rule(_is_lower, lambda form: form.alias.capitals),
    Rule(_is_short_and_glued, lambda form: form.joined or len(form.alias.text.split()[-1]) <= 2),
    Rule(_is_of_school, stems=_SCHOOLS),
    Rule(_is_company, words=_COMPANIES),
    Rule(_is_of_country, _is_language),
    Rule(_is_a_pronoun, _is_language),
    Rule(_is_of_latin_name, lambda form: form.alias.text.islower() and form.alias.text.isascii()),
    Rule(_is_counterpart, _is_role),
    Rule(_is_a_preposition, lambda form: len(form.alias.text) <= 2 or form.alias.text[-2:].isupper()),
    Rule(_is_in_charge, lambda form: "ответственн" in form.alias.text.lower()),
    Rule(_is_an_address, words=_STREETS | {"т"}),
    Rule(_is_of_link, lambda form: form.alias.text.lower().startswith("http")),
    Rule(_is_work_of, _is_working),
    Rule(_is_tested, _is_end),
    Rule(_is_programme, _is_role),
    Rule(_is_of_others, _is_role),
    Rule(_is_field, lambda form: _is_role(form) and form.alias.text.endswith("ик")),
    *NO_DOINGS,
    *CIRCUMSTANCES,
    Rule(_is_measure, lambda form: "мероприяти" in form.alias.text.lower()),
)
"""Rules that drop a phrase which, as it stands, is no name of a skill."""

_WAITING: Final = [rule for rule in (*NO_NAMES, *NO_NAMES_OF_VACANCIES, *NO_PARTS) if rule.words or rule.stems]
for _number, _rule in enumerate(_WAITING):
    _rule.bit = 1 << _number


def called_by(word: str) -> int:
    """Which rules wait for a word, as bits."""
    return sum(rule.bit for rule in _WAITING if word in rule.words or (rule.stems and word.startswith(rule.stems)))
