"""Words of action that name a skill by themselves («ремонт», «расчёт»): where they say nothing of work.

They are the weak names of the taxonomy (``~``), read only where a phrase names nothing better.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from matcher.features.found import Found, Rule
from matcher.features.lexicon import CONJUNCTION, NOUN, VERB
from matcher.features.meanings import Form, Keys
from matcher.features.text import SOFT, Tokens

_LEADING: Final = frozenset(
    ["метод", "методика", "методология", "способ", "прием", "опыт", "умение", "знание", "навык", "навак", "владение",
     "понимание", "способность", "правило", "порядок", "принцип", "основа", "требование", "процедура", "процесс",
     "технология", "техника", "особенность", "критерий", "последовательность", "инструмент", "средство", "работа",
     "проведение", "выполнение", "ведение", "осуществление", "исполнение", "участие", "прохождение", "организация",
     "развитие", "построение", "формирование", "выстраивание", "чтение", "результат", "качество", "скорость", "план",
     "политика", "концепция", "стратегия", "график", "руководитель", "менеджер", "специалист", "мастер", "инженер",
     "техник", "агент", "онлайн", "офлайн", "фитнес", "веб"]
)  # fmt: skip
"""Nouns behind which a word of action still says what is done."""
_KNOWING: Final = frozenset(
    ["метод", "методика", "методология", "способ", "прием", "опыт", "умение", "знание", "навык", "навак", "владение",
     "понимание", "способность", "правило", "порядок", "принцип", "основа", "требование", "процедура", "процесс",
     "технология", "техника", "особенность", "скорость", "качество", "знать", "уметь", "владеть", "мочь", "изучить"]
)  # fmt: skip
_DOING: Final = frozenset(
    ["работа", "проведение", "выполнение", "ведение", "осуществление", "исполнение", "участие", "организация", "проводить",
     "выполнять", "осуществлять", "производить", "участвовать", "вести", "организовывать", "чтение", "читать", "применять",
     "соблюдать", "использовать", "пользоваться", "применение", "использование", "соблюдение", "критерий", "онлайн", "офлайн", "веб",
     "фитнес"]
)  # fmt: skip
"""Words behind which a listed word of action says what is done."""
_WELL: Final[tuple[str, ...]] = (
    "эффективн",
    "грамотн",
    "правильн",
    "самостоятельн",
    "качественн",
    "рациональн",
    "чётк",
    "четк",
)
_MACHINES: Final[tuple[str, ...]] = (
    "машин", "авиа", "самолет", "вертолет", "судн", "судам", "подъем", "станк", "кран", "погрузчик", "установк",
    "агрегат", "привод", "робот", "дрон", "эвакуац", "режим", "симулятор", "печь", "печью", "насос", "двигател", "клапан",
)  # fmt: skip
"""What is run, and not led: «управление краном»."""
_PICTURES: Final[tuple[str, ...]] = (
    "фото",
    "видео",
    "звук",
    "заяв",
    "заказ",
    "звон",
    "обращен",
    "данн",
    "текст",
    "документ",
)
_PEOPLE: Final[tuple[str, ...]] = (
    "дет",
    "ребен",
    "людей",
    "клиент",
    "гост",
    "пациент",
    "покупател",
    "посетител",
    "пассажир",
    "населени",
    "граждан",
)
_COMPONENTS: Final[tuple[str, ...]] = ("компонент", "узл", "элемент", "детал", "частиц", "тел", "систем", "отдельн")
_TRIED: Final[tuple[str, ...]] = ("испытан", "проверк", "контрол", "расстановк", "монтаж", "загрузк")
_SET: Final[tuple[str, ...]] = ("режим", "параметр", "цен", "связ", "контакт", "срок", "соответств", "причин", "цел")
_MADE: Final[tuple[str, ...]] = (
    "сплав",
    "смес",
    "издели",
    "интерьер",
    "зал",
    "витрин",
    "помещен",
    "блюд",
    "шихт",
    "раствор",
    "букет",
    "вахт",
)


def is_led(tokens: Tokens, keys: Keys, f: Found, *, listed: bool = False) -> bool:
    """«методика расчёта», «опыт ремонта»: whether no other thing is the head of a word of action («протокол проверки»).

    In a list of skills fewer things lead it: «график ремонта» is no repair, «заказать ремонт» another's.
    """
    start = f.hit.start
    if listed and any(_leads_elsewhere(keys, i) for i in range(start)):
        return False
    if f.form is None or (
        not f.form.alias.exact and tokens.words[start] == f.form.alias.text.split()[0].lower().replace("ё", "е")
    ):
        return True  # in the nominative it leads itself: «фитнес-консультирование»
    return all(keys.pos[i] != NOUN or keys.lemma[i] in _LEADING or keys.pos[i + 1] == CONJUNCTION for i in range(start))


def _leads_elsewhere(keys: Keys, i: int) -> bool:
    """«безопасность производства»: whether a word before a word of action is what the name is about."""
    if keys.pos[i + 1] == CONJUNCTION or keys.lemma[i] in _KNOWING:
        return False
    return keys.pos[i] in (NOUN, VERB) and keys.lemma[i] not in _DOING


def _is_body(tokens: Tokens, f: Found) -> bool:
    """«государственная организация»: a body, nobody organises."""
    i = f.hit.start
    before = tokens.words[i - 1] if i and tokens.gaps[i] == SOFT else ""
    return before.endswith(("ая", "ую", "ой")) and not before.startswith(_WELL)


def _is_made_up(tokens: Tokens, f: Found) -> bool:
    """«составление смесей», «оформление витрины»: a thing is made, no paper is written."""
    end = f.hit.end
    return end < len(tokens) and tokens.words[end].startswith(_MADE)


def _is_driven(tokens: Tokens, f: Found) -> bool:
    """«управление подъёмной машиной», «управление режимами печи»: a machine is run, nobody is led."""
    end = f.hit.end
    return any(word.startswith(_MACHINES) for word in tokens.words[end : end + 2])


def _is_of_pictures(tokens: Tokens, f: Found) -> bool:
    """«обрабатывать мобильные фото», «обработка заявок»: pictures and papers are worked on, and no parts."""
    end = f.hit.end
    return any(word.startswith(_PICTURES) for word in tokens.words[end : end + 5])


def _is_of_people(tokens: Tokens, f: Found) -> bool:
    """«обслуживание детей»: people are served, and nothing is run."""
    end = f.hit.end
    return end < len(tokens) and tokens.words[end].startswith(_PEOPLE)


def _is_of_components(tokens: Tokens, f: Found) -> bool:
    """«взаимодействие узлов привода»: things, and nobody talks."""
    end = f.hit.end
    return end < len(tokens) and tokens.words[end].startswith(_COMPONENTS)


def _is_plan_of_work(tokens: Tokens, f: Found) -> bool:
    """«схема испытаний рессоры»: how a thing is done, and no drawing of it."""
    end = f.hit.end
    return end < len(tokens) and tokens.words[end].startswith(_TRIED)


def _is_set(tokens: Tokens, f: Found) -> bool:
    """«установка режима печи»: a value or a bond is set, and no thing is put up."""
    end = f.hit.end
    return end < len(tokens) and tokens.words[end].startswith(_SET)


def _is_taught(tokens: Tokens, f: Found) -> bool:
    """«возможное обучение», «возможность обучения»: the worker is taught."""
    i = f.hit.start
    return any(word.startswith("возможн") for word in tokens.words[max(0, i - 2) : i])


def _is_action(*names: str) -> Callable[[Form], bool]:
    """Weak forms of some names."""
    return lambda form: form.alias.weak and form.alias.text.lower() in names


NO_DOINGS: Final[tuple[Rule, ...]] = (
    Rule(_is_body, _is_action("организация", "организацию")),
    Rule(_is_made_up, _is_action("составление", "оформление", "составлять", "оформлять")),
    Rule(_is_driven, _is_action("управление", "управлению", "управлять")),
    Rule(_is_of_pictures, _is_action("обработка", "обрабатывать")),
    Rule(_is_of_people, _is_action("обслуживание", "обслуживать", "подключение")),
    Rule(_is_of_components, _is_action("взаимодействие", "взаимодействию")),
    Rule(_is_plan_of_work, _is_action("схема")),
    Rule(_is_set, _is_action("установка", "установку")),
    Rule(_is_taught, _is_action("обучение")),
)
"""Rules that drop a word of action."""
