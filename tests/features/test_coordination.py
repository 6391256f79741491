"""Coordinated ellipsis: what a row of words leaves unsaid."""

from __future__ import annotations

from notation import cases, check

from matcher.features.normalize import normalize

SHARED_TAIL = """
    кислотно-основное и комплексонометрическое титрование | chem.titr_acidbase, chem.titr_complex
    44 и 223 ФЗ                                    | log.fz44, log.fz223
    чтение рабочих и исполнительных чертежей       | mech.drawings_reading
    токарная, фрезерная, сверлильная и расточная обработка | mech.turning, mech.milling, mech.drilling, mech.boring
    жидкостная и газовая хроматография             | chem.lc, chem.gc
    газовая, жидкостная хроматография              | chem.lc, chem.gc
    газовая, жидкостная и ионная хроматография     | chem.gc, chem.lc, chem.ion_chrom
    токарная и фрезерная обработка                 | mech.turning, mech.milling
    токарные, фрезерные, шлифовальные работы       | mech.turning, mech.milling, mech.grinding
    токарные и фрезерные работы                    | mech.turning, mech.milling
    аналитическая и органическая химия             | chem.analytical_chemistry, chem.organic_chemistry
    органическая, неорганическая и физическая химия | chem.organic_chemistry, chem.inorganic_chemistry, chem.physical_chemistry
    промышленная и пожарная безопасность           | qual.ind_safety, qual.fire_safety
    ультразвуковой и капиллярный контроль          | qual.ndt_ut, qual.ndt_pt
    ручное и регрессионное тестирование            | it.manual_testing, it.regression_testing
    органический и химический синтез               | chem.org_synthesis
    поверка и калибровка средств измерений         | qual.verification, qual.calibration
    бухгалтерский и налоговый учёт                 | fin.accounting
    электрические и тепловые сети                  | power.power_grids, power.heat_nets
    офсетная или цифровая печать                   | mech.printing_offset, mech.printing_digital
"""

SHARED_HEAD = """
    ПЛК Siemens S7-300/400/1200                    | auto.s7_300, auto.s7_1200
    ремонт насосов и компрессоров                  | power.pumps, power.compressors
    ремонт компьютеров и телефонов                 | it.pc_repair, elec.phone_repair
    отбор проб воды и почвы                        | chem.sampling_water, chem.sampling_soil
    отбор проб воды, воздуха и почвы               | chem.sampling_water, chem.sampling_air, chem.sampling_soil
    монтаж отопления и вентиляции                  | power.heating, power.ventilation
    датчики температуры и давления                 | auto.temp_meas, auto.pressure_meas
    тестирование API и безопасности                | it.api_testing, it.security_testing
    ремонт двигателей, подвески                    | mech.engine_repair
    администрирование Linux и Windows              | it.linux_admin, it.windows_admin
    1С ERP и WMS                               | !it.onec_wms
    управление персоналом и проектами          | = управление персоналом, управление проектами
"""

HANGING = """
    водо- и теплоснабжение                         | power.water_supply, power.heat_supply
    газо- и теплоснабжение                         | power.gas_supply, power.heat_supply
    водо-, тепло- и газоснабжение                  | power.water_supply, power.gas_supply
    электро- и теплоэнергетика                     | power.eng_power, power.heat_power
    гидро- и ветроэнергетика                       | power.hydro_power, power.wind
    нефте- и газопереработка                       | chem.oil_refining, chem.gas_processing
    email-, SMM- и контент-маркетинг           | mkt.email_marketing, mkt.smm, mkt.content
"""

NOT_COORDINATED = """
    грузинская и японская кухня                    | !lang.ka, !lang.ja
    Python и газовая хроматография                 | only it.python, chem.gc
    токарная обработка. Газовая хроматография      | only mech.turning, chem.gc
    белая и чёрная одежда                          | nothing
    яркая, тёмная комната                          | nothing
    SQL, Git и Docker                              | only it.sql, it.git, it.docker
    администрирование Linux                    | it.linux_admin, it.linux
"""


@cases(SHARED_TAIL)
def test_one_noun_for_many_adjectives(text, said):
    check(text, said)


@cases(SHARED_HEAD)
def test_one_head_for_many_nouns(text, said):
    check(text, said)


@cases(HANGING)
def test_hanging_hyphens(text, said):
    check(text, said)


@cases(NOT_COORDINATED)
def test_rows_that_share_nothing(text, said):
    check(text, said)


def test_the_rule_is_told():
    check("газовая и жидкостная хроматография", "chem.gc rule=shared_tail, chem.lc rule=phrase")
    check("ремонт насосов и компрессоров", "power.compressors rule=shared_head, power.pumps rule=phrase")
    check("гидро- и ветроэнергетика", "power.hydro_power rule=hanging_hyphen")
    check("газо- и теплоснабжение", "power.heat_supply rule=phrase")


def test_an_unsaid_phrase_keeps_its_place():
    text = "опыт: газовая и жидкостная хроматография"
    (gas,) = [m for m in normalize(text) if m.skill == "chem.gc"]
    assert gas.text == text[gas.start : gas.end] == "газовая и жидкостная хроматография"
