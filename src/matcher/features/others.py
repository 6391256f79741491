"""What belongs to others in a vacancy: departments and colleagues, papers about work that others do, what is sold.

In a profile «отдел продаж» is where one worked, so these rules hold for vacancies alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from matcher.features.found import Found, Rule
from matcher.features.meanings import Form
from matcher.features.text import COLON, COMMA, DASH, END, OPEN, SOFT, Tokens

_DEALING: Final[tuple[str, ...]] = (
    "взаимодейств", "сотруднич", "коммуник", "координац", "совместн", "связк", "встреч", "интервью", "собеседован",
    "созвон", "звон",
)  # fmt: skip
_DEALING_WITHIN: Final = 12
_WITH_THEM: Final = frozenset({"с", "со"})
_TURNS: Final = frozenset(
    {"по", "для", "при", "в", "о", "об", "через", "на", "опыт", "знание", "умение", "работа", "работы"}
)
_GOES_ON: Final = frozenset({"и", "или", "а", "для", "по", "при", "в", "на"})
_DEPARTMENTS: Final[tuple[str, ...]] = (
    "финанс", "бухгалтер", "hr", "ит", "it", "маркетинг", "логистик", "продаж", "закупк", "снабжени", "аналитик",
    "разработк", "тестирован", "qa", "devops", "backend", "back-end", "бэк", "frontend", "front-end", "фронт", "дизайн",
    "поддержк", "техподдержк", "pr", "ds", "dwh", "e-commerce", "баинг", "эксплуатац", "безопасност",
)  # fmt: skip
"""Names of departments, which are names of work too."""
_PAPERS: Final[tuple[str, ...]] = ("смет", "акт", "реестр", "тендер", "закупк", "стоимост")
_OF_PAPERS: Final = frozenset({"на", "по"})
_MANNERED: Final[tuple[str, ...]] = (
    "мониторинг", "поиск", "выявлени", "управлени", "контрол", "реагировани", "поддержк", "обслуживани", "обнаружени",
)  # fmt: skip
_DEVICES: Final[tuple[str, ...]] = ("смартфон", "планшет", "телефон", "айфон")
_DEVICE_WITHIN: Final = 8
_SEARCHED: Final = frozenset({"искали", "ищете"})
_SEARCHED_WITHIN: Final = 40
_BEHIND_WITHIN: Final = 6
_TERMS: Final[tuple[str, ...]] = ("оформлен", "трудоустр", "официальн", "соблюда", "договор", "отпуск", "больничн")
_PAY: Final[tuple[str, ...]] = ("вычет", "удержан", "уплат", "руб", "оклад", "до", "после", "рук")
_MEETINGS: Final[tuple[str, ...]] = ("встреч", "собеседовани", "интервью", "знакомств")
_OFFERED: Final[tuple[str, ...]] = (
    "возможн",
    "предоставл",
    "предусмотр",
    "бесплатн",
    "гарантир",
    "за",
    "внутри",
    "проводится",
    "оплачив",
)
_OF_WORK: Final[tuple[str, ...]] = ("технологическ", "учебн", "преподаваем", "финансов", "платежн", "профильн")
_CONFIGURED_WITHIN: Final = 10
_AT_AN_INTERVIEW: Final = frozenset(
    {"на", "после", "до", "перед", "при", "результатам", "итогам", "результату", "итогу"}
)
_UNITS: Final[tuple[str, ...]] = ("команд", "отдел", "департамент", "подразделени", "служб", "дирекци")


def _is_department(tokens: Tokens, f: Found) -> bool:
    """«с командами продаж, маркетинга и разработки»: those next door."""
    i = f.hit.start - 1
    while i > 0 and not tokens.words[i].startswith(_UNITS) and i > f.hit.start - 5:
        if tokens.gaps[i + 1] == COMMA or tokens.words[i] == "и":
            i -= 1
        else:
            return False
    return i >= 0 and tokens.gaps[i + 1] == SOFT and tokens.words[i].startswith(_UNITS)


def _is_next_door(tokens: Tokens, f: Found) -> bool:
    """«взаимодействие с финансами, продуктом и IT», «(бухгалтерия, HR)»: those one deals with, named by their work."""
    i, end = f.hit.start, f.hit.end
    if end < len(tokens) and tokens.gaps[end] == SOFT and tokens.words[end] not in _GOES_ON and tokens.seps[end] == " ":
        return False
    least = max(0, i - _DEALING_WITHIN)
    while i > least and tokens.gaps[i] in (SOFT, COMMA, OPEN):
        i -= 1
        word = tokens.words[i]
        if word.startswith(_DEALING):
            return not _WITH_THEM.isdisjoint(tokens.words[i + 1 : i + 4])
        if word in _TURNS:
            return False
    return False


def _is_department_name(form: Form) -> bool:
    return form.alias.text.lower().startswith(_DEPARTMENTS) and " " not in form.alias.text


def _is_unit(tokens: Tokens, f: Found) -> bool:
    """«ИТ-подразделения», «HR отдел»: the department is named behind its work."""
    end = f.hit.end
    return end < len(tokens) and tokens.gaps[end] == SOFT and tokens.words[end].startswith(_UNITS)


def _is_on_paper(tokens: Tokens, f: Found) -> bool:
    """«сметы на монтажные работы», «закупка услуг по техническому обслуживанию»: others do the work."""
    i = f.hit.start - 1
    if i < 1 or tokens.words[i] not in _OF_PAPERS or tokens.gaps[i + 1] != SOFT:
        return False
    near = range(i, max(0, i - 3), -1)
    return any(
        tokens.words[k - 1].startswith(_PAPERS) and not tokens.words[k - 1].startswith("актив")
        for k in near
        if all(tokens.gaps[n] == SOFT for n in range(k, i + 1))
    )


def _is_work(form: Form) -> bool:
    text = form.alias.text.lower()
    return text.endswith("работы") or text.startswith(("монтаж", "ремонт", "техническое обслуживание", "обслуживание"))


def _is_configuration(tokens: Tokens, f: Found) -> bool:
    """«1С 8.3 (Управление торговлей, Бухгалтерия)»: a configuration, no accounting."""
    i = f.hit.start
    least = max(0, i - _CONFIGURED_WITHIN)
    while i > least and tokens.gaps[i] in (SOFT, COMMA, OPEN, COLON):
        i -= 1
        if tokens.words[i] == "1с":
            return True
    return False


def _is_manner(tokens: Tokens, f: Found) -> bool:
    """«проактивный мониторинг»: how a thing is done, no trait."""
    end = f.hit.end
    return end < len(tokens) and tokens.gaps[end] == SOFT and tokens.words[end].startswith(_MANNERED)


def _is_device(tokens: Tokens, f: Found) -> bool:
    """«смартфон на базе Android»: what the worker carries."""
    i = f.hit.start
    return any(w.startswith(_DEVICES) for w in tokens.words[max(0, i - _DEVICE_WITHIN) : i])


def _is_offered(tokens: Tokens, f: Found) -> bool:
    """«обучение возможно», «обучение за счёт компании»: the worker is taught."""
    end = f.hit.end
    return end < len(tokens) and tokens.gaps[end] in (SOFT, DASH) and tokens.words[end].startswith(_OFFERED)


def _is_discipline(tokens: Tokens, f: Found) -> bool:
    """«смежных дисциплин», «технологическая дисциплина»: no trait."""
    i = f.hit.start
    word = tokens.words[f.hit.end - 1]
    is_many = word.endswith(("дисциплин", "дисциплинам", "дисциплинах", "дисциплинами"))
    if any(w.startswith(("нарушени", "нарушител")) for w in tokens.words[max(0, i - 2) : i]):
        return True
    return is_many or (i > 0 and tokens.gaps[i] == SOFT and tokens.words[i - 1].startswith(_OF_WORK))


def _is_searched(tokens: Tokens, f: Found) -> bool:
    """«вакансия также подойдёт, если вы искали: продавец, Озон»: other jobs, listed for those who search."""
    i = f.hit.start
    return not _SEARCHED.isdisjoint(tokens.words[max(0, i - _SEARCHED_WITHIN) : i])


def _is_searched_elsewhere(tokens: Tokens, f: Found) -> bool:
    """«если вы искали работу в: Озон, ПЭК»: firms, in the same sentence behind a colon."""
    i, least = f.hit.start, max(0, f.hit.start - _SEARCHED_WITHIN)
    has_colon = False
    while i > least and tokens.gaps[i] != END:
        has_colon = has_colon or tokens.gaps[i] == COLON
        i -= 1
        if tokens.words[i] in _SEARCHED:
            return has_colon
    return False


def _is_dealt_with(tokens: Tokens, f: Found) -> bool:
    """«ставить задачи программистам», «с дизайнерами, аналитиками»: many of them are no job of one."""
    return tokens.words[f.hit.start].endswith(("ами", "ями", "ам", "ям"))


def _is_behind(tokens: Tokens, f: Found, stems: tuple[str, ...], within: int = _BEHIND_WITHIN) -> bool:
    """Whether a word of some stems stands close before a name."""
    near = range(max(0, f.hit.start - within), f.hit.start)
    return any(tokens.words[k].startswith(stems) and END not in tokens.gaps[k + 1 : f.hit.start + 1] for k in near)


def _is_hired(tokens: Tokens, f: Found) -> bool:
    """«оформление по ТК РФ»: terms of the work."""
    return _is_behind(tokens, f, _TERMS)


def _is_pay(tokens: Tokens, f: Found) -> bool:
    """«до вычета НДФЛ»: what is paid."""
    return _is_behind(tokens, f, _PAY)


def _is_met_on(tokens: Tokens, f: Found) -> bool:
    """«собеседование в Zoom»: how one is hired."""
    return _is_behind(tokens, f, _MEETINGS)


def _is_own_interview(tokens: Tokens, f: Found) -> bool:
    """«оклад обсуждается на собеседовании с кандидатом»: the reader's own."""
    i = f.hit.start
    return i > 0 and tokens.gaps[i] == SOFT and tokens.words[i - 1] in _AT_AN_INTERVIEW


def _is_interview(form: Form) -> bool:
    return form.alias.text.lower().startswith("собеседовани")


def _is_of_market(tokens: Tokens, f: Found) -> bool:
    """«технологическое лидерство», «лидерство компании»: no trait."""
    i, end = f.hit.start, f.hit.end
    is_theirs = end < len(tokens) and tokens.words[end].startswith(("компани", "стран", "на", "росси"))
    return is_theirs or (i > 0 and tokens.words[i - 1].startswith(("технологич", "рыночн", "миров")))


def _is_in_compliance(tokens: Tokens, f: Found) -> bool:
    """«in compliance with the rules»: a turn of English."""
    i, end = f.hit.start, f.hit.end
    return i > 0 and end < len(tokens) and tokens.words[i - 1] == "in" and tokens.words[end] == "with"


def _called(*names: str) -> Callable[[Form], bool]:
    """Forms of some names."""
    return lambda form: form.alias.text.lower() in names


def _is_role(form: Form) -> bool:
    return form.skill.kind == "role"


NO_NAMES_OF_VACANCIES: Final[tuple[Rule, ...]] = (
    Rule(_is_department, stems=_UNITS),
    Rule(_is_next_door, _is_department_name),
    Rule(_is_unit, _is_department_name),
    Rule(_is_on_paper, _is_work),
    Rule(_is_configuration, _called("бухгалтерия")),
    Rule(_is_device, _called("ios", "android", "андроид", "macos")),
    Rule(_is_offered, _called("обучение", "наставничество")),
    Rule(_is_searched, _is_role),
    Rule(_is_searched_elsewhere, lambda form: form.skill.id.startswith(("mkt.", "log."))),
    Rule(_is_dealt_with, _is_role),
    Rule(_is_hired, _called("тк рф", "трудовой кодекс", "трудовое законодательство")),
    Rule(_is_pay, _called("ндфл")),
    Rule(_is_met_on, _called("zoom", "skype")),
    Rule(_is_own_interview, _is_interview),
    Rule(_is_of_market, _called("лидерство")),
    Rule(_is_in_compliance, _called("compliance")),
    Rule(_is_discipline, _called("дисциплина")),
    Rule(_is_manner, lambda form: form.alias.text.lower().startswith("проактивн")),
)
"""Rules for vacancies alone: in a profile «отдел продаж» is where one worked."""
