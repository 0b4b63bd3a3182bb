"""The desk in a browser: reading, searching, judging; by keys alone, without scripts, under attack, on a phone."""

from __future__ import annotations

import contextlib
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install 'tidings[dev]'")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine: install the package chromium", allow_module_level=True)

from test_desk import record  # noqa: E402
from tidings.desk import make_app, open_shelf  # noqa: E402
from tidings.facts import to_json  # noqa: E402
from tidings.store import Failed, open_store  # noqa: E402
from tidings.store.health import Feedback  # noqa: E402

# Words that would run if anything in them did.
PLANTED = '<script>window.planted=1</script><img src=x onerror="window.planted=1">"><svg onload=window.planted=1>'


@contextlib.contextmanager
def served(path: Path | None) -> Iterator[str]:
    """Serve a desk on a free port of this machine."""
    import uvicorn

    with open_shelf(path) as shelf:
        config = uvicorn.Config(make_app(shelf), host="127.0.0.1", port=0, log_level="error", lifespan="off")
        server = uvicorn.Server(config)
        worker = threading.Thread(target=server.run, daemon=True)
        worker.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        server.should_exit = True
        worker.join(5)


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    with served(None) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page(browser):
    with opened(browser) as tab:
        yield tab


@contextlib.contextmanager
def opened(browser, **options):
    """Open a tab that fails on anything a desk must not do: scripts of pages, errors, requests elsewhere."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    tab = context.new_page()
    tab.set_default_timeout(8_000)
    wrong: list[str] = []
    tab.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    tab.on("pageerror", lambda error: wrong.append(f"error {error}"))
    tab.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    tab.on("request", lambda asked: None if "//127.0.0.1:" in asked.url else wrong.append(f"request {asked.url}"))
    yield tab
    context.close()
    # What is not there, or is refused, is told on the console as well; that is no fault.
    assert not [line for line in wrong if "Failed to load resource" not in line]


def open_article(tab, home: str, events: int = 3) -> str:
    """Open an article with so many events; return its address."""
    heads = tab.request.get(f"{home}/today.json").json()["articles"]
    id = next(head["id"] for head in heads if head["events"] >= events and head["kind"] == "article")
    tab.goto(f"{home}/article/{id}")
    return f"{home}/article/{id}"


def test_text_and_facts_light_up_together(page, home):
    open_article(page, home)
    fact = page.locator("#event-0")
    mark = page.locator('.text [data-facts~="event-0"]').first
    mark.hover()
    assert "lit" in (fact.get_attribute("class") or "")
    fact.hover()
    assert "lit" in (mark.get_attribute("class") or "")
    page.locator("h1").first.hover()
    page.locator('.text [data-facts~="event-0"] a').first.focus()
    assert "lit" in (fact.get_attribute("class") or "")
    page.locator('.text [data-facts~="event-0"] a').first.click()
    assert re.search(r"#(event|actor|quote|time|place)-\d+$", page.url)


def test_what_stood_around_an_article_is_there_folded(page, home):
    open_article(page, home)
    around = page.locator("details.furniture")
    assert not around.locator("dd").first.is_visible()
    around.locator("summary").click()
    assert around.locator("dd").first.is_visible()


def test_a_reader_searches_narrows_and_comes_back(page, home):
    page.goto(home)
    page.get_by_label("Search all articles").fill("talks")
    page.keyboard.press("Enter")
    assert page.locator("mark").first.inner_text().lower().startswith("talk")
    before = page.locator("#found").inner_text()
    page.get_by_label("Narrow by Outlet").get_by_role("link").first.click()
    page.wait_for_url("**outlet=**")
    page.locator("#found", has_not_text=before).wait_for()
    page.get_by_role("link", name="remove").or_(page.locator("a.off")).first.click()
    page.locator("#found", has_text=before).wait_for()


def test_everything_can_be_done_with_keys(page, home):
    page.goto(home)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("dialog").is_visible()
    page.keyboard.press("/")
    page.keyboard.type("vienna")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=vienna")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    title = page.locator(".at-line a").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/article/**")
    assert title in page.title()
    for key, room in (("s", "stories"), ("a", "actors"), ("n", "network"), ("c", "calendar"), ("r", "review")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        page.wait_for_url(f"**/{room}")


def test_a_fact_is_judged_with_one_key(page, home):
    address = open_article(page, home)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_label("Your name").fill("Ann Reader")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}#event-0")
    assert "rejected" in (page.locator("#event-0").get_attribute("class") or "")
    assert page.locator('.text [data-facts~="event-0"]').count() == 0
    assert "Ann Reader" in page.locator("#event-0").inner_text()
    page.keyboard.press("j")
    page.keyboard.press("u")
    page.locator("#event-0:not(.rejected)").wait_for()
    # The mark stays with the fact.
    page.keyboard.press("e")
    page.wait_for_url("**/correct?**")
    page.get_by_label("type").select_option("AID")
    page.get_by_role("button", name="Keep the correction").click()
    page.wait_for_url(f"{address}#event-0")
    assert "type: AID" in page.locator("#event-0").inner_text()


def test_nothing_needs_a_script(browser, home):
    with opened(browser, java_script_enabled=False) as tab:
        tab.goto(home)
        tab.get_by_label("Search all articles").fill("sanctions")
        tab.get_by_role("button", name="Search").first.click()
        tab.locator(".heads a.title").first.click()
        assert "/article/" in tab.url
        tab.locator("#event-0 button[value=accept]").click()
        tab.get_by_label("Your name").fill("Bea")
        tab.get_by_role("button", name="Keep the judgement").click()
        assert "accepted" in tab.locator("#event-0").inner_text()
        tab.goto(f"{home}/add")
        tab.get_by_label("Text of an article").fill("Ministers of Iran and Oman signed a pact in Muscat on 4 May 2020.")
        tab.get_by_role("button", name="Read and keep").click()
        tab.locator("#done + ul a").click()
        assert "Muscat" in tab.locator(".text").inner_text()
        for room in ("keys", "network", "map", "dyad/IRN/USA", "outlook?a=IRN&b=USA"):
            assert tab.goto(f"{home}/{room}").status == 200


def test_a_list_is_narrowed_while_typing(page, home):
    page.goto(f"{home}/network?days=3650")
    rows = page.locator("#net-pairs tbody tr:visible")
    before = rows.count()
    page.get_by_label("Only with").fill("united")
    assert 0 < rows.count() < before
    page.get_by_label("Only with").fill("")
    assert rows.count() == before


def test_a_page_is_narrowed_without_being_loaded_anew(page, home):
    page.goto(f"{home}/search?q=talks")
    page.evaluate("window.stayed = 1")
    before = page.locator("#found").inner_text()
    page.get_by_label("Narrow by Outlet").get_by_role("link").first.click()
    page.wait_for_url("**outlet=**")
    page.wait_for_function("before => document.getElementById('found').innerText !== before", arg=before)
    assert page.evaluate("window.stayed") == 1
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.locator("footer a", has_text="JSON").get_attribute("href").count("outlet=") == 1
    assert page.locator("p[role=status].hidden").inner_text() == page.locator("#found").inner_text()
    page.go_back()
    page.wait_for_function("before => document.getElementById('found').innerText === before", arg=before)
    assert page.evaluate("window.stayed") == 1
    page.locator("#q").fill("sanctions")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=sanctions**")
    page.locator("mark").first.wait_for()
    assert page.evaluate("window.stayed") == 1


def test_a_judgement_leaves_the_page_where_it_is(page, home):
    open_article(page, home)
    page.context.add_cookies([{"name": "tidings_author", "value": "Ann", "url": home}])
    page.evaluate("window.stayed = 1")
    page.keyboard.press("j")
    page.keyboard.press("j")
    place = page.locator(".at-line").get_attribute("id")
    page.keyboard.press("y")
    page.locator(f"#{place} .verdict").wait_for()
    assert page.evaluate("window.stayed") == 1
    assert page.evaluate("document.activeElement.id") == place
    page.keyboard.press("u")
    page.locator(f"#{place} button[value=accept]").wait_for()


def test_the_queue_goes_on_with_the_next_fact(page, home):
    page.context.add_cookies([{"name": "tidings_author", "value": "Ann", "url": home}])
    page.goto(f"{home}/review")
    page.evaluate("window.stayed = 1")
    words = page.locator("#doubt-0 .snippet, #doubt-1 .snippet, #doubt-2 .snippet").all_inner_texts()
    page.keyboard.press("j")
    for one in words[:2]:
        assert page.locator(".at-line .snippet").inner_text() == one
        page.keyboard.press("y")
        page.locator("#doubt-0.at-line .snippet").filter(has_not_text=one).wait_for()
    assert page.locator(".at-line .snippet").inner_text() == words[2]
    assert page.evaluate("window.stayed") == 1


def test_what_fails_on_the_way_is_left_to_the_browser(page, home):
    page.goto(f"{home}/search?q=talks")
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('no')); }")
    page.get_by_label("Narrow by Outlet").get_by_role("link").first.click()
    page.wait_for_url("**outlet=**")
    assert page.locator("#found").is_visible()


def test_a_point_of_a_chart_tells_its_number(page, home):
    page.goto(f"{home}/dyad/IRN/USA")
    point = page.locator(".chart a").last
    point.focus()
    assert page.locator(".tip").inner_text() == point.get_attribute("aria-label")


@pytest.mark.parametrize("name", ["W" * 60, "International Atomic Energy Agency", "外務省" * 12, "Mmmm Wwww " * 5])
def test_names_on_the_ring_are_never_cut(page, home, name):
    from tidings.desk.network import SIZE, ring

    pairs = [
        {"a": "A", "b": f"B{at}", "a_name": name, "b_name": name, "acts": 1, "cooperation": 1, "conflict": 0}
        for at in range(11)
    ]
    page.goto(f"{home}/network")
    page.evaluate(
        """([size, nodes]) => {
            const text = (node) => `<text class="axis" x="${node.label_x}" y="${node.label_y}"
                transform="rotate(${node.turn} ${node.label_x} ${node.label_y})"
                text-anchor="${node.anchor}">${node.label}</text>`;
            document.querySelector("svg.net").innerHTML = nodes.map(text).join("");
        }""",
        [SIZE, [{key: getattr(node, key) for key in node.__struct_fields__} for node in ring(pairs)[0]]],
    )
    cut = page.evaluate(
        """() => {
            const all = document.querySelector("svg.net").getBoundingClientRect();
            return [...document.querySelectorAll("svg.net text")].filter((text) => {
                const box = text.getBoundingClientRect();
                return box.left < all.left || box.right > all.right || box.top < all.top || box.bottom > all.bottom;
            }).length;
        }"""
    )
    assert cut == 0


def test_what_a_page_plants_does_not_run(browser, tmp_path):
    import msgspec

    made = record()
    actors = tuple(msgspec.structs.replace(actor, name=PLANTED, aliases=(PLANTED,)) for actor in made.actors)
    article = msgspec.structs.replace(made.article, title=PLANTED, outlet=PLANTED, authors=(PLANTED,), section=PLANTED)
    page = msgspec.structs.replace(made.page, url="javascript:window.planted=1", name=PLANTED)
    hostile = msgspec.structs.replace(made, actors=actors, article=article, page=page)
    text = hostile.article.text.replace('<script>alert("x")</script>', "<script>planted=1</script>")
    assert len(text) != len(hostile.article.text)
    path = tmp_path / "records.jsonl"
    path.write_text(to_json(hostile) + "\n", encoding="utf-8")
    with served(path) as home, opened(browser) as tab:
        story = tab.request.get(f"{home}/stories.json?all=1").json()["stories"][0]["id"]
        for address in (
            "/today", "/search?q=envoys", "/article/a0?at=0-6", "/article/a0/source", "/stories?all=1",
            f"/story/{story}", "/actors", "/actor/Q1", "/dyad/Q1/td:a%2Fb", "/network", "/map",
            "/calendar?month=2020-06", "/outlook?a=Q1", "/sources", "/review", "/article/a0/correct?fact=event",
            f"/search?q={PLANTED}", f"/actors?q={PLANTED}", f"/none/{PLANTED}", f"/outlook?a={PLANTED}",
        ):  # fmt: skip
            tab.goto(home + address)
            assert tab.evaluate("window.planted") is None, address
            assert tab.locator('a[href^="javascript"], a[href^="data"]').count() == 0
            assert tab.locator("img, iframe, object, embed, style, [onload], [onerror], [onclick]").count() == 0
        tab.goto(f"{home}/actors")
        tab.keyboard.press("j")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/actor/**")
        assert PLANTED[:20] in tab.locator("h1").inner_text()


ROOMS = [
    "/today", "/search?q=talks&country=IRN", "ARTICLE", "STORY", "/stories", "/actors", "/actor/IRN", "/dyad/IRN/USA",
    "/network", "/map", "/calendar?month=2015-07", "/outlook", "/outlook?a=IRN&b=USA", "/sources", "/review",
    "/add", "/keys", "ARTICLE/source", "ARTICLE/correct", "/stories?all=1", "/map?view=world", "/none",
]  # fmt: skip


def addresses(tab, home: str) -> list[str]:
    heads = tab.request.get(f"{home}/today.json").json()["articles"]
    story = tab.request.get(f"{home}/stories.json").json()["stories"][0]["id"]
    one = f"/article/{heads[0]['id']}"
    named = {"ARTICLE": f"{one}?at=0-12", "STORY": f"/story/{story}", "ARTICLE/source": f"{one}/source?at=0-12",
             "ARTICLE/correct": f"{one}/correct?fact=event&index=0"}  # fmt: skip
    return [home + named.get(room, room) for room in ROOMS]


def test_a_phone_shows_every_page_whole(browser, home):
    with opened(browser, viewport={"width": 390, "height": 844}, is_mobile=True) as tab:
        for address in addresses(tab, home):
            tab.goto(address)
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
            small = tab.evaluate(
                "Array.from(document.querySelectorAll('button, input:not([type=hidden]), select, nav a'))"
                ".filter(e => e.offsetParent && (e.getBoundingClientRect().height < 24))"
                ".map(e => e.outerHTML.slice(0, 90))"
            )
            assert not [each for each in small if 'type="checkbox"' not in each], address


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_every_page_is_accessible(browser, home, scheme, width):
    """Ask axe-core where it is installed (`pip install axe-playwright-python`); else look at what we can tell."""
    axe = find_axe()
    with opened(browser, color_scheme=scheme, viewport={"width": width, "height": 900}) as tab:
        for address in addresses(tab, home):
            check_access(tab, address, axe)


def test_feeds_that_fail_are_accessible(browser, tmp_path):
    path = tmp_path / "news.db"
    with open_store(path, create=True) as store:
        store.add(record())
        for day in range(1, 9):
            good = Feedback("200", 20, added=3 if day < 6 else 0, undated=1, troubled=1, youngest=f"2020-05-0{day}")
            met = {"https://courier.example/rss": good, "https://gone.example/rss": Feedback("the server answered 404")}
            store.note_feeds(met, f"2020-05-0{day}T08:00:00Z")
        feed = "https://gone.example/rss"
        store.add_failure(Failed(page=feed, source=feed, feed=feed, error="FetchError", message="no answer"))
    with served(path) as home:
        for scheme in ("light", "dark"):
            for width in (1280, 390):
                with opened(browser, color_scheme=scheme, viewport={"width": width, "height": 900}) as tab:
                    check_access(tab, f"{home}/sources", find_axe())
                    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


def check_access(tab, address: str, axe: str | None) -> None:
    tab.goto(address)
    assert tab.evaluate(OUTLINE) == [], address
    if axe is not None:
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        # The size of what is to be hit is asked for by name: axe leaves it out otherwise.
        assert not ask_axe(tab, axe, {"runOnly": tags, "rules": {"target-size": {"enabled": True}}}), address


def ask_axe(tab, axe: str, options: dict) -> list:
    # Evaluated by the debugger, and so not subject to the policy of the page.
    tab.evaluate(axe)
    found = tab.evaluate("options => axe.run(document, options)", options)["violations"]
    return [(each["id"], each["help"], [node["html"][:160] for node in each["nodes"][:3]]) for each in found]


def find_axe() -> str | None:
    from importlib.util import find_spec

    spec = find_spec("axe_playwright_python")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    script = next(folder.rglob("axe.min.js"), None) if folder else None
    return script.read_text(encoding="utf-8") if script else None


OUTLINE = """() => {
  const wrong = [];
  let last = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) wrong.push(`heading ${heading.textContent} skips a level`);
    last = level;
  }
  for (const part of ['header', 'nav', 'main', 'footer']) if (!document.querySelector(part)) wrong.push(`no ${part}`);
  for (const field of document.querySelectorAll('input:not([type=hidden]), select, textarea'))
    if (!field.labels.length && !field.getAttribute('aria-label')) wrong.push(`no label: ${field.outerHTML}`);
  for (const link of document.querySelectorAll('a[href], button'))
    if (!(link.textContent.trim() || link.getAttribute('aria-label'))) wrong.push(`no name: ${link.outerHTML}`);
  if (!document.documentElement.lang || !document.title) wrong.push('no language or title');
  return wrong;
}"""
