"""Texts -> unit vectors, by a sentence-transformers model that is loaded once, at its first use."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

BATCH = 16
# The passages of a resume are below 512 tokens; longer texts are cut by the model.
MAX_TOKENS = 512


class Encoder(Protocol):
    """What the index and the retriever need of an embedder.

    `id` names the weights and how texts are put to them: vectors of different ids are not comparable.
    """

    @property
    def id(self) -> str: ...

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray: ...

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray: ...


class Embedder:
    """A sentence-transformers model in the retriever's two roles.

    Safe to use from several threads: loading and encoding hold a lock (one forward pass already
    keeps all cores busy).

    Args:
        path_or_name: folder or hub id of the weights.
        name: what to call them in `id`; by default the folder's or hub's own name.
    """

    def __init__(self, path_or_name: str | Path, name: str = "") -> None:
        self._source = str(path_or_name)
        self._name = name or self._source
        self._model: SentenceTransformer | None = None
        self._id = ""
        self._lock = threading.Lock()
        # e5 models were trained with these marks in front; without them retrieval loses several points.
        is_e5 = "e5" in self._name.lower() or "e5" in Path(self._source).name.lower()
        self._query_prefix, self._passage_prefix = ("query: ", "passage: ") if is_e5 else ("", "")

    @property
    def id(self) -> str:
        """Name and fingerprint of the weights, e.g. "multilingual-e5-small:1f0c9a2b"."""
        if not self._id:
            self._id = f"{self._name}:{_fingerprint(self._source)}"
        return self._id

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        """Questions -> (n, d) float32 unit vectors.

        Raises:
            ModelError: the weights cannot be found or loaded.
        """
        return self._encode([self._query_prefix + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        """Passages -> (n, d) float32 unit vectors, comparable with those of questions.

        Raises:
            ModelError: the weights cannot be found or loaded.
        """
        return self._encode([self._passage_prefix + text for text in texts])

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            import torch
            from safetensors import SafetensorError
            from sentence_transformers import SentenceTransformer

            from rag.models import numpy_on_one_thread, quiet_transformers

            numpy_on_one_thread()
            try:
                # float32: bf16 moves e5's cosines by up to 0.006, as much as the distance of neighbours in its
                # narrow range, which changed the first hit of 5 in 100 questions; on two AVX-512 cores it gained
                # 5 to 25 % of the time.
                with quiet_transformers():
                    self._model = SentenceTransformer(
                        self._source,
                        device="cuda" if torch.cuda.is_available() else "cpu",
                        local_files_only=True,
                        model_kwargs={"dtype": torch.float32},
                    )
            except (OSError, ValueError, KeyError, SafetensorError) as error:
                raise ModelError(
                    f"The embedder {self._name} cannot be loaded ({str(error).splitlines()[0][:160]}); use embedded or another model.",
                    f"임베딩 모델 {self._name}을(를) 불러올 수 없습니다. embedded나 다른 모델을 지정해 주세요.",
                ) from error
            self._model.max_seq_length = min(self._model.max_seq_length or MAX_TOKENS, MAX_TOKENS)
            self._model.eval()
        return self._model

    def _encode(self, texts: list[str]) -> np.ndarray:
        with self._lock:
            model = self._loaded()
            if not texts:
                return np.zeros((0, model.get_embedding_dimension()), np.float32)
            vectors = model.encode(
                texts, batch_size=BATCH, convert_to_tensor=True, normalize_embeddings=False, show_progress_bar=False
            )
        vectors = vectors.float().cpu().numpy().astype(np.float32)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def _fingerprint(source: str) -> str:
    """Eight hex digits that change with the weights; a hub id is its own name."""
    folder = Path(source)
    if not folder.is_dir():
        return hashlib.sha256(source.encode()).hexdigest()[:8]
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json" and path.is_file():
            digest.update(path.read_bytes())
        elif path.suffix in (".safetensors", ".bin") and path.is_file():
            size = path.stat().st_size
            digest.update(str(size).encode())
            with path.open("rb") as file:
                # 1 MB from the middle: all layers of a fine-tuned model differ, 250 MB would take 0.3 s a start
                file.seek(size // 2)
                digest.update(file.read(1 << 20))
    return digest.hexdigest()[:8]


def embedder_for(name: str) -> Embedder:
    """The embedder that a model name means: "embedded", a hub id or a folder.

    Raises:
        ModelError: not a model name, or weights that cannot be fetched.
    """
    from rag import models

    named = models.parse_model_name(name)
    if named.kind == "server":
        raise ModelError(
            "The embedder cannot be a server yet; set VOUCH_EMBEDDER to embedded, a hub id or a folder.",
            "임베딩 모델은 서버로 지정할 수 없습니다. VOUCH_EMBEDDER를 embedded, 허브 이름, 폴더 중 하나로 지정해 주세요.",
        )
    if named.kind == "embedded":
        return Embedder(models.embedded_weights("encoder"), models.EMBEDDED["encoder"].name)
    return Embedder(models.hub_weights(named.name), Path(named.name).name)
