"""A learnt second stage as an engine keeps it: names of features and plain arrays, saved without pickle."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from matcher import store
from matcher.errors import StoreError
from matcher.ranking.second import SecondStage
from matcher.ranking.trees import Trees


@dataclass(frozen=True)
class Reranker:
    """A learnt second stage.

    Give it to an engine (``Matcher(reranker=...)``) and the first ``rerank.first`` of each list are put in its order:
    its score replaces ``score``, the first stage's stays as ``score_first``.

    Attributes
    ----------
    stage : SecondStage
        Names of the features and the trees.
    """

    stage: SecondStage

    @property
    def fingerprint(self) -> str:
        """A short digest that changes with any tree."""
        whole = b"".join(a.tobytes() for a in self.to_arrays().values())
        return hashlib.sha256(json.dumps(self.stage.names).encode() + whole).hexdigest()[:16]

    def save(self, directory: str | Path) -> None:
        """Save as a directory of JSON and ``.npy`` files with a manifest."""
        about = {"matcher": version("matcher"), "fingerprint": self.fingerprint}
        store.write(directory, "reranker", about, {"reranker": list(self.stage.names)}, self.to_arrays())

    def to_arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """The trees as named arrays, to be saved."""
        return {f"reranker_{name}": a for name, a in self.stage.trees.to_arrays().items()}

    @classmethod
    def from_arrays(cls, names: Any, arrays: Mapping[str, np.ndarray[Any, Any]]) -> Reranker:
        """A reranker from names of features and what ``to_arrays`` gave, checked."""
        features = tuple(str(n) for n in names)
        told = {name.removeprefix("reranker_"): a for name, a in arrays.items()}
        return cls(SecondStage(features, Trees.from_arrays(told, len(features))))

    @classmethod
    def load(cls, directory: str | Path) -> Reranker:
        """Load what ``save`` wrote; runs no code.

        Raises
        ------
        StoreError
            When something is missing, damaged or newer.
        """
        _, texts, arrays = store.read(directory, "reranker")
        try:
            return cls.from_arrays(texts["reranker"], arrays)
        except (KeyError, TypeError, ValueError) as e:
            raise StoreError(f"The reranker in {directory} is damaged: {e}.") from None
