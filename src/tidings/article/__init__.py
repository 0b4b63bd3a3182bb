"""From a page to its article.

In: a `Received`. Out: a `Clipping`: the article with typed blocks, the furniture around it, the dates the page states.
It does not choose the date (`times`) and does not know who is who (`actors`).
"""

from tidings.article.clip import find_article

__all__ = ["find_article"]
