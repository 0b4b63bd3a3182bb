"""The stages in order: a page in, a record out.

In: a source (path, bytes or text). Out: a `Record`, or an iterator of them in input order.
It holds no linguistics of its own. A stage that fails becomes a `Trouble`, and the rest of the record stands.
"""
