"""What is said of a story as a whole: its days, its size, and the headline chosen among its articles.

In: a story whose articles have changed. Out: its row. No headline is written, only chosen.
"""

from __future__ import annotations

from tidings.stories.standing import Standing
from tidings.stories.terms import terms_of

__all__ = ["refresh"]

SHORTEST = 4
LONGEST = 18
"""Words of a headline that says something and is none too many."""
MOST_HEADLINES = 60


def refresh(standing: Standing, story: int) -> bool:
    """Bring the row of a story up to date; one without articles goes. Tell whether it is there."""
    connection = standing.connection
    rows = connection.execute(
        "SELECT r.number, r.title, r.published, r.outlet, r.canonical, r.kind, coalesce(c.kind, 'origin')"
        " FROM story_articles s JOIN articles r ON r.number = s.article LEFT JOIN copies c ON c.article = r.number"
        " WHERE s.story = ? ORDER BY coalesce(r.published, '9'), r.number",
        (story,),
    ).fetchall()
    if not rows:
        connection.execute(
            "DELETE FROM acts WHERE dataset = 1 AND story = (SELECT id FROM stories WHERE number = ?)", (story,)
        )
        connection.execute("DELETE FROM stories WHERE number = ?", (story,))
        return False
    days = [row[2][:10] for row in rows if row[2]]
    outlets = {row[3] or (row[4] or "").split("/")[0] or f"#{row[0]}" for row in rows}
    titles = [row[1] for row in rows if row[1] and row[5] == "article" and row[6] == "origin"]
    titles = titles or [row[1] for row in rows if row[1]]
    connection.execute(
        "UPDATE stories SET headline = ?, first_day = ?, last_day = ?, articles = ?, outlets = ? WHERE number = ?",
        (choose(titles), min(days, default=None), max(days, default=None), len(rows), len(outlets), story),
    )
    return True


def choose(titles: list[str]) -> str | None:
    """Return the headline that shares most with the others, of those that are neither curt nor long; the first wins.

    >>> choose(["Storm hits Odd", "Storm hits Odd, two ferries lost", "Two ferries lost in storm off Odd"])
    'Storm hits Odd, two ferries lost'
    """
    titles = titles[:MOST_HEADLINES]
    plain = [title for title in titles if SHORTEST <= len(title.split()) <= LONGEST] or titles
    words = {title: frozenset(term.stem for term in terms_of(title)) for title in titles}
    spread: dict[str, int] = {}
    for title in titles:
        for word in words[title]:
            spread[word] = spread.get(word, 0) + 1

    def weight(title: str) -> float:
        return round(sum(spread[word] - 1 for word in words[title]) / max(1, len(words[title])) ** 0.5, 6)

    return max(plain, key=lambda title: (weight(title), -titles.index(title)), default=None)
