"""What the words around a skill say: must or nice, denied, wished for, which level, one of several, a benefit."""

from __future__ import annotations

from notation import cases, check, limits

TIERS = """
    слепая печать — плюс                           | off.touch_typing tier=nice
    CCNA будет плюсом, CCNP — большим плюсом       | telecom.ccna tier=nice, telecom.ccnp tier=nice
    без НАКС не обращаться                         | mech.naks tier=must
    Docker будет плюсом                            | it.docker tier=nice
    будет плюсом Docker                            | it.docker tier=nice
    плюсом будет знание Kubernetes                 | it.k8s tier=nice
    Kubernetes (будет плюсом)                      | it.k8s tier=nice
    Kubernetes как плюс                            | it.k8s tier=nice
    желательно знание AutoCAD                      | cad.autocad tier=nice
    знание AutoCAD желательно                      | cad.autocad tier=nice
    приветствуется опыт с Revit                    | cad.revit tier=nice
    опыт с Revit приветствуется                    | cad.revit tier=nice
    Figma — преимущество                           | design.figma tier=nice
    nice to have: Kafka                            | it.kafka tier=nice
    Kafka is a plus                                | it.kafka tier=nice
    не помешает опыт с Git                         | it.git tier=nice
    обязательно знание 1С                          | it.onec tier=must
    знание 1С обязательно                          | it.onec tier=must
    требуется опыт сварки                          | mech.welding tier=must
    необходимо умение паять, знание охраны труда   | qual.safety tier=must
    Python                                         | it.python tier=
    Знание Python. SQL будет плюсом.               | it.python tier=, it.sql tier=nice
    уверенный Python, английский C1 будет плюсом   | it.python tier= level=2, lang.en tier=nice cefr=C1
    сварка, пайка и английский будут плюсом        | mech.welding tier=nice, lang.en tier=nice
    Python обязательно, Docker желательно          | it.python tier=must, it.docker tier=nice
    Java. Будет плюсом Kotlin.                     | it.java tier=, it.kotlin tier=nice
    Python; Git будет преимуществом                | it.python tier=, it.git tier=nice
    Linux (обязательно), Ansible (желательно)      | it.linux tier=must, it.ansible tier=nice
    Docker, Kubernetes будут плюсом                | it.docker tier=nice, it.k8s tier=nice
    приветствуются Docker, Kafka и Redis           | it.docker tier=nice, it.kafka tier=nice, it.redis tier=nice
    Python, опыт работы с Docker будет плюсом      | it.python tier=, it.docker tier=nice
    плюс 10% к окладу за Python                    | it.python tier=
    в идеале знание Ansible                        | it.ansible tier=nice
    нужен опыт сварки полуавтоматом                | mech.weld_mig tier=must
    Необходим опыт работы в Revit                  | cad.revit tier=must
    Revit - must, Figma - nice to have             | cad.revit tier=must, design.figma tier=nice
    умение вязать приветствуется, 1С обязательно   | it.onec tier=must
    Docker - не обязательно, но плюс               | it.docker tier=nice
    Kafka - это плюс                               | it.kafka tier=nice
    отлично, если знаете Kafka                     | it.kafka tier=nice
    Будет здорово, если вы работали с Kafka         | it.kafka tier=nice
    необходимы навыки пайки                        | elec.soldering tier=must
"""

HEADINGS = """
    Требования:\\n- Python\\n- SQL                                     | it.python tier=must, it.sql tier=must
    Требования: Python. Обязанности: пайка                             | it.python tier=must, elec.soldering tier=
    Будет плюсом:\\n• Docker\\n• Kafka                                 | it.docker tier=nice, it.kafka tier=nice
    Желательно:\\nRevit\\nNavisworks                                   | cad.revit tier=nice, cad.navisworks tier=nice
    Требования:\\nPython\\nБудет плюсом:\\nGit                         | it.python tier=must, it.git tier=nice
    Требования:\\nPython\\nSQL будет плюсом                            | it.python tier=must, it.sql tier=nice
    Обязанности:\\nсварка труб                                         | mech.weld_pipe tier=
    Мы ждём от вас:\\nзнание Java                                      | it.java tier=must
    Requirements:\\nJava\\nNice to have:\\nKotlin                      | it.java tier=must, it.kotlin tier=nice
    Условия:\\nобучение Python за счёт компании                        | nothing
    Мы предлагаем:\\nкурсы английского\\nДМС                           | nothing
    О компании:\\nмы делаем сайты на PHP                               | nothing
    Условия:\\nофис\\nТребования:\\nC#                                 | it.csharp tier=must
    ТРЕБОВАНИЯ\\nОпыт работы с ANSYS                                   | cad.ansys tier=must
    Ключевые навыки: AutoCAD                                           | cad.autocad tier=must
    1. Требования: Delphi                                              | it.delphi tier=must
    Требования:\\n- Git\\nНеобязательно, но круто:\\n- Kafka        | it.git tier=must, it.kafka tier=nice
    Требования:\\n- Git\\nЗдорово, если вы:\\n- знаете Kafka        | it.git tier=must, it.kafka tier=nice
    What we expect:\\n- Git\\nBonus points:\\n- Kafka               | it.git tier=must, it.kafka tier=nice
    Опыт работы с Docker: Kafka, Git               | it.docker, it.kafka, it.git
"""

NEGATION = """
    работал с RabbitMQ, Kafka не трогал            | it.rabbitmq, ~it.kafka
    опыт в SAP не имеет значения                   | ~it.sap
    не владею ни Revit, ни AutoCAD                 | ~cad.revit, ~cad.autocad
    ни Excel, ни Word не знаю                      | ~off.excel, ~off.word
    не работал с SolidWorks                        | ~cad.solidworks
    не владею AutoCAD                              | ~cad.autocad
    не знаю Python                                 | ~it.python
    Python не знаю                                 | ~it.python
    не имею опыта с Docker                         | ~it.docker
    опыта с Docker нет                             | ~it.docker
    нет опыта сварки                               | ~mech.welding
    без знания 1С                                  | ~it.onec
    Excel не требуется                             | ~off.excel
    знание Excel не обязательно                    | ~off.excel
    знание Excel — необязательно                   | ~off.excel
    Git (не обязательно)                           | ~it.git
    английский не нужен                            | ~lang.en
    все САПР, кроме AutoCAD                        | ~cad.autocad
    знаю Java, но не знаю Kotlin                   | it.java, ~it.kotlin
    знаю Java, не знаю Kotlin                      | it.java, ~it.kotlin
    не знаю Kotlin, но знаю Java                   | it.java, ~it.kotlin
    не Python, а Java                              | it.java, ~it.python
    Python есть, Docker нет                        | it.python, ~it.docker
    не пользовался Figma; AutoCAD — хорошо         | cad.autocad
    никогда не работал с CATIA                     | ~cad.catia
    не сталкивался с Kafka                         | ~it.kafka
    не только Python, но и Java                    | it.python, it.java
    не ниже уровня B2 английский                   | lang.en cefr=B2
    без проблем читаю чертежи                      | mech.drawings_reading
    не менее 2 лет с Python                        | it.python
    не боюсь Linux                                 | it.linux
    Python не просто знаю, а преподаю              | it.python
    Python. Не курю.                               | it.python
    пайкой никогда не занимался                    | ~elec.soldering
    знание Kafka отсутствует                       | ~it.kafka
    работа без сварки                              | ~mech.welding
    Git - да, Docker - нет                         | it.git, ~it.docker
    кроме Git знаю Docker                          | it.git, it.docker
    английский не понадобится                      | ~lang.en
    пайка не входит в обязанности                  | ~elec.soldering
    сварка - не наша задача                        | ~mech.welding
"""

WISHES = """
    Docker хотел бы изучить, 1С не знаю                                  | ?it.docker, !it.onec
    Python уверенно, Kafka (хочу изучить)                                | it.python, ?it.kafka
    Figma — хочу научиться                                               | ?design.figma
    Git в планах                                                         | ?it.git
    хочу работать с Unity                          | ?it.unity
    хочу изучить Docker                            | ?it.docker
    хотел бы освоить Revit                         | ?cad.revit
    хотела бы научиться паять, пайка плат          | ?elec.soldering
    планирую изучить Go и Kafka                    | ?it.kafka
    готов изучать Java                             | ?it.java
    мечтаю о машинном обучении                     | ?it.ml
    желание изучать 1С                             | ?it.onec
    интересно попробовать Blender                  | ?design.blender
    знаю Python, хочу изучить Rust и Docker        | it.python, ?it.docker
    хочу изучить Docker, но знаю Linux             | ?it.docker, it.linux
    хочу освоить Figma, знание Photoshop           | design.photoshop
    в планах освоить Kubernetes                    | ?it.k8s
    хочу изучить Docker, опыт работы с Linux       | ?it.docker, it.linux
    Docker. Хочу изучить Kubernetes.               | it.docker, ?it.k8s
"""

LEVELS = """
    продвинутый Excel                              | off.excel level=3
    уверенный пользователь ПК                      | off.pc level=2
    Middle+ Python developer                       | it.python level=2
    базовые станции                                | telecom.base_st level=
    уверенное знание С++                           | it.cpp level=2
    базовое знание SQL                             | it.sql level=1
    базовые знания SQL и Git                       | it.sql level=1, it.git level=1
    основы Python                                  | it.python level=1
    азы электротехники                             | power.electrical level=1
    Python на базовом уровне                       | it.python level=1
    Python (базовый уровень)                       | it.python level=1
    начальный уровень AutoCAD                      | cad.autocad level=1
    знаком с Docker                                | it.docker level=1
    общее представление о Linux                    | it.linux level=1
    хорошее знание Excel                           | off.excel level=2
    уверенно владею КОМПАС-3D                      | cad.kompas level=2
    глубокое знание PostgreSQL                     | it.postgresql level=3
    отличное знание Java                           | it.java level=3
    продвинутое владение Excel                     | off.excel level=3
    Excel — продвинутый пользователь               | off.excel level=3
    Python на продвинутом уровне                   | it.python level=3
    экспертное знание Linux                        | it.linux level=4
    Revit на уровне эксперта                       | cad.revit level=4
    эксперт по охране труда                        | qual.safety level=4
    Photoshop в совершенстве                       | design.photoshop level=4
    знание Python                                  | it.python level=
    глубокое знание Java, основы Docker            | it.java level=3, it.docker level=1
    Java — отлично, Git — слабо                    | it.java level=3
    senior Python-разработчик                      | it.python level=3
    младший системный администратор Linux          | it.linux_admin level=1
    Excel - продвинутый уровень                    | off.excel level=3
    Git: базовый уровень                           | it.git level=1
    SQL, средний уровень                           | it.sql level=2
    свободное владение Revit                       | cad.revit level=3
    имею представление о Kafka                     | it.kafka level=1
"""

ALTERNATIVES = """
    Python или Java                                | any_of=it.python+it.java
    Python либо Java                               | any_of=it.python+it.java
    Python, Java или Kotlin                        | any_of=it.python+it.java+it.kotlin
    AutoCAD и/или Revit                            | any_of=cad.autocad+cad.revit
    AutoCAD или nanoCAD, знание 1С                 | any_of=cad.autocad+cad.nanocad, it.onec any_of=
    один из языков: Python, Java, Kotlin           | any_of=it.python+it.java+it.kotlin
    одна из СУБД (MySQL, PostgreSQL)               | any_of=it.mysql+it.postgresql
    знание Maven или Gradle                        | any_of=it.maven+it.gradle
    хотя бы один: Redis, Kafka                     | any_of=it.redis+it.kafka
    английский или немецкий                        | any_of=lang.en+lang.de
    один из языков (Java, Kotlin)                  | any_of=it.java+it.kotlin
    Python и Java                                  | no any_of
    Python, Java                                   | no any_of
    немецкий или французский язык                  | any_of=lang.de+lang.fr
    бухгалтерский или налоговый учет               | any_of=fin.accounting+fin.tax
    Docker or Kafka                                | any_of=it.docker+it.kafka
    Revit / Figma (любой на выбор)                 | any_of=cad.revit+design.figma
    Docker, Kafka или аналоги                      | any_of=it.docker+it.kafka
    минимум один язык: Java, Kotlin                | any_of=it.java+it.kotlin
    настройка Cisco или MikroTik                   | any_of=telecom.cisco+telecom.mikrotik
"""

BENEFITS = """
    ДМС, корпоративный английский                  | nothing
    оплачиваемые курсы английского языка           | nothing
    бесплатные обеды, фитнес, парковка             | nothing
    компенсация обучения Python                    | nothing
    скидки на курсы 1С                             | nothing
    уроки английского в офисе                      | nothing
    чай и кофе, печеньки                           | nothing
    корпоративный футбол и настольный теннис       | nothing
    обучение Java за счёт компании                 | nothing
    бесплатное обучение сварке                     | nothing
    дружный коллектив и карьерный рост             | nothing
    официальное оформление по ТК                   | nothing
    требуется английский; ДМС                      | lang.en
    Free English lessons                           | nothing
    Мы ведущий разработчик игр                     | nothing
"""


@cases(
    TIERS,
    limits(
        "a singular marker reaches back over commas to things of its own kind (polarity.py)",
        """
    английский от B1, немецкий будет преимуществом | lang.en tier=, lang.de tier=nice
""",
    ),
)
def test_tiers(text, said):
    check(text, said)


@cases(HEADINGS)
def test_headings(text, said):
    check(text, said)


@cases(NEGATION)
def test_negation_stays_in_its_clause(text, said):
    check(text, said)


@cases(WISHES)
def test_wishes_are_no_skills(text, said):
    check(text, said)


@cases(LEVELS)
def test_levels(text, said):
    check(text, said)


@cases(ALTERNATIVES)
def test_alternatives(text, said):
    check(text, said)


@cases(BENEFITS)
def test_benefits_are_no_requirements(text, said):
    check(text, said)


ABOVE = """
    Ромашка - крупный поставщик сварочного оборудования.\\nТребования:\\n- Git      | only it.git
    Мы занимаемся логистикой и маркетингом. Работаем с Docker.\\nТребования:\\nGit   | only it.git
    Наша компания ищет: нужен опыт с Docker.\\nТребования:\\n- Git                 | it.docker, it.git
    Опыт с Docker.\\nТребования:\\n- Git                                           | it.docker, it.git
    Компания «Вектор» занимается сваркой труб. Нужно знание Git.                  | only it.git
    Сварка труб. Компании нужен Git                                              | it.git, mech.weld_pipe
    Цифровая экосистема в логистике. Сварка труб с 2005 года.\\nТребования:\\nGit   | only it.git
    Сварщик труб.\\nТребования:\\nGit                                              | role.svar, it.git
    Что вы будете делать: сваривать трубы с Docker.\\nТребования:\\nGit             | it.docker, it.git
    - Docker\\n- Ansible\\nТребования:\\nGit                                         | it.docker, it.ansible, it.git
    Ведение учёта в Excel. Подготовка отчётов в Docker.\\nТребования:\\nGit         | it.docker, it.git
"""


@cases(ABOVE)
def test_above_the_headings_the_company_speaks_of_itself(text, said):
    check(text, said, "vacancy")


COLLEAGUES = """
    Взаимодействие с разработчиками и бухгалтером            | nothing
    Помощь главному инженеру                                 | nothing
    Опыт работы бухгалтером                                  | role.buh
    Ищем бухгалтера                                          | role.buh
    Бухгалтер в отдел                                        | role.buh
    Взаимодействие с финансами, маркетингом и IT             | nothing
    Взаимодействие со смежниками (бухгалтерия, HR, DevOps)   | nothing
    Взаимодействие с разработчиками и QA, знание Git         | only it.git
    Взаимодействие с системами контроля версий (Git)         | it.git
    Тестирование бэкенда, взаимодействие с заказчиком        | it.api_testing
"""


@cases(COLLEAGUES)
def test_colleagues_are_not_asked_for(text, said):
    check(text, said, "vacancy")


OTHERS = """
    ИТ-подразделение, знание Git                                          | only it.git
    Интервью с HR, знание Git                                             | only it.git
    Составление смет на монтажные работы                                  | only build.estimates
    Выполнение монтажных работ                                            | gen.mount
    Закупка услуг по техническому обслуживанию                            | !mech.maintenance
    Техническое обслуживание и ремонт                                      | mech.maintenance
    1С 8.3 (Управление торговлей, Бухгалтерия)                            | !fin.accounting
    Проактивный мониторинг серверов                                       | !soft.initiative
    Вы проактивный человек                                                | soft.initiative
    Личный смартфон на базе Android                                       | nothing
    Разработка под Android                                                | it.android
    Знание Excel (обучение возможно)                                      | only off.excel
    Обучение сотрудников                                                  | off.training
    Опыт тестирования API и backend                                       | !it.backend
    Разработка backend на Go                                              | it.backend
    Экономика или преподавание смежных дисциплин, ответственность, внимательность       | !soft.discipline
    Требования: Git\\n#Ромашка предлагает:\\nDocker                         | only it.git
    Прикрепите к отклику ссылку на GitHub                                 | nothing
    Вакансия подойдёт, если вы искали: продавец, кассир, кладовщик        | nothing
    Вам подойдёт вакансия, если вы искали работу в: Яндекс.Маркет, ПЭК      | nothing
    оклад обсуждается на собеседовании с кандидатом                         | nothing
    проведение собеседований с кандидатами                                  | off.interviewing
    разработка автотестов для backend                                       | !it.backend
    Помогать программистам, знание Git                                    | only it.git
    Оформление по ТК РФ с первого дня, знание Git                         | only it.git
    Знание ТК РФ                                                          | off.labor_code
    60 000 рублей до вычета НДФЛ, знание Git                              | only it.git
    Собеседование в Zoom, знание Git                                      | only it.git
    Технологическое лидерство, знание Git                                 | only it.git
    Payments in compliance with policies, Git                             | only it.git
    Нарушения трудовой дисциплины, знание Git                             | only it.git
    Программа, которая помогает в нём работать: Git                       | only it.git
"""


@cases(OTHERS)
def test_what_belongs_to_others_is_not_asked_for(text, said):
    check(text, said, "vacancy")


TOOLS = "Python, Django, PostgreSQL, Docker, Kubernetes, Git, Linux, Kafka, Redis, Ansible, Terraform, Grafana"


def test_the_only_name_of_another_field_in_a_crowd_means_no_skill():
    check(f"{TOOLS}, обработка показаний датчиков", "!auto.sensors, it.python", "vacancy")
    check(f"{TOOLS}, датчики, программирование ПЛК, КИПиА", "auto.sensors, it.python", "vacancy")
    check(f"{TOOLS}, AutoCAD", "cad.autocad, it.python", "vacancy")
    check(f"{TOOLS}, обработка показаний датчиков", "it.python", "candidate")


OF_OTHERS = "Требования: Python, Django, PostgreSQL, Docker, Git, Linux, Kafka, Redis, Ansible.\nОбязанности:\n"
COMPANY = """
    Расчёт графика отгрузки для сварки труб в цехе                          | !mech.weld_pipe, it.python
    Расчёт графика для сварки труб в цехе\\nРезка металла                  | mech.weld_pipe
    Сварка труб в цехе                                                     | mech.weld_pipe
    Знание основ сварки труб под давлением                                 | mech.weld_pipe
    Согласование графика, сварка труб                                      | mech.weld_pipe
    Расчёт графика отгрузки для черчения в AutoCAD на складе                | cad.autocad
    Расчёт графика отгрузки при внимательности к срокам                     | soft.attention
"""


@cases(COMPANY)
def test_deep_in_a_sentence_a_name_needs_company(text, said):
    check(OF_OTHERS + text, said, "vacancy")


def test_a_short_text_or_a_profile_has_no_company_to_offer():
    text = "Расчёт графика отгрузки для сварки труб в цехе"
    check(text, "mech.weld_pipe", "vacancy")
    check(OF_OTHERS + text, "mech.weld_pipe", "candidate")


def test_a_candidate_may_speak_of_what_an_employer_promises():
    check("бесплатно учил сварке", "mech.welding", context="candidate")
    check("Мы предлагаем:\nPython", "nothing", context="vacancy")


def test_who_decided_can_be_asked():
    check("Docker будет плюсом", "it.docker rule=phrase+tier-before")
    check("не знаю Python", "~it.python rule=phrase+denied")
