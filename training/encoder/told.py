"""Write down how the rules read the acts of real sentences: `python -m training.encoder.told DATA --out FILE`.

In: the world news articles. Out: one JSON object a sentence with the status of each of its verbs and triggers.
These are weak labels: the status head learns them beside sentences of our own. It needs spaCy, and no torch.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tidings.score.encoder import joined, rows
from tidings.score.statuses import by_rules
from tidings.syntax import load_model


def main() -> None:
    """Read the arguments and write the labels."""
    parser = argparse.ArgumentParser(prog="training.encoder.told", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model = load_model()
    with args.out.open("w", encoding="utf-8") as out:
        for document in rows(args.data / "actors/dev/ner_worldwide.jsonl"):
            texts = [joined(sentence["tokens"], sentence["tags"])[0] for sentence in document["sents"]]
            for text, doc in zip(texts, model.pipe(texts, batch_size=16), strict=True):
                found = list(by_rules(doc))
                if found:
                    row = {"document": document["id"], "text": text, "acts": found}
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
