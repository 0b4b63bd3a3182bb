"""Score trained weights without shipping them: `python -m training.encoder.measure DATA FILE...`.

In: one file of weights a seed. Out: each number of `tidings bench encoder`, its mean and its spread over the seeds.
It leaves the package as it is. With `--join` the weights are averaged first and scored as one network.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from training.encoder.export import Weights, installed, joined

from tidings.score import encoder as score
from tidings.score.results import Score


def measured(weights: Weights, folder: Path, *, integers: bool) -> list[Score]:
    """Return the scores of weights that are not shipped."""
    with installed(weights, folder, integers=integers):
        return score.score_encoder(folder, speed=False)


def main() -> None:
    """Read the arguments and print one line a number."""
    parser = argparse.ArgumentParser(prog="training.encoder.measure", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--join", action="store_true", help="average the weights and score the one network they give")
    parser.add_argument("--integers", action="store_true", help="score in 8 bits, as shipped")
    parser.add_argument("--out", type=Path, help="write all numbers here, as JSON")
    args = parser.parse_args()
    networks = [joined(args.weights)] if args.join else [dict(np.load(path)) for path in args.weights]
    runs = [measured(weights, args.data, integers=args.integers) for weights in networks]
    table = {found[0].name: [item.value for item in found] for found in zip(*runs, strict=True)}
    for name, values in table.items():
        each = " ".join(f"{value:.4f}" for value in values)
        print(f"{name:32} mean {np.mean(values):.4f} spread {np.std(values):.4f}  {each}")
    if args.out:
        args.out.write_text(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
