"""The article: what is kept, what it is called, what stands around it, and the way back to the page."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidings.article import find_article
from tidings.article.credits import is_domain
from tidings.article.dating import iso_day
from tidings.article.declared import _nodes
from tidings.article.language import find_language
from tidings.article.markup import attributes, scan
from tidings.article.people import byline_names
from tidings.article.titles import split_title, title_parts
from tidings.facts import BODY_ROLES, Clipping, Received
from tidings.pages import read_page
from tidings.text import Alignment

FIRST = (
    "The harbour board agreed on Tuesday to reopen the northern ferry line, which has been closed since the storms "
    "of last winter, after weeks of talks with the unions."
)
SECOND = "“We will sail again before the summer,” the board’s chair, Ann Miller, told reporters in Portsea."
THIRD = (
    "Two of the three ships need new engines, and the council said it would pay for half of the work, while the "
    "rest is to come from a levy on freight."
)
TEXT = f"""Ferry line to reopen after winter storms | World

{FIRST}

{SECOND}

A levy on freight

{THIRD}

The first sailing is planned for the end of May, according to a spokesman for the company that runs the line.

quaynews.example.com

Related Posts

Joe Brook

Joe Brook is a reporter at Harbour Post and covers shipping, trade and the coast.

Leave a Reply

Your email address will not be published. Required fields are marked *
"""
HTML = f"""<!doctype html><html lang="en"><head><title>Ferry line to reopen after winter storms - Harbour Post</title>
<meta property="og:site_name" content="Harbour Post">
<meta property="article:published_time" content="2024-03-05T08:00:00Z">
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"Ferry line to reopen after winter storms",
"datePublished":"2024-03-05T08:00:00Z","author":[{{"@type":"Person","name":"Joe Brook"}}]}}</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<article><h1>Ferry line to reopen after winter storms</h1><div class="byline">By Joe Brook</div>
<p>{FIRST}</p><p>{SECOND}</p><h2>A levy &amp; freight</h2><p>{THIRD.replace("council", "<b>council</b>")}</p>
<p>The first sailing is planned for the end of May, according to a spokesman for the company that runs the line.</p>
</article>
<div class="newsletter">Sign up for our newsletter</div>
<footer>© 2024 Harbour Post. All rights reserved.</footer></body></html>"""


def clip(source: str | bytes, **options: Any) -> Clipping:
    return find_article(read_page(source, **options))


def roles(clipping: Clipping) -> list[tuple[str, str]]:
    return [(block.role, block.span.of(clipping.article.text)) for block in clipping.article.blocks]


def test_plain_text() -> None:
    clipping = clip(TEXT)
    article = clipping.article
    assert (article.title, article.section, article.language) == (
        "Ferry line to reopen after winter storms",
        "World",
        "en",
    )
    assert [role for role, _ in roles(clipping)] == [
        "headline",
        "paragraph",
        "paragraph",
        "subheading",
        "paragraph",
        "paragraph",
    ]
    assert [(one.role, one.text[:12]) for one in clipping.furniture] == [
        ("credit", "quaynews.exa"),
        ("related", "Related Post"),
        ("author_bio", "Joe Brook"),
        ("author_bio", "Joe Brook is"),
        ("comment_form", "Leave a Repl"),
        ("comment_form", "Your email a"),
    ]
    assert article.credit is not None and article.credit.source is not None
    assert (article.credit.name, article.credit.source.of(TEXT)) == ("quaynews.example.com", "quaynews.example.com")


def test_markup() -> None:
    clipping = clip(HTML, url="https://harbourpost.example/a")
    article = clipping.article
    assert (article.title, article.authors, article.outlet) == (
        "Ferry line to reopen after winter storms",
        ("Joe Brook",),
        "Harbour Post",
    )
    body = [text for role, text in roles(clipping) if role in BODY_ROLES]
    assert body[:2] == [FIRST, SECOND] and THIRD in body
    assert article.body == "\n".join(body)
    assert ("newsletter", "Sign up for our newsletter") in [(one.role, one.text) for one in clipping.furniture]
    best = clipping.dates[0]
    assert (best.value, best.basis) == ("2024-03-05", "metadata")
    assert best.evidence.source is not None and best.evidence.source.of(HTML) == "2024-03-05T08:00:00Z"


@pytest.mark.parametrize("page", [TEXT, HTML])
def test_every_visible_character_leads_back_to_the_page(page: str) -> None:
    check_alignment(read_page(page), clip(page))


def check_alignment(received: Received, clipping: Clipping) -> None:
    article, alignment = clipping.article, Alignment(clipping.article.alignment)
    at = 0
    for block in article.blocks:
        assert article.text[at : block.span.start] in ("", "\n\n")
        at = block.span.end
        for offset in range(*block.span):
            source = alignment.source(offset)
            if article.text[offset].isspace():
                continue
            assert source is not None
            if received.page.media == "text" or received.text[source] != "&":
                assert received.text[source] == article.text[offset]
    assert at == len(article.text)
    starts = [run[0] for run in article.alignment]
    assert starts == sorted(set(starts))
    for one in clipping.furniture:
        assert one.source.of(received.text).strip()


_WORDS = st.sampled_from(
    ["Talks", "resume", "&amp;", "&nbsp;", "<b>", "</b>", "<p>", "</p>", "<br>", "\xa0", "\xad", "said", "Geneva.",
     "<!-- x -->", "<",
     ">", "&",
     "<div>", "</div>", "\n", "<script>", "</script>", "\ue0001\ue001", "é", "<td>", "&#8217;", "'",
     '"', "<a href='", "</html>", "<svg>", "<title>"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(_WORDS, min_size=1, max_size=60), st.sampled_from(["html", "text"]))
def test_any_markup_keeps_its_alignment(words: list[str], media: Any) -> None:
    try:
        received = read_page(" ".join(words), media=media)
    except Exception as error:
        assert type(error).__name__ == "EmptyPage"
        return
    check_alignment(received, find_article(received))


def test_an_article_is_one_paragraph_kept_to_the_letter() -> None:
    source = "  Talks\x00 resume.\n\nNew line. "
    article = clip(source, media="article").article
    assert article.text == article.body == source
    assert [(tuple(block.span), block.role) for block in article.blocks] == [((0, len(source)), "paragraph")]
    assert article.alignment == ((0, 0, len(source)),)


def test_a_few_lines_of_prose_are_all_body() -> None:
    text = "Ministers met in Geneva on Monday.\nThe talks, officials said, will resume in May."
    assert clip(text).article.body == text


@pytest.mark.parametrize(
    ("title", "names", "expected"),
    [
        ("Ferry line reopens | International", [], ("Ferry line reopens", "International")),
        ("Ferry line reopens | World | Harbour Post", ["Harbour Post"], ("Ferry line reopens", "World")),
        ("Ferry line reopens - harbourpost.com", [], ("Ferry line reopens", None)),
        ("Ferry line reopens - but at a price", [], ("Ferry line reopens - but at a price", None)),
        ("Spider-Man returns", ["Man"], ("Spider-Man returns", None)),
    ],
)
def test_titles(title: str, names: list[str], expected: tuple[str, str | None]) -> None:
    assert split_title(title, names=names) == expected


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        (f"PORTSEA (Reuters) - {FIRST}", "agency", "Reuters"),
        (
            f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n\nThis article was originally published in the Quay Gazette.",
            "syndicated",
            "Quay Gazette",
        ),
        (f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n\nTranslated from Le Quai.", "translated", "Le Quai"),
        (f"{FIRST}\n\n{SECOND}\n\n{THIRD}\n\nRead it at quay.example.com or call us.", None, None),
    ],
)
def test_credits(line: str, kind: str | None, name: str | None) -> None:
    text = line if "\n" in line else f"{line}\n\n{SECOND}\n\n{THIRD}"
    credit = clip(text).article.credit
    assert (credit.kind if credit else None, credit.name if credit else None) == (kind, name)
    if credit is not None:
        assert credit.source is not None and credit.name in credit.source.of(text)


def test_an_error_page_names_no_outlet_of_its_own() -> None:
    page = "<title>Page not found (404) | Harbour Post</title><body><h1>Harbour Post</h1><p>Try the search.</p></body>"
    assert clip(page).article.outlet is None
    numbers = (
        f"<title>500 homes flooded in Ostrava</title><body><h1>500 homes flooded in Ostrava</h1><p>{FIRST}</p></body>"
    )
    assert clip(numbers).article.kind == "article"


def test_index_and_error_pages_say_so() -> None:
    links = "".join(f"<li><a href='/{n}'>Headline number {n} about some town</a></li>" for n in range(40))
    assert clip(f"<html><body><h1>News</h1><ul>{links}</ul></body></html>").article.kind == "index"
    assert (
        clip("<html><title>404 Not Found</title><body><h1>Page not found</h1><p>Sorry.</p></body></html>").article.kind
        == "error"
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Der Minister hat am Montag in Berlin erklärt, dass die Gespräche im Mai wieder beginnen.",
            "de",
        ),
        (
            "El ministro dijo el lunes en Madrid que las conversaciones se reanudarán en mayo.",
            "es",
        ),
        ("Putin met Lukashenko.", None),
        ("The minister said so.", "en"),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    assert find_language(text) in (language, "en" if language is None else language)


@pytest.mark.parametrize(
    "noise",
    ["<", "<a ", '<a href="', "<!--", "<![CDATA[", "<script>", "</", "&", "&#", "<div>", "<b><p>", "<a x='>",
     "<p>\xa0", "- ", "a.b", "(", '"', "By A ", "|", " | a"],
)  # fmt: skip
def test_noise_takes_linear_time(noise: str, within) -> None:
    page = noise * (100_000 // len(noise))
    with within(3):
        scan(page)
        attributes(page, 0, len(page))
        split_title(page[:2_000])
        byline_names(page)
        iso_day(page)
        is_domain(page[:20_000])
        find_language(page)
        list(_nodes(page))


@pytest.mark.parametrize(
    "crowd",
    [" ".join(f"a{n}=1" for n in range(60_000)), " ".join(f"a{n}" for n in range(60_000)),
     "a=\x0b'" + " ".join(f"a{n}" for n in range(60_000)), "a=\xa0'" + "/".join(f"a{n}" for n in range(60_000))],
)  # fmt: skip
def test_a_tag_with_a_crowd_of_attributes_costs_little(crowd: str, within) -> None:
    # Parsers look up each attribute among all before it: these would take them a minute or more.
    with within(10):
        clipping = clip(
            f"<html><body><article><h1>Ferry line</h1><p {crowd}>{FIRST}</p><p>{SECOND}</p></article></body>"
        )
    assert FIRST in clipping.article.text and SECOND in clipping.article.text


def test_a_title_of_very_many_parts_is_not_parted(within) -> None:
    with within(10):
        for title in ("Talks | " * 20_000, "a: " * 50_000, "Politics - " * 15_000):
            page = (
                f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{FIRST}</p><p>{SECOND}</p></body>"
            )
            assert FIRST in str(clip(page))
            assert title_parts(title) == [] and split_title(title) == (title.strip(), None)
    assert title_parts("Ferry line: Portsea") == [("Portsea", "Ferry line")]


def test_a_long_attribute_is_no_crowd() -> None:
    style = "a &amp; b > 'c' " * 500
    found = scan(f'<p id="x" style="{style}" hidden>{FIRST}</p><img data-x="{style}"/>')
    assert not found.crowded
    assert found.copy.count("'") == 0 and found.copy.count('"') == 8 and 'id="x"' in found.copy
    assert found.copy.endswith('"/>') and ' hidden=""' in found.copy
    assert scan(f"<p {'a ' * 300}>{FIRST}</p>").crowded is False
    assert scan(f"<p {' '.join(f'a{n}' for n in range(201))}>{FIRST}</p>").crowded


@pytest.mark.parametrize("crumb", ["<p>x</p>", "<b></b>", "x\n"])
def test_a_page_of_crumbs_is_looked_at_up_to_a_point(monkeypatch: pytest.MonkeyPatch, crumb: str) -> None:
    for module in ("clip", "lines", "markup"):
        monkeypatch.setattr(f"tidings.article.{module}.MOST_LINES", 1_000)
    monkeypatch.setattr("tidings.article.markup._MOST_PARTS", 4_000)
    tag = "" if crumb == "x\n" else "<p>"
    pages = (f"{tag and '<html><body>'}{FIRST}\n{tag}{crumb * times}\n{tag}{SECOND}" for times in (20, 5_000))
    few, many = map(clip, pages)
    assert few.why is None and FIRST in str(few) and SECOND in str(few)
    assert many.why is not None and "very long" in many.why
    assert FIRST in str(many) and SECOND not in str(many)


def test_much_script_costs_a_page_nothing_of_its_article() -> None:
    page = "<html><head>{}</head><body><nav><a href=x>World</a></nav><main><h1>Ferry line</h1>{}</main></body></html>"
    text = "".join(f"<p>{words}</p>" for words in (FIRST, SECOND, FIRST[::-1]))
    bare, heavy = clip(page.format("", text)), clip(page.format(f"<script>a = '{'x' * 3_100_000}'</script>", text))
    assert heavy.why is None and heavy.article.text == bare.article.text
    hard = clip(page.format("", text + f"<img alt='{'x' * 3_100_000}'>"))
    assert hard.why is not None and "may be missing" in hard.why


def test_deep_nesting_and_unclosed_markup() -> None:
    deep = "<html><body>" + "<div>" * 10_000 + f"<p>{FIRST}</p>" + "</div>" * 10_000 + f"<p>{SECOND}</p></body></html>"
    assert FIRST in "".join(line.text for line in clip(deep).furniture) + clip(deep).article.text
    assert FIRST[:60] in str(clip(f"<html><body><!-- open <p>{FIRST}</p><p>{SECOND}</p>"))
    assert FIRST[:60] in str(clip(f"<html><body><p>{FIRST}</p><p>{SECOND}</p><script>var a = 1"))


@pytest.mark.parametrize(
    ("tail", "title"),
    [
        ("<!DOCTYPE html>", None),
        ("<html><head><title>Ferry line to re", "Ferry line to re"),
        ("<html><head><title>Ferry line</title><meta name='descr", "Ferry line"),
        ("<html><head><title>Ferry line</title><script>document.write('<p>Not a text', ", "Ferry line"),
        ("<html><head><title>Ferry line</title></head><body><!-- Not a text", "Ferry line"),
        ("<html><head><title>Ferry line</title></head><body><div class=", "Ferry line"),
    ],
)
def test_a_page_cut_off_before_its_text_is_no_article(tail: str, title: str | None) -> None:
    found = clip(tail)
    assert (found.article.text, found.article.title) == ("", title)
    assert found.why and "cut off" in found.why


def test_a_page_drawn_by_scripts_says_so() -> None:
    found = clip(
        "<html><head><title>Ferry line</title></head><body><div id=app></div><script>draw()</script></body></html>"
    )
    assert found.article.text == "" and found.why and "scripts" in found.why


@pytest.mark.parametrize(
    "tail", ["", "<", "</", "</p", "</p>", "<p class='a", "<script>if (a < b)", "<!-- next", "<!DOC", "<a hr"]
)
def test_a_page_cut_off_in_its_text_keeps_what_was_read(tail: str) -> None:
    found = clip(f"<html><body><h1>Ferry line</h1><p>{FIRST}</p><p>{SECOND}{tail}")
    assert found.article.body == f"{FIRST}\n{SECOND}"
    assert found.why is None


@pytest.mark.parametrize(
    "text",
    [
        "Growth was < 2 % in May, the bank said.",
        "If a <b then nobody wins, he said.",
        "The sign they used, </, ended every line of it.",
    ],
)
def test_a_plain_text_with_a_bracket_stays_text(text: str) -> None:
    assert clip(text).article.text == text


def test_same_page_same_clipping() -> None:
    assert clip(HTML) == clip(HTML)


def test_a_page_of_one_paragraph_is_an_article():
    page = (
        "<html><body><p>Ministers met in Geneva on Monday, officials said after a long day of talks.</p></body></html>"
    )
    assert find_article(read_page(page.encode())).article.body.startswith("Ministers met")


def test_titles_lose_the_site_and_keep_the_kicker():
    def title(shown: str, headline: str, foot: str) -> str | None:
        lines = "".join(
            f"<p>Ministers met again in Geneva on day {n}, and officials said the talks went on.</p>" for n in range(9)
        )
        head, body = f"<title>{shown}</title>", f"<h1>{headline}</h1>{lines}<footer>{foot}</footer>"
        page = f"<html><head>{head}</head><body>{body}</body></html>"
        clipping = find_article(read_page(page.encode()))
        return f"{clipping.article.title} / {clipping.article.outlet}"

    assert (
        title("Talks resume in Geneva - Northwire", "Talks resume in Geneva", "")
        == "Talks resume in Geneva / Northwire"
    )
    shown = "The Harbour Post: Talks resume in Geneva"
    assert (
        title(shown, "Talks resume in Geneva", "Copyright The Harbour Post")
        == "Talks resume in Geneva / The Harbour Post"
    )
    assert title("Opinion: Talks resume in Geneva", "Talks resume in Geneva", "").startswith("Opinion: Talks resume")


def test_a_page_that_calls_itself_utf8_and_is_not():
    page = '<meta charset="utf-8"><p>“We are close”, said the envoy — a trader’s son — after the talks in Geneva.</p>'
    assert "“We are close”" in read_page(page.encode("cp1252")).text
    assert "“We are close”" in read_page(page.encode()).text
