"""Blend two stages of one run: `python -m training.encoder.blend --new FILE --old FILE --told FILE --out FILE`.

In: weights, and the weights they went on from. Out: weights between the two, which forget less of what the old ones
knew (WiSE-FT); the head of statuses, which the old ones lack, is fitted anew on the blend, the rest frozen.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from training.encoder import corpora, network, train

from tidings.encoder.heads import COLUMNS

SHARE, PASSAGES, OURS, STEPS = 0.3, 900, 4.0, 400


def blended(new: dict[str, np.ndarray], old: dict[str, np.ndarray], share: float) -> dict[str, np.ndarray]:
    """Return weights between two; rows the old ones lack are taken as new."""
    made = {}
    for name, value in new.items():
        before = np.concatenate([old[name], value[len(old[name]) :]])
        made[name] = (share * value + (1 - share) * before).astype(np.float32)
    return made


def seen(model: network.Network, examples: list[corpora.Example]) -> tuple[Tensor, Tensor]:
    """Return the last layer at each act, and its status."""
    kept: list[Tensor] = []
    hook = model.heads.register_forward_pre_hook(lambda _, inputs: kept.append(inputs[0]))
    states, labels = [], []
    with torch.no_grad():
        for item in examples:
            lower = model.lower(torch.tensor([item.ids]), None)
            model.upper(lower, torch.tensor([item.shapes]), torch.tensor([item.marks]), None, 0.0)
            row = torch.tensor(item.tags["status"])
            states.append(kept.pop()[0][row != corpora.NOWHERE])
            labels.append(row[row != corpora.NOWHERE])
    hook.remove()
    return torch.cat(states), torch.cat(labels)


def refit(weights: dict[str, np.ndarray], told: Path, *, seed: int) -> None:
    """Fit the head of statuses on the last layer as it is; what we wrote counts more than what the rules say."""
    chance = train.seed_all(seed)
    model = network.restored(weights)
    by_rules = corpora.told_by_rules(told, chance)
    states, labels = seen(model, chance.sample(by_rules, min(PASSAGES, len(by_rules))))
    ours, right = seen(model, corpora.told_by_us())
    head = torch.nn.Linear(states.shape[1], COLUMNS["status"].stop - COLUMNS["status"].start)
    with torch.no_grad():
        head.weight.copy_(torch.from_numpy(weights["heads.weight"][COLUMNS["status"]]))
        head.bias.copy_(torch.from_numpy(weights["heads.bias"][COLUMNS["status"]]))
    optimizer = torch.optim.AdamW(head.parameters(), lr=3e-3, weight_decay=0.05)
    for _ in range(STEPS):
        cost = functional.cross_entropy(head(states), labels) + OURS * functional.cross_entropy(head(ours), right)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
    weights["heads.weight"][COLUMNS["status"]] = head.weight.detach().numpy()
    weights["heads.bias"][COLUMNS["status"]] = head.bias.detach().numpy()


def main() -> None:
    """Read the arguments, blend, refit and write."""
    parser = argparse.ArgumentParser(prog="training.encoder.blend", description=__doc__)
    for name in ("new", "old", "told", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--share", type=float, default=SHARE, help="how much of the new weights")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    weights = blended(dict(np.load(args.new)), dict(np.load(args.old)), args.share)
    refit(weights, args.told, seed=args.seed)
    np.savez(args.out, allow_pickle=False, **weights)


if __name__ == "__main__":
    main()
