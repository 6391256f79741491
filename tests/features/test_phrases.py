"""Names of skills as people write them: cases, slang, abbreviations with senses, words between, what is no skill."""

from __future__ import annotations

import pytest
from notation import cases, check, limits

from matcher.features.lexicon import word_of
from matcher.features.meanings import Cue, Key, Keys
from matcher.features.phrases import PhraseIndex
from matcher.features.text import tokenize
from matcher.taxonomy import COLUMNS, Taxonomy

INFLECTION = """
    опыт токарной обработки             | mech.turning
    владею газовой хроматографией       | chem.gc
    работаю с печатными платами         | elec.pcb
    знаком с охраной труда              | qual.safety
    занимался сваркой                   | mech.welding
    ищу токаря                          | role.turner
    нужны фрезеровщики                  | role.miller
    умею читать чертежи                 | = чтение чертежей
    чтение рабочих чертежей             | = чтение чертежей
    чтение сложных рабочих чертежей     | = чтение чертежей
    работа со сталью 45                 | mat.steel_45
    пользователь Экселя                 | off.excel
    разрабатываю печатные платы         | elec.pcb_design
    ремонтом насосов занимаюсь год      | power.pumps
    навыки делопроизводства             | off.clerical
    с навыками схемотехники             | elec.circuit_design
    владею схемотехникой                | elec.circuit_design
    занимаюсь фотоникой                 | elec.photonics
    изучал компьютерное зрение          | it.cv
    машинным обучением                  | it.ml
    ремонтирую двигатели                       | = ремонт двигателей
    настраивала станки                         | = настройка станков
    рассчитываю зарплату                       | = расчет зарплаты
"""

SLANG = """
    питон                    | = Python
    на плюсах                | = C++
    джава скрипт             | = JavaScript
    яваскрипт                | = JavaScript
    джаваскрипт              | = JavaScript
    тайпскрипт               | = TypeScript
    си шарп                  | = C#
    дотнет                   | = .NET
    пхп                      | = PHP
    постгря                  | = PostgreSQL
    постгрес                 | = PostgreSQL
    мускул                   | = MySQL
    кубер                    | = Kubernetes
    докер-контейнеры         | = Docker
    гитлаб                   | = GitLab
    кафка                    | = Kafka
    линукс                   | = Linux
    эксель                   | = Excel
    ворд                     | = Word
    фотошоп                  | = Photoshop
    автокад                  | = AutoCAD
    солид воркс              | = SolidWorks
    ревит                    | = Revit
    матлаб                   | = MATLAB
    ансис                    | = ANSYS
    спруткам                 | = SprutCAM
    медкнижка                | = медицинская книжка
    фронтенд                 | = frontend
    бэкенд                   | = backend
    болгарка                 | build.power_tools
    бухучёт                  | = бухгалтерский учёт
    джанго                   | = Django
    нейронки                 | = нейросети
    симулинк                 | = Simulink
    вайбкодинг               | it.ai_coding
"""

SPELLING = """
    Node.js                  | = nodejs
    NodeJS                   | = Node.js
    node js                  | = Node.js
    web-дизайн               | = веб-дизайн
    CI/CD                    | it.cicd
    CI / CD                  | = CI/CD
    КОМПАС-3D                | cad.kompas
    Компас 3D                | = КОМПАС-3D
    АСУТП                    | = АСУ ТП
    АСУ-ТП                   | = АСУ ТП
    Sprut CAM                | = SprutCAM
    Auto CAD                 | = AutoCAD
    Solid Works              | = SolidWorks
    Type Script              | = TypeScript
    КИП и А                  | = КИПиА
    asp.net                  | it.aspnet
    .NET                     | it.dotnet
    C#                       | it.csharp
    F#                       | it.fsharp
    1C                       | it.onec
    1с бухгалтерия           | it.onec_buh
    ИСО 9001                 | = ISO 9001
    S7-1200                  | auto.s7_1200
    POSTGRESQL               | it.postgresql
    Т-Флекс                  | = T-FLEX
    «Гранд-Смета»            | = Гранд-смета
    REST API                 | it.rest
    RESTful API              | = REST API
    мат. статистика                            | = математическая статистика
    англ. язык                                 | lang.en
    эл. монтаж                                 | = электромонтаж
"""

SENSES = """
    МО                                        | it.ml
    МО, поверка средств измерений             | qual.metrology, !it.ml
    Python, PyTorch, МО                       | it.ml, !qual.metrology
    ГИС, QGIS, проекты застройки              | build.gis
    НК                                        | qual.ndt
    УЗК, НК сварных швов                      | qual.ndt, qual.ndt_ut
    R                                         | it.r_lang
    Python, R, анализ данных                  | it.r_lang
    R&D                                       | !it.r_lang
    Go                                        | it.golang
    Docker, Go, PostgreSQL                    | it.golang
    Go-to-Market стратегия                    | !it.golang
    Компас                                    | cad.kompas
    AutoCAD, Компас                           | cad.kompas
    верстка                                   | design.layout_print
    HTML, CSS, верстка                        | it.web_layout, !design.layout_print
    ТБ и охрана труда                         | qual.safety
    т.б. и охрана                             | !qual.ndt
    Swift, iOS                                | it.swift
    Java и Scala                              | it.scala
    лира                                      | cad.lira
    SCAD Office, Лира, Revit                  | cad.lira
    ЛД и LD                                   | !auto.ladder
    CODESYS, LD, FBD                          | auto.ladder
    КМ и КМД, Tekla                           | build.km
    5 км от метро                             | !build.km
    знание Компаса                             | cad.kompas
    R, Go, Swift                               | it.r_lang, it.golang, it.swift
    пишу на Go                                 | it.golang
    английская мебель                          | nothing
"""

COMMON_WORDS = """
    Институт стали и сплавов (МИСиС)          | nothing
    Университет машиностроения, 2015          | nothing
    на скале стоит маяк                       | !it.scala
    руби дрова                                | !it.ruby
    груви музыка по пятницам                  | !it.groovy
    го гулять                                 | !it.golang
    играет на лире                            | !cad.lira
    с видом на море                           | nothing
    мы стали лучше                            | !mat.steel
    вести здоровый образ жизни вредно         | !mat.wood
    с чистого листа                           | nothing
    в том числе по выходным                   | nothing
    можно без вопросов                        | nothing
    по улице Компасной                        | !cad.kompas
    адрес: ул. Токарева                       | !mech.turning
    пришлите резюме на почту                  | nothing
    ищем человека с душой                     | nothing
    ???                                       | nothing
    😀😀😀                                    | nothing
    новый двигатель                            | nothing
    ул. Токарей, 24                            | nothing
    пр-т Химиков, д. 7                         | nothing
    Работа с врачами                           | nothing
    Ответственный за склад                     | nothing
    участник БД                                | nothing
    сухой паёк                                 | nothing
    историко-культурный центр                  | nothing
    опыт работы c людьми                       | !it.c
"""

LISTED = """
    протокол проверки знаний                   | nothing
    https://www.example.ru                     | nothing
    аппаратура контроля                        | nothing
    закрытие проектов разработки               | nothing
    методика расчёта параметров                | only gen.calc
    навыки ремонта                             | only gen.repair
    разборка и ремонт узлов                    | gen.repair
    фитнес-консультирование                    | only gen.teach
    скорость пошива                            | only gen.make
    государственная организация                | nothing
    эффективная организация труда бригады      | gen.organise
    управление подъёмной машиной               | !gen.organise
    управление авиасимулятором                 | !gen.organise
    возможное обучение                         | nothing
    умение обрабатывать фото                   | !gen.process
    с возможностью обучения                    | nothing
    знание программы «Эколог»                  | !role.ecolog
    команда разработчиков                      | nothing
    обучение водителей                         | !role.driver
    управление личными ассистентами            | only gen.organise
    работа водителем                           | role.driver
    навыки электрики                           | power.electrical, !role.electrician
    доступ к электрике                         | only power.electrical
    работа с сантехникой                       | only power.plumbing
    C ++, Python                               | it.cpp, it.python, !it.c
    ООО «Вектор-Трейдинг»                      | !fin.trading
    составление смесей                         | !gen.docs
    оформление заявок                          | gen.docs
    backend testing                            | !it.backend
    геофизика                                  | only geo.geophysics
    кондукторы для сверления                   | !role.konduk
    смена ламп по окончании бурения            | !geo.drilling
    мойка деталей перед сваркой                | !mech.welding
    установка видеокамер на скважине           | auto.cctv, !geo.wellsite
    освоение скважин                           | geo.workover
    точить валы в соответствии с чертежом      | !mech.drawings_make
    умение читать чертежи                      | mech.drawings_reading
    план обслуживаемого оборудования           | !mech.maintenance
    обслуживать оборудование                   | mech.maintenance
    программируемые контроллеры                | auto.plc
    работа на налаженных станках               | !mech.machine_setup
    рост в финансовом плане                    | !fin.fin_planning
    финансовый план                            | fin.fin_planning
    основные средства автоматизации учёта      | !fin.fixed_assets
    основные средства и НМА                    | fin.fixed_assets
    порядок в зоне ответственности             | !soft.responsibility
    встречи с китайскими партнёрами            | !lang.zh
    следователь-криминалист                    | role.sled, !role.krimin
"""

PARTS = """
    анализ защищённости                        | it.pentest
    анализ защищённости от 2 лет               | it.pentest
    анализ защищённости и пентест              | it.pentest
    анализ защищённости периметра              | nothing
    внедрение датчиков в литейный цех          | only auto.sensors
    монтаж насосов литейного цеха              | nothing
    крепление болтов опор стрелы башни крана   | nothing
    закупка морепродуктов                      | only log.procurement
    закупка масел для ремонта станков          | !mech.machine_tool_repair
    закупка и ремонт станков                   | mech.machine_tool_repair
    удостоверение водителя                     | !role.driver
    обслуживание новых токарных станков        | !mech.turning
    работа на токарных станках                 | mech.turning
    аккуратная разводка плат                   | !soft.accuracy, elec.pcb_design
    аккуратный и внимательный                  | soft.accuracy, soft.attention
    ответственный подход                       | soft.responsibility
    обслуживание детей                         | nothing
    обслуживание и ремонт                      | gen.operate
    взаимодействие узлов привода               | nothing
    взаимодействие с врачами                   | gen.communication_work
    схема испытаний рессоры                    | nothing
    чтение схем                                | gen.schemes
    установка режима печи                      | nothing
    установка перегородок                      | gen.mount
    график ремонта                             | nothing
    заказать ремонт                            | nothing
    навыки ремонта                             | gen.repair
"""

ROLES = """
    токарь                                    | only role.turner, mech.turning
    фрезеровщик                               | role.miller, mech.milling
    сварщик                                   | mech.welding
    кассир                                    | mkt.cash_desk
    водитель                                  | log.driving
    стропальщик                               | mech.slinger
    оператор станков с ЧПУ                    | role.cnc, mech.cnc
    инженер-схемотехник                       | role.schemotech, elec.circuit_design
    Python-разработчик                        | it.python
    Kotlin-разработчик                        | role.kotlin_dev, it.kotlin
    электромонтажник                          | role.elmont
    системный аналитик                        | role.analyst_it
    слесарь КИПиА                             | role.kip_fit
    каменщик                                  | role.mason
    работал токарем                           | role.turner, mech.turning rule=implied
    программист 1С                            | it.onec
    сметчик                                   | = инженер-сметчик
    электромеханик                            | role.elmech
    математик                                 | role.mathem, edu.math
    теплотехник                               | role.heat_eng
    статистик                                 | role.statist, it.statistics
    теплотехника                              | !role.heat_eng
"""


@cases(INFLECTION)
def test_names_are_found_in_any_case(text, said):
    check(text, said)


@cases(
    SLANG,
    """
    докер, гит, линукс       | it.docker
    кубер и докер            | it.docker
""",
    limits(
        "a form of one loan word is known in one phrase only (it.csv: «на плюсах»)",
        """
    пишу на питоне и плюсах  | it.cpp
""",
    ),
)
def test_slang(text, said):
    check(text, said)


@cases(LISTED)
def test_what_a_listed_name_says(text, said):
    check(text, said, "skills")


@cases(PARTS)
def test_a_part_of_a_listed_name_says_less_than_the_whole(text, said):
    check(text, said, "skills")


@cases(SPELLING)
def test_joined_and_parted_names(text, said):
    check(text, said)


@cases(
    SENSES,
    limits(
        "qual.csv has no short name «ВИК»",
        """
""",
    ),
)
def test_abbreviations_take_the_sense_of_their_neighbours(text, said):
    check(text, said)


@cases(COMMON_WORDS)
def test_common_words_are_no_skills(text, said):
    check(text, said)


@cases(
    ROLES,
    """
    автомеханик                               | role.autoslesar
    медсестра стоматологии                    | role.assist_stom
""",
    limits(
        "the genitive of a man is read as his trade (lemmas.csv)",
        """
    ищем схемотехника                         | role.schemotech
""",
    ),
)
def test_roles_imply_skills(text, said):
    check(text, said)


# ------------------------------------------------------------ the index itself


def _row(**cells: str) -> dict[str, str]:
    return {**dict.fromkeys(COLUMNS, ""), "kind": "skill", "source": "test", **cells}


def _keys(text: str) -> tuple[Keys, list[int]]:
    tokens = tokenize(text)
    words = [word_of(w) for w in tokens.words]
    rows = [Key(w.lemma, None, w.pos, raw, None, None, 0) for w, raw in zip(words, tokens.words, strict=True)]
    return Keys(rows), tokens.gaps


@pytest.fixture(scope="module")
def index() -> PhraseIndex:
    rows = [
        _row(id="x.a", label="пайка плат"),
        _row(id="x.b", label="пайка"),
        _row(id="x.c", label="работа с насосами", aliases="?насос|=QZX-Cad"),
    ]
    return PhraseIndex(Taxonomy(rows))


@pytest.mark.parametrize(
    ("text", "end", "names"),
    [
        ("пайка плат", 2, ["x.a"]),
        ("пайкой плат", 2, ["x.a"]),
        ("пайка", 1, ["x.b"]),
        ("пайка и плат", 1, ["x.b"]),
        ("пайка. плат", 1, ["x.b"]),
        ("пайка сложных плат", 3, ["x.a"]),
        ("пайка на плат", 3, ["x.a"]),
        ("работа с насосами", 3, ["x.c"]),
        ("работа насосами", 2, ["x.c"]),
        ("насос", 1, ["x.c"]),
    ],
)
def test_the_longest_phrase_wins(index, text, end, names):
    keys, gaps = _keys(text)
    found = index.longest(keys, gaps, 0)
    assert found is not None
    assert found[0] == end
    assert list(found[1].names) == names


def test_nothing_begins_here(index):
    keys, gaps = _keys("плат пайка")
    assert index.longest(keys, gaps, 0) is None


def test_cues_and_skills_share_the_index(index):
    keys, gaps = _keys("будет плюсом пайка")
    found = index.longest(keys, gaps, 0)
    assert found is not None
    assert Cue("tier", "nice") in found[1].cues


def test_find_path_goes_as_far_as_it_can(index):
    assert index.find_path(["пайка", "плата", "рука"])[0] == 2
    assert index.find_path(["рука"]) is None
