"""The report page in a real browser: filter, sort, expand, print, keyboard, hostile texts.

Needs Chromium (Debian: ``apt-get install chromium``); without it these tests are skipped, unless ``MATCHER_BROWSER``
names one that must be there.
"""

from __future__ import annotations

import os
import re
import shutil

import pytest

from matcher import Matcher, allocate, make_report

BROWSER = os.environ.get("MATCHER_BROWSER") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium; see the head of this file")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SAMPLES = "data/samples/"
HOSTILE = '</script><script>document.title="взлом"</script><img src=x onerror="document.title=1">'
FORMULA = '=HYPERLINK("http://example.org";"нажми")'


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium, tmp_path):
    """Open a page; at the end nothing may have been asked of a network or written to the console."""
    pages, faults = [], []

    def open_page(report, width=1280, height=900):
        path = tmp_path / "report.html"
        report.save(path)
        page = chromium.new_page(viewport={"width": width, "height": height}, accept_downloads=True)
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: faults.append(request.url) if not request.url.startswith(("file:", "blob:")) else None,
        )
        page.goto(path.as_uri())
        page.wait_for_selector("#tabs button")
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert faults == []


@pytest.fixture(scope="module")
def report():
    engine = Matcher(agreements=SAMPLES + "agreements.csv").fit(SAMPLES + "vacancies.csv")
    result = engine.run(SAMPLES + "candidates.csv", top=10)
    seats = allocate(
        result.scored.ranking(top=None), SAMPLES + "vacancies.csv", candidates=SAMPLES + "candidates.csv", slots=1
    )
    return make_report(result, seats=seats), result.ranking


def shown(page):
    return int(re.search(r"Пар: (\d+)", page.inner_text("#count"))[1])


def test_filters_leave_what_they_say(report, opened):
    page, (_, ranking) = opened(report[0]), report
    assert shown(page) == len(ranking)
    page.select_option("#one", index=1)
    first = ranking["vacancy_id"].iloc[0]
    assert shown(page) == (ranking["vacancy_id"] == first).sum()
    assert page.locator("article").count() == 1
    page.click("button[type=reset]")
    page.locator(
        "#count", has_text=f"Пар: {len(ranking)} "
    ).wait_for()  # the page forbids scripts of others to poll in it
    page.locator("#least").fill("0.6")
    assert shown(page) == (ranking["score"].round(3) >= 0.6).sum()
    assert page.inner_text("#least-shown") == "0,60"
    page.locator("#least").fill("0")
    page.fill("#search", "токарь")
    assert 0 < shown(page) < len(ranking)
    page.fill("#search", "нет такого нигде")
    assert "Ничего не найдено" in page.inner_text("#count")
    page.fill("#search", "")
    page.select_option("#missing", label=page.locator("#missing option").nth(1).inner_text())
    skill = page.locator("#missing").input_value()
    rows = page.locator("article .pairs > tbody > tr")
    assert all(skill in rows.nth(n).inner_text() or "ещё" in rows.nth(n).inner_text() for n in range(rows.count()))
    page.select_option("#missing", "")
    page.select_option("#institution", index=1)
    assert 0 < shown(page) < len(ranking)
    page.select_option("#institution", "")
    page.select_option("#status", "студент")
    assert all("студент" in text for text in page.locator(".who .meta").all_inner_texts())


def test_orders_and_directions(report, opened):
    page, (_, ranking) = opened(report[0]), report
    page.select_option("#order", "known")
    known = [int(t.split()[0]) for t in page.locator("article").first.locator("[data-name=Известно]").all_inner_texts()]
    assert known == sorted(known, reverse=True)
    page.select_option("#order", "id")
    ids = page.locator("article").first.locator(".who button").all_inner_texts()
    assert ids == sorted(ids)
    page.click("[data-view=candidate]")
    assert shown(page) == len(ranking)
    assert page.inner_text("#one-label") == "Кандидат"
    page.click("#more")
    assert page.locator("article").count() > 25
    page.click("[data-view=seats]")
    assert "Занятые места" in page.inner_text("#list")
    assert not page.is_visible("#filters")


def test_a_pair_opens_and_its_waterfall_adds_up(report, opened):
    page = opened(report[0])
    button = page.locator(".who button").first
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    panel = page.locator(f"#{button.get_attribute('aria-controls')}")
    numbers = [int(t.replace("−", "-").replace(",", "")) for t in panel.locator(".fall .number").all_inner_texts()]
    assert sum(numbers[:-1]) == numbers[-1]
    score = page.locator("[data-name=Оценка]").first.inner_text().strip()
    assert int(score.replace(",", "")) == numbers[-1]
    button.click()
    assert page.locator(".why").count() == 0


def test_the_keyboard_reaches_everything(report, opened):
    page = opened(report[0])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.view") == "vacancy"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.view") == "candidate"
    assert page.get_attribute("[data-view=candidate]", "aria-selected") == "true"
    page.locator(".who button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".why").count() == 1


def test_controls_and_tables_have_names_for_screen_readers(report, opened):
    page = opened(report[0])
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, table')].filter(e =>
            !(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute('aria-label') && !e.caption).length"""
    )
    assert nameless == 0
    assert page.get_attribute("html", "lang") == "ru"
    assert page.locator("h1").count() == 1
    assert page.locator("th:not([scope])").count() == 0
    tree = page.locator("article").first.aria_snapshot()
    assert "есть: " in tree or "нет: " in tree, "the state of a skill is told in words, not by colour alone"


def test_a_phone_needs_no_sideways_scrolling(report, opened):
    page = opened(report[0], width=390, height=844)
    page.locator(".who button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_print_has_all_lists_and_no_controls(report, opened, tmp_path):
    page, (_, ranking) = opened(report[0]), report
    page.emulate_media(media="print")
    assert not page.is_visible("#filters")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article").count() == ranking["vacancy_id"].nunique() > 25
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > 5


def test_hostile_texts_run_nothing_and_formulas_stay_text(opened):
    people = [
        {"id": HOSTILE, "title": HOSTILE, "skills": f"C++; {HOSTILE}", "institution": HOSTILE, "status": "student"},
        {"id": FORMULA, "title": FORMULA, "skills": "Python"},
    ]
    jobs = [{"id": "+v", "title": f"Программист {HOSTILE}", "company": HOSTILE, "must_skills": f"C++;{HOSTILE};Python"}]
    result = Matcher().fit(jobs).run(people)
    page = opened(make_report(result, title="Проверка"))
    page.click("#open")
    page.click("[data-view=candidate]")
    assert page.title() == "Проверка"
    assert page.locator("main img, main script").count() == 0
    assert HOSTILE in page.inner_text("#list")
    with page.expect_download() as download:
        page.click("#save")
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    cells = [cell for line in lines for cell in re.findall(r'"((?:[^"]|"")*)"', line)]
    assert not [cell for cell in cells if cell[:1] in "=+-@" and cell]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
