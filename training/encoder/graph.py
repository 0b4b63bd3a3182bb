"""The trained weights as an ONNX graph, in 8-bit integers or in floats.

In: the arrays of a `Network`. Out: the bytes of a model for onnxruntime.

The graph is built by hand from the operators onnxruntime fuses to anyway. It reads one passage at a time, so it needs
no mask, wastes nothing on padding, and what it says about a passage depends on nothing but the passage.
Weights are rounded with care (`rounding`). Inputs are cut to 8 bits for each passage, in the inner layer for each
piece, where single pieces stand out; before that, single numbers that stand out are evened out (SmoothQuant).
"""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper
from training.encoder.network import EPSILON, FROZEN, HEADS, LAYERS, Met
from training.encoder.rounding import rounded

_MS = "com.microsoft"
EVENNESS = 0.6
EVENED, BY_PIECE = ("attend", "up", "down"), ("up", "down")


class _Graph:
    def __init__(self, weights: dict[str, np.ndarray], met: dict[str, Met] | None) -> None:
        self.weights, self.met = weights, met
        self.nodes: list = []
        self.constants: list = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], *, domain: str = "", outputs: int = 1, **attributes: object) -> str:
        name = f"{kind}_{len(self.nodes)}"
        names = [name] if outputs == 1 else [f"{name}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=name, domain=domain, **attributes))
        return name

    def linear(self, states: str, name: str) -> str:
        weight, bias = self.weights[f"{name}.weight"].T, self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        if self.met is None:
            product = self.node("MatMul", [states, self.constant(f"{name}.weight", weight)])
            return self.node("Add", [product, bias])
        gram = self.met[name].gram
        if name.endswith(EVENED):
            even = _evened(self.met[name].largest, weight)
            states = self.node("Mul", [states, self.constant(f"{name}.even", (1 / even).astype(np.float32))])
            weight, gram = weight * even[:, None], gram / np.outer(even, even)
        whole, scale = rounded(weight, gram)
        parts = [
            self.constant(f"{name}.weight", whole),
            self.constant(f"{name}.scale", scale),
            self.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
        ]
        if not name.endswith(BY_PIECE):
            return self.node("DynamicQuantizeMatMul", [states, *parts, bias], domain=_MS)
        largest = self.node("ReduceMax", [self.node("Abs", [states]), "last"], keepdims=1)
        product = self.node("DynamicQuantizeMatMul", [self.node("Div", [states, largest]), *parts], domain=_MS)
        return self.node("Add", [self.node("Mul", [product, largest]), bias])

    def table(self, name: str, index: str) -> str:
        return self.node("Gather", [self.constant(name, self.weights[name]), index])

    def word_table(self, index: str) -> str:
        table = self.weights["words.weight"]
        if self.met is None:
            return self.table("words.weight", index)
        scale = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / 127
        whole = np.clip(np.rint(table / scale), -127, 127).astype(np.int8)
        rows = self.node("Gather", [self.constant("words.weight", whole), index])
        scales = self.node("Gather", [self.constant("words.scale", scale.astype(np.float32)), index])
        return self.node("Mul", [self.node("Cast", [rows], to=TensorProto.FLOAT), scales])

    def norm(self, states: str, skip: str, name: str) -> str:
        parts = [self.constant(f"{name}.{kind}", self.weights[f"{name}.{kind}"]) for kind in ("weight", "bias")]
        return self.node("SkipLayerNormalization", [states, skip, *parts], domain=_MS, epsilon=EPSILON)

    def layer(self, states: str, name: str) -> str:
        packed = self.linear(states, f"{name}.attend")
        split = self.node("Split", [packed], outputs=3, axis=-1, num_outputs=3)
        parts = [f"{split}_{index}" for index in range(3)]
        seen = self.node("MultiHeadAttention", parts, domain=_MS, num_heads=HEADS)
        states = self.norm(states, self.linear(seen, f"{name}.out"), f"{name}.norm")
        inner = self.node("Gelu", [self.linear(states, f"{name}.up")], domain=_MS)
        return self.norm(states, self.linear(inner, f"{name}.down"), f"{name}.norm_up")


def _evened(reach: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return by what to divide each input so that no single one uses up the 8 bits (SmoothQuant)."""
    even = np.maximum(reach, 1e-4) ** EVENNESS / np.maximum(np.abs(weight).max(1), 1e-4) ** (1 - EVENNESS)
    return even / np.exp(np.log(even).mean())


def build(weights: dict[str, np.ndarray], met: dict[str, Met] | None = None) -> bytes:
    """Return the model: `ids`, `shapes`, `marks` (1, pieces) in, `columns` (1, pieces, heads) out.

    With what each linear layer met on real sentences it is made in integers, without in floats.
    """
    graph = _Graph(weights, met)
    length = graph.node("Slice", [graph.node("Shape", ["ids"]), *_ends(graph)])
    places = graph.node("Slice", [graph.constant("places.weight", weights["places.weight"]), "zero", length, "axis"])
    one = graph.node("Unsqueeze", [places, "axis"])
    states = graph.norm(graph.word_table("ids"), one, "norm")
    for index in range(LAYERS):
        if index == FROZEN:
            extra = graph.node("Add", [graph.table("shapes.weight", "shapes"), graph.table("marks.weight", "marks")])
            states = graph.node("Add", [states, extra])
        states = graph.layer(states, f"layers.{index}")
    graph.nodes.append(helper.make_node("Identity", [graph.linear(states, "heads")], ["columns"]))
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, [1, "pieces"]) for name in ("ids", "shapes", "marks")
    ]
    output = helper.make_tensor_value_info("columns", TensorProto.FLOAT, [1, "pieces", len(weights["heads.bias"])])
    made: ModelProto = helper.make_model(
        helper.make_graph(graph.nodes, "encoder", inputs, [output], graph.constants),
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(_MS, 1)],
        producer_name="tidings",
    )
    made.ir_version = 9
    return made.SerializeToString()


def _ends(graph: _Graph) -> list[str]:
    zero = graph.constant("zero", np.array([0], np.int64))
    graph.constant("axis", np.array([0], np.int64))
    graph.constant("last", np.array([-1], np.int64))
    return [graph.constant("one", np.array([1], np.int64)), graph.constant("two", np.array([2], np.int64)), zero]
