"""The index on disk: documents, their passages and the passages' vectors, swapped in atomically.

    index/
      CURRENT                  name of the folder in use
      v000003-1c9e2f7a/        one version: written whole, then pointed to, never changed
        manifest.json          format, embedder, chunking version, checksums
        documents.jsonl        parsed texts, from which everything else can be rebuilt
        chunks.jsonl
        vectors.faiss
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from rag.chunking import VERSION as CHUNKING_VERSION
from rag.chunking import chunk_document, subject_of
from rag.documents import SUFFIXES, document_from, read_document_safely
from rag.errors import DocumentError, IndexMissing, UserError
from rag.types import Chunk, Document

if TYPE_CHECKING:
    import faiss

    from rag.documents import Limits
    from rag.embedding import Encoder

log = logging.getLogger(__name__)

FORMAT = 2  # raise when the files or the embedded texts change
MAX_FILES = 2_000  # in one folder walk
READ_AGAIN = 3  # times, while another process changes the index
LOCK_S = 60  # that a change waits for another process


@dataclass(frozen=True)
class Snapshot:
    """One consistent state of the index; searches work on it while another is being written.

    Attributes:
        documents: by id, in the order in which they came.
        chunks: row i of the vectors belongs to chunk i.
        vectors: FAISS inner product index, or None when empty.
        hash: names documents, chunking and embedder together; 16 hex digits.
    """

    documents: dict[str, Document] = field(default_factory=dict)
    chunks: tuple[Chunk, ...] = ()
    vectors: faiss.Index | None = None
    hash: str = ""

    def rows_of(self, document_ids: Iterable[str] | None) -> np.ndarray | None:
        """Rows of the chunks of some documents, or None for all."""
        if document_ids is None:
            return None
        wanted = set(document_ids)
        return np.array([i for i, chunk in enumerate(self.chunks) if chunk.document_id in wanted], dtype=np.int64)

    def search(self, vector: np.ndarray, k: int, rows: np.ndarray | None = None) -> list[tuple[int, float]]:
        """The k nearest chunks of a unit vector: (row, cosine), best first; of `rows` only where given."""
        import faiss

        if self.vectors is None or k < 1 or (rows is not None and not len(rows)):
            return []
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        k = min(k, self.vectors.ntotal if rows is None else len(rows))
        if rows is None:
            scores, found = self.vectors.search(query, k)
        else:
            selector = faiss.IDSelectorBatch(rows)
            scores, found = self.vectors.search(query, k, params=faiss.SearchParameters(sel=selector))
        return [(int(row), float(score)) for row, score in zip(found[0], scores[0], strict=True) if row >= 0]

    def cosines(self, vector: np.ndarray, rows: Sequence[int]) -> list[float]:
        """Cosine of a unit vector and each of some chunks."""
        if self.vectors is None or not len(rows):
            return []
        kept = np.stack([self.vectors.reconstruct(int(row)) for row in rows])
        return [float(score) for score in kept @ np.asarray(vector, dtype=np.float32).reshape(-1)]


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What became of the files of one run.

    Attributes:
        added: names of new documents and of new versions of known ones.
        unchanged: names of documents that were already there, byte for byte.
        failed: (name, why) of files that could not be read; the index is as if they had not been given.
        stopped: the run was stopped before its end.
    """

    added: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[tuple[str, UserError], ...]
    stopped: bool = False


def passage_text(chunk: Chunk) -> str:
    """What is embedded of a chunk: its section's title and its text.

    The subject's name in front of every passage cost more than it gave (recall@1 of the sum with words .77 with and
    .81 without it on the project's own questions); names are matched as words instead.
    """
    return f"{chunk.section}\n{chunk.text}" if chunk.section else chunk.text


def with_subject(chunk: Chunk) -> str:
    """All that stands in and above a chunk, with whose resume it is: where a word or a name of a question is looked for."""
    return f"{chunk.subject}\n{chunk.section}\n{chunk.text}"


class Index:
    """Documents, passages and vectors of one folder.

    Any number of threads may search while one changes it. Every change either happens wholly, on disk
    and in memory, or not at all.
    """

    def __init__(self, path: Path, embedder: Encoder) -> None:
        """Use `Index.open`, which also reads what is there."""
        self.path = Path(path)
        self.embedder = embedder
        self.notice: UserError | None = None  # what had to be repaired when opening
        self._writing = threading.RLock()
        self._snapshot = Snapshot()
        self._folder = ""  # name of the version that the snapshot is

    @classmethod
    def open(cls, path: Path, embedder: Encoder) -> Index:
        """Read the index in `path`, or start an empty one there.

        A damaged or outdated index (checksum, format, other embedder, other chunking) is rebuilt from
        the kept texts, and `notice` says so.

        Raises:
            ModelError: it had to be rebuilt and the embedder cannot be loaded.
            UserError: it had to be rebuilt and the folder cannot be written.
        """
        index = cls(path, embedder)
        index._read()
        return index

    # ------------------------------------------------------------ reading

    @property
    def snapshot(self) -> Snapshot:
        """The state to search in; later changes do not touch it."""
        return self._snapshot

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        return self._snapshot.chunks

    @property
    def hash(self) -> str:
        """Names the contents, the chunking and the embedder; the same for the same resumes on any machine."""
        return self._snapshot.hash

    def __len__(self) -> int:
        """Number of chunks."""
        return len(self._snapshot.chunks)

    def documents(self) -> tuple[Document, ...]:
        """The documents in the order in which they came."""
        return tuple(self._snapshot.documents.values())

    def document(self, document_id: str) -> Document | None:
        return self._snapshot.documents.get(document_id)

    def search(self, vector: np.ndarray, k: int, document_ids: Iterable[str] | None = None) -> list[tuple[Chunk, float]]:
        """The k chunks nearest to a unit vector and their cosines, best first.

        Raises:
            IndexMissing: nothing is indexed.
        """
        snapshot = self._snapshot
        if not snapshot.chunks:
            raise no_documents()
        return [(snapshot.chunks[row], score) for row, score in snapshot.search(vector, k, snapshot.rows_of(document_ids))]

    # ------------------------------------------------------------ changing

    def add(self, documents: Iterable[Document]) -> None:
        """Index documents; one with a known file name replaces the earlier version, unless that is another person's ("resume.pdf").

        Raises:
            ModelError: the embedder cannot be loaded; the index is unchanged.
            UserError: the folder cannot be written; the index is unchanged.
        """
        new = {document.id: document for document in documents}
        if not new:
            return
        with self._changing():
            versions = {(document.name, subject_of(document)) for document in new.values()}
            kept = {
                key: document
                for key, document in self._snapshot.documents.items()
                if (document.name, subject_of(document)) not in versions and key not in new
            }
            self._swap({**kept, **new})

    def replace(self, documents: Iterable[Document]) -> None:
        """Index these documents and forget all others."""
        with self._changing():
            self._swap({document.id: document for document in documents})

    def remove(self, document_id: str) -> bool:
        """Forget one document; False when it was not there."""
        with self._changing():
            if document_id not in self._snapshot.documents:
                return False
            self._swap({key: kept for key, kept in self._snapshot.documents.items() if key != document_id})
            return True

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """One change at a time, of all threads and processes, on what is on disk by then: `python -m rag index` may run beside the page.

        Raises:
            UserError: the folder cannot be written, or another process does not let go of it.
        """
        with self._writing:
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                lock = FileLock(self.path / ".lock")
                lock.acquire(timeout=LOCK_S)
            except Timeout as error:
                raise UserError(
                    f"Another process is changing the index in {self.path}; wait until it has ended, then try again.",
                    f"다른 프로그램이 {self.path}의 색인을 바꾸고 있습니다. 끝난 뒤 다시 시도해 주세요.",
                ) from error
            except OSError as error:
                raise self._unwritable(error) from error
            try:
                versions = self._versions()
                if versions and (folder := self._current()).name != self._folder:
                    with contextlib.suppress(_Outdated, OSError, ValueError, KeyError, TypeError, RuntimeError):
                        self._snapshot, self._folder = self._read_version(folder), folder.name
                yield
            finally:
                lock.release()

    def _unwritable(self, error: OSError) -> UserError:
        return UserError(
            f"The index in {self.path} could not be written ({error.strerror or error}) and is as it was; "
            "free some space or set VOUCH_INDEX to a folder of your own.",
            f"{self.path}에 색인을 쓸 수 없어 이전 상태를 유지합니다. 공간을 비우거나 VOUCH_INDEX를 쓸 수 있는 폴더로 지정해 주세요.",
        )

    def _swap(self, documents: dict[str, Document], reuse: bool = True) -> None:
        """Build, write, point to and then use the state made of these documents."""
        snapshot = self._build(documents, self._snapshot if reuse else Snapshot())
        try:
            self._folder = self._write(snapshot)
        except OSError as error:
            raise self._unwritable(error) from error
        self._snapshot = snapshot

    def _build(self, documents: dict[str, Document], old: Snapshot) -> Snapshot:
        import faiss

        chunks: list[Chunk] = []
        for document in documents.values():
            chunks.extend(chunk_document(document))
        texts = [passage_text(chunk) for chunk in chunks]
        index = None
        if chunks:
            # Each text is embedded once, ever: known ones keep their vectors, and a resume in three formats has one set.
            known = {passage_text(chunk): row for row, chunk in enumerate(old.chunks)}
            missing = list(dict.fromkeys(text for text in texts if text not in known))
            fresh = self.embedder.encode_passages(missing) if missing else np.zeros((0, old.vectors.d), np.float32)
            place = {text: i for i, text in enumerate(missing)}
            index = faiss.IndexFlatIP(fresh.shape[1])
            index.add(
                np.stack([old.vectors.reconstruct(known[t]) if t in known else fresh[place[t]] for t in texts])
            )
        return Snapshot(documents, tuple(chunks), index, self._hash(chunks))

    def _hash(self, chunks: Sequence[Chunk]) -> str:
        digest = hashlib.sha256(f"{FORMAT} {CHUNKING_VERSION} {self.embedder.id}\n".encode())
        for line in sorted(f"{chunk.id}\x00{passage_text(chunk)}" for chunk in chunks):
            digest.update(line.encode())
        return digest.hexdigest()[:16]

    # ------------------------------------------------------------ disk

    def _write(self, snapshot: Snapshot) -> str:
        """Returns: the name of the new version's folder."""
        import faiss

        self.path.mkdir(parents=True, exist_ok=True)
        number = 1 + max((int(folder.name[1:7]) for folder in self._versions()), default=0)
        folder = self.path / f"v{number:06d}-{secrets.token_hex(4)}"
        folder.mkdir()
        try:
            _write_lines(folder / "documents.jsonl", (asdict(document) for document in snapshot.documents.values()))
            _write_lines(folder / "chunks.jsonl", (asdict(chunk) for chunk in snapshot.chunks))
            if snapshot.vectors is not None:
                _write_bytes(folder / "vectors.faiss", faiss.serialize_index(snapshot.vectors).tobytes())
            manifest = {
                "format": FORMAT,
                "embedder": self.embedder.id,
                "chunking": CHUNKING_VERSION,
                "hash": snapshot.hash,
                "sha256": {path.name: _sha256(path) for path in sorted(folder.iterdir())},
            }
            _write_bytes(folder / "manifest.json", json.dumps(manifest, indent=1).encode())
            _sync_folder(folder)
            pointer = self.path / f".CURRENT-{secrets.token_hex(4)}"
            _write_bytes(pointer, folder.name.encode())
            os.replace(pointer, self.path / "CURRENT")
            _sync_folder(self.path)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for old in self._versions():
            if old.name != folder.name:
                shutil.rmtree(old, ignore_errors=True)
        return folder.name

    def _versions(self) -> list[Path]:
        """Version folders, oldest first."""
        if not self.path.is_dir():
            return []
        return sorted(
            folder
            for folder in self.path.iterdir()
            if folder.is_dir() and folder.name[:1] == "v" and folder.name[1:7].isdigit() and folder.name[7:8] == "-"
        )

    def _read(self) -> None:
        if not self._versions():
            return
        for _ in range(READ_AGAIN):
            folder = self._current()
            try:
                self._snapshot, self._folder = self._read_version(folder), folder.name
                return
            except _Outdated as error:
                reason_en, reason_ko = error.args
            except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
                log.warning("the index in %s cannot be used: %s", folder, error)
                reason_en, reason_ko = "was damaged", "손상되어"
            if self._current() == folder:  # else another process has changed it meanwhile, and taken this version away
                break
        documents, lost = self._salvage(folder)
        if documents:
            with self._changing():
                if self._current() != folder:  # another process was faster
                    return
                self._swap(documents, reuse=False)
        if documents and not lost:
            self.notice = UserError(
                f"The index {reason_en} and was rebuilt from the kept texts of {len(documents)} documents.",
                f"색인이 {reason_ko} 보관된 문서 {len(documents)}개의 텍스트로 다시 만들었습니다.",
            )
        elif documents:
            self.notice = UserError(
                f"The index {reason_en}; {len(documents)} documents were rebuilt and {lost} lost: add those again.",
                f"색인이 {reason_ko} 문서 {len(documents)}개를 다시 만들었고 {lost}개는 잃었습니다. 잃은 문서를 다시 추가해 주세요.",
            )
        else:
            self.notice = UserError(
                f"The index {reason_en} and nothing in it could be read, so it is empty now; add the documents again.",
                f"색인이 {reason_ko} 읽을 수 있는 내용이 없어 비어 있습니다. 문서를 다시 추가해 주세요.",
            )

    def _current(self) -> Path:
        """The folder pointed to; the newest one where the pointer is damaged."""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            name = (self.path / "CURRENT").read_text("utf-8").strip()
            for folder in self._versions():
                if folder.name == name:
                    return folder
        return self._versions()[-1]

    def _read_version(self, folder: Path) -> Snapshot:
        """The state in a folder.

        Raises:
            _Outdated: of another format, embedder or chunking.
            ValueError and others: damaged.
        """
        import faiss

        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        if manifest["format"] != FORMAT or manifest["chunking"] != CHUNKING_VERSION:
            raise _Outdated("was made by an earlier version", "이전 버전에서 만들어져")
        if manifest["embedder"] != self.embedder.id:
            raise _Outdated("was made with another embedder", "다른 임베딩 모델로 만들어져")
        names = {"documents.jsonl", "chunks.jsonl"}
        if not names <= manifest["sha256"].keys() <= names | {"vectors.faiss"}:
            raise ValueError("files are missing in the manifest")
        for name, digest in manifest["sha256"].items():
            if _sha256(folder / name) != digest:
                raise ValueError(f"{name} differs from its checksum")
        documents = {values["id"]: document_from(values) for values in _read_lines(folder / "documents.jsonl")}
        chunks = tuple(Chunk(**values) for values in _read_lines(folder / "chunks.jsonl"))
        vectors = None
        if chunks:
            vectors = faiss.deserialize_index(np.frombuffer((folder / "vectors.faiss").read_bytes(), dtype=np.uint8))
            if vectors.ntotal != len(chunks):
                raise ValueError("as many vectors as chunks are needed")
        snapshot = Snapshot(documents, chunks, vectors, self._hash(chunks))
        if snapshot.hash != manifest["hash"]:
            raise ValueError("the content differs from its hash")
        return snapshot

    def _salvage(self, folder: Path) -> tuple[dict[str, Document], int]:
        """Documents of a damaged version whose texts are whole, and how many are not."""
        documents: dict[str, Document] = {}
        lost = 0
        try:
            lines = (folder / "documents.jsonl").read_bytes().splitlines()
        except OSError:
            return {}, 0
        for line in lines:
            try:
                values = json.loads(line)
                digest = values.pop("sha256")
                document = document_from(values)
                if digest != _line_digest(values):
                    raise ValueError("checksum")
            except (ValueError, KeyError, TypeError, AttributeError):
                lost += 1
                continue
            documents[document.id] = document
        return documents, lost


class _Outdated(Exception):
    """Readable, but made for other code or another embedder: (reason en, reason ko)."""


def no_documents() -> IndexMissing:
    return IndexMissing(
        "No document is indexed yet; add a resume first.", "아직 색인된 문서가 없습니다. 먼저 이력서를 추가해 주세요."
    )


def _line_digest(values: dict) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:16]


def _write_lines(path: Path, rows: Iterable[dict]) -> None:
    lines = []
    for values in rows:
        plain = json.loads(json.dumps(values))  # tuples as lists, as they will be read
        lines.append(json.dumps({**plain, "sha256": _line_digest(plain)}, ensure_ascii=False))
    _write_bytes(path, "".join(line + "\n" for line in lines).encode())


def _read_lines(path: Path) -> list[dict]:
    rows = []
    for line in path.read_text("utf-8").split("\n"):
        if line:
            values = json.loads(line)
            values.pop("sha256")
            rows.append(values)
    return rows


def _write_bytes(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# ---------------------------------------------------------------- files and folders


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Readable files of folders (walked, hidden ones left out) and every file named itself, in order, each once.

    Raises:
        DocumentError: more files than `MAX_FILES`.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if not path.is_dir():
            found[path.absolute()] = None
            continue
        for inner in sorted(path.rglob("*")):
            relative = inner.relative_to(path)
            if inner.suffix.lower() in SUFFIXES and inner.is_file() and not any(p.startswith(".") for p in relative.parts):
                found[inner.absolute()] = None
            if len(found) > MAX_FILES:
                raise DocumentError(
                    f"With {path} there are more than {MAX_FILES} files; choose a smaller folder.",
                    f"{path}까지 파일이 {MAX_FILES}개가 넘습니다. 더 작은 폴더를 골라 주세요.",
                )
    return list(found)


def index_paths(
    paths: Iterable[Path],
    index: Index,
    settings: Limits,
    progress: Callable[[int, int, str], None] | None = None,
    stop: threading.Event | None = None,
) -> IndexReport:
    """Read files and folders (each file in a bounded child process) and index them in one step.

    The same file again is unchanged; another file of the same name replaces the earlier version.

    Args:
        progress: called with (files done, files in all, name of the file at hand).
        stop: when set, no further file is read; what was read is indexed.

    Raises:
        DocumentError: a folder with too many files.
        ModelError: the embedder cannot be loaded; the index is unchanged.
    """
    files = find_files(paths)
    known = {document.id: document.name for document in index.documents()}
    documents: dict[str, Document] = {}
    unchanged: list[tuple[str, str]] = []  # (name, id)
    failed: list[tuple[str, UserError]] = []
    stopped = False
    for number, path in enumerate(files):
        if stop is not None and stop.is_set():
            stopped = True
            break
        if progress is not None:
            progress(number, len(files), path.name)
        try:
            digest = _document_id(path, settings)
            if digest in known or digest in documents:
                unchanged.append((path.name, digest))
                continue
            document = read_document_safely(path, settings)
        except DocumentError as error:
            failed.append((path.name, error))
            continue
        documents[document.id] = document
    # What is there unchanged is kept: another folder's file of the same name as a new version, and a copy of a file that now has a new
    # version, which stands for itself from here on.
    replaced = {document.name for document in documents.values()}
    added = tuple(document.name for document in documents.values())
    for name, digest in unchanged:
        if known.get(digest) in replaced and (old := index.document(digest)) is not None:
            documents[digest] = replace(old, name=name)
    index.add(documents.values())
    if progress is not None:
        progress(len(files) if not stopped else number, len(files), "")
    return IndexReport(added, tuple(name for name, _ in unchanged), tuple(failed), stopped)


def _document_id(path: Path, settings: Limits) -> str:
    """The id that reading this file would give, or "" for one that reading will refuse anyway."""
    try:
        if path.stat().st_size > settings.max_file_mb * 2**20:
            return ""
        return _sha256(path)[:16]
    except OSError:
        return ""
