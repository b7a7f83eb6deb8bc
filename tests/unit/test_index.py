"""The index: searches right, survives damage, and changes wholly or not at all."""

import json
import threading
import time
from types import SimpleNamespace

import numpy as np
import pytest

from rag import index as index_module
from rag.documents import read_document_bytes
from rag.errors import IndexMissing, UserError
from rag.index import Index, index_paths

LIMITS = SimpleNamespace(max_file_mb=1, max_pages=50, parse_timeout_s=30.0)


class Letters:
    """Wiring only: vectors of letter counts, so that alike texts are alike."""

    def __init__(self, name="letters"):
        self.id = name
        self.encoded = 0

    def encode_passages(self, texts):
        self.encoded += len(texts)
        counts = np.array([[text.lower().count(chr(97 + i)) + 0.01 for i in range(26)] for text in texts], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)

    encode_queries = encode_passages


def document(text, name="cv.txt"):
    return read_document_bytes(text.encode(), name, LIMITS)


JANE = document("Jane Doe\n\nSkills:\nKafka, Kubernetes\n\nEducation:\nETH Zurich\n", "jane.txt")
JOHN = document("John Roe\n\nSkills:\nPhotoshop, Illustrator\n\nEducation:\nBauhaus\n", "john.txt")


def opened(path, embedder=None):
    return Index.open(path, embedder or Letters())


def current(path):
    return path / (path / "CURRENT").read_text()


def texts(found):
    return [chunk.text for chunk, _ in found]


def test_finds_the_nearest_passage_and_its_cosine(tmp_path):
    index = opened(tmp_path)
    index.add([JANE, JOHN])

    vector = index.embedder.encode_queries(["Skills\nKafka, Kubernetes"])[0]
    found = index.search(vector, 2)

    assert texts(found)[0] == "Kafka, Kubernetes"
    assert found[0][1] == pytest.approx(1.0, abs=1e-5)
    assert found[0][1] > found[1][1]
    assert len(index.search(vector, 100)) == len(index) == 6


def test_search_within_some_documents(tmp_path):
    index = opened(tmp_path)
    index.add([JANE, JOHN])
    vector = index.embedder.encode_queries(["Kafka, Kubernetes"])[0]

    found = index.search(vector, 5, [JOHN.id])

    assert {chunk.document_id for chunk, _ in found} == {JOHN.id}
    assert len(found) == 3


def test_an_empty_index_says_what_to_do(tmp_path):
    with pytest.raises(IndexMissing, match="add a resume"):
        opened(tmp_path).search(np.ones(26, np.float32), 3)


def test_what_was_added_is_there_after_opening_again(tmp_path):
    index = opened(tmp_path)
    index.add([JANE, JOHN])

    embedder = Letters()
    again = opened(tmp_path, embedder)

    assert again.documents() == (JANE, JOHN)
    assert again.chunks == index.chunks
    assert again.hash == index.hash
    assert again.notice is None
    assert embedder.encoded == 0


def test_adding_embeds_only_what_is_new(tmp_path):
    index = opened(tmp_path)
    index.add([JANE])
    before = index.embedder.encoded
    index.add([JOHN])
    assert index.embedder.encoded - before == 3


def test_remove_and_replace(tmp_path):
    index = opened(tmp_path)
    index.add([JANE, JOHN])

    assert index.remove(JANE.id) is True
    assert index.documents() == (JOHN,)
    assert index.remove(JANE.id) is False

    index.replace([JANE])
    assert index.documents() == (JANE,)
    assert opened(tmp_path).documents() == (JANE,)

    index.remove(JANE.id)
    assert len(opened(tmp_path)) == 0


def test_a_new_version_of_a_file_replaces_the_old_one(tmp_path):
    index = opened(tmp_path)
    index.add([JANE, JOHN])
    newer = document("Jane Doe\n\nSkills:\nRust\n", "jane.txt")

    index.add([newer])

    assert set(index.documents()) == {newer, JOHN}


def test_a_file_of_the_same_name_about_somebody_else_stands_beside_it(tmp_path):
    index = opened(tmp_path)
    one, other = (document(f"{name}\n\nSkills:\nRust\n", "resume.txt") for name in ("Jane Doe", "John Roe"))

    index.add([one])
    index.add([other])

    assert set(index.documents()) == {one, other}


def test_a_version_that_is_replaced_while_it_is_read_is_no_damage(tmp_path, monkeypatch):
    opened(tmp_path).add([JANE])
    other = opened(tmp_path)
    read = Index._read_version

    def raced(self, folder):
        if len(other.documents()) == 1:
            other.add([JOHN])  # takes away the version that is just being read
        return read(self, folder)

    monkeypatch.setattr(Index, "_read_version", raced)
    index = opened(tmp_path)

    assert set(index.documents()) == {JANE, JOHN} and index.notice is None


def test_hash_names_the_contents_and_not_their_order(tmp_path):
    one, other, third = (opened(tmp_path / name) for name in "abc")
    one.add([JANE, JOHN])
    other.add([JOHN])
    assert one.hash != other.hash
    other.add([JANE])
    assert one.hash == other.hash
    third.add([JANE, JOHN, document("Mia Poe")])
    assert third.hash != one.hash


def test_only_the_version_in_use_stays_on_disk(tmp_path):
    index = opened(tmp_path)
    index.add([JANE])
    index.add([JOHN])
    index.remove(JANE.id)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "CURRENT", current(tmp_path).name]


@pytest.mark.parametrize("broken_at", ["documents.jsonl", "vectors.faiss", "manifest.json", ".CURRENT"])
def test_a_failure_half_way_leaves_the_old_index(tmp_path, monkeypatch, broken_at):
    index = opened(tmp_path)
    index.add([JANE])
    before = index.hash
    write = index_module._write_bytes

    def failing(path, data):
        if path.name.startswith(broken_at):
            raise OSError(28, "No space left on device")
        write(path, data)

    monkeypatch.setattr(index_module, "_write_bytes", failing)
    with pytest.raises(UserError, match="No space left"):
        index.add([JOHN])

    assert index.documents() == (JANE,) and index.hash == before
    monkeypatch.undo()
    again = opened(tmp_path)
    assert again.hash == before and again.notice is None


def test_an_embedder_that_fails_leaves_the_old_index(tmp_path):
    index = opened(tmp_path)
    index.add([JANE])
    index.embedder.encode_passages = lambda texts: 1 / 0
    with pytest.raises(ZeroDivisionError):
        index.add([JOHN])
    assert index.documents() == (JANE,) and opened(tmp_path).documents() == (JANE,)


def test_a_power_cut_before_the_swap_is_not_noticed(tmp_path):
    index = opened(tmp_path)
    index.add([JANE])
    half = tmp_path / "v000009-00000000"
    half.mkdir()
    (half / "documents.jsonl").write_text("{")

    again = opened(tmp_path)
    assert again.documents() == (JANE,) and again.notice is None
    again.add([JOHN])
    assert not half.exists()


@pytest.mark.parametrize("name", ["vectors.faiss", "chunks.jsonl", "manifest.json"])
@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_damaged_index_is_rebuilt_from_the_texts_and_says_so(tmp_path, name, damage):
    index = opened(tmp_path)
    index.add([JANE, JOHN])
    file = current(tmp_path) / name
    data = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(data[: len(data) // 2] if damage == "cut" else data.replace(data[-20:-10], b"0123456789"))

    again = opened(tmp_path)

    assert again.documents() == (JANE, JOHN)
    assert again.hash == index.hash
    assert "rebuilt" in again.notice.en and "2" in again.notice.ko
    assert opened(tmp_path).notice is None  # repaired on disk, too


def test_a_damaged_text_is_left_out_and_counted(tmp_path):
    index = opened(tmp_path)
    index.add([JANE, JOHN])
    file = current(tmp_path) / "documents.jsonl"
    file.write_text(file.read_text().replace("Bauhaus", "Harvard"))

    again = opened(tmp_path)

    assert again.documents() == (JANE,)
    assert "1 lost" in again.notice.en


def test_nothing_readable_gives_an_empty_index_and_a_notice(tmp_path):
    index = opened(tmp_path)
    index.add([JANE])
    for file in current(tmp_path).iterdir():
        file.write_bytes(b"\x00garbage")

    again = opened(tmp_path)

    assert len(again) == 0 and "empty" in again.notice.en
    again.add([JOHN])
    assert opened(tmp_path).documents() == (JOHN,)


def test_a_damaged_pointer_is_survived(tmp_path):
    index = opened(tmp_path)
    index.add([JANE])
    (tmp_path / "CURRENT").write_bytes(b"\xff../../etc")
    assert opened(tmp_path).documents() == (JANE,)


def test_another_embedder_rebuilds(tmp_path):
    opened(tmp_path).add([JANE])

    again = opened(tmp_path, Letters("other"))

    assert again.documents() == (JANE,) and "another embedder" in again.notice.en
    assert json.loads((current(tmp_path) / "manifest.json").read_text())["embedder"] == "other"


def test_another_chunking_rebuilds(tmp_path, monkeypatch):
    opened(tmp_path).add([JANE])
    monkeypatch.setattr(index_module, "CHUNKING_VERSION", 999)
    assert "earlier version" in opened(tmp_path).notice.en


def test_searching_while_another_thread_changes(tmp_path):
    index = opened(tmp_path)
    index.add([JANE, JOHN])
    vector = index.embedder.encode_queries(["Kafka"])[0]
    errors, done = [], threading.Event()

    def search():
        while not done.is_set():
            try:
                for chunk, _ in index.search(vector, 6):
                    assert chunk.text
            except IndexMissing:
                pass
            except Exception as error:  # noqa: BLE001 - whatever it is, the test fails with it
                errors.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(2)]
    changers = [threading.Thread(target=index.add, args=([document(f"Mia Poe {i}", f"{i}.txt")],)) for i in range(6)]
    for thread in threads + changers:
        thread.start()
    for thread in changers:
        thread.join()
    done.set()
    for thread in threads:
        thread.join()

    assert errors == []
    assert len(index.documents()) == 8 == len(opened(tmp_path).documents())


# ---------------------------------------------------------------- files and folders


def test_folders_are_walked_and_every_outcome_is_reported(tmp_path):
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    (folder / "jane.txt").write_text("Jane Doe\n\nSkills:\nGo")
    (folder / "deep" / "john.md").write_text("# John Roe\n\n## Skills\n\nPhotoshop")
    (folder / "same.txt").write_text("Jane Doe\n\nSkills:\nGo")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".hidden" / "secret.txt").write_text("x")
    index = opened(tmp_path / "index")
    seen = []

    report = index_paths([folder], index, LIMITS, lambda done, of, name: seen.append((done, of, name)))

    assert report.added == ("john.md", "jane.txt")
    assert report.unchanged == ("same.txt",)
    assert [(name, "damaged" in error.en) for name, error in report.failed] == [("bad.pdf", True)]
    assert seen == [(0, 4, "bad.pdf"), (1, 4, "john.md"), (2, 4, "jane.txt"), (3, 4, "same.txt"), (4, 4, "")]


def test_a_new_version_replaces_the_file_but_not_its_copy(tmp_path):
    for name in ("cv.txt", "copy.txt"):
        (tmp_path / name).write_text("Jane Doe\n\nSkills:\nGo")
    index = opened(tmp_path / "index")
    index_paths([tmp_path / "cv.txt"], index, LIMITS)
    (tmp_path / "cv.txt").write_text("Jane Doe\n\nSkills:\nRust")

    report = index_paths([tmp_path], index, LIMITS)

    assert (report.added, report.unchanged) == (("cv.txt",), ("copy.txt",))
    assert {d.name: d.text.split()[-1] for d in index.documents()} == {"cv.txt": "Rust", "copy.txt": "Go"}
    assert index_paths([tmp_path], index, LIMITS).unchanged == ("copy.txt", "cv.txt")


def test_a_named_file_of_an_unknown_type_is_reported(tmp_path):
    file = tmp_path / "cv.xyz"
    file.write_text("x")
    report = index_paths([file, tmp_path / "gone.pdf"], opened(tmp_path / "index"), LIMITS)
    assert [name for name, _ in report.failed] == ["cv.xyz", "gone.pdf"]


def test_stop_keeps_what_was_read(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Jane Doe {number}")
    stop = threading.Event()
    index = opened(tmp_path / "index")

    report = index_paths([tmp_path], index, LIMITS, lambda done, of, name: stop.set() if done == 1 else None, stop)

    assert report.stopped and report.added == ("0.txt", "1.txt")
    assert len(index.documents()) == 2


def test_the_index_stays_usable_while_files_are_read(tmp_path):
    index = opened(tmp_path / "index")
    index.add([JANE])
    (tmp_path / "cv.txt").write_text("John Roe")
    found = []

    def progress(done, of, name):
        started = time.perf_counter()
        found.append(texts(index.search(index.embedder.encode_queries(["Kafka"])[0], 1)))
        assert time.perf_counter() - started < 5

    index_paths([tmp_path / "cv.txt"], index, LIMITS, progress)
    assert found[0]


def test_an_unchanged_file_stays_beside_a_new_version_of_another_one_of_its_name(tmp_path):
    for person in ("alice", "bob"):
        (tmp_path / person).mkdir()
        (tmp_path / person / "resume.txt").write_text(f"{person.title()} Kim\n\nExperience\nNurse, Acme (2019 - 2021)\n")
    index = opened(tmp_path / "index")
    index_paths([tmp_path / "alice", tmp_path / "bob"], index, LIMITS)
    (tmp_path / "alice" / "resume.txt").write_text("Alice Kim\n\nExperience\nMidwife, Acme (2019 - 2022)\n")

    report = index_paths([tmp_path / "alice", tmp_path / "bob"], index, LIMITS)

    texts = " ".join(document.text for document in index.documents())
    assert (report.added, report.unchanged) == (("resume.txt",), ("resume.txt",))
    assert "Midwife" in texts and "Bob Kim" in texts and "Nurse, Acme (2019 - 2021)" in texts and len(index.documents()) == 2


def test_two_processes_do_not_undo_each_other(tmp_path):
    here, there = opened(tmp_path), opened(tmp_path)
    here.add([JANE])
    there.add([JOHN])

    assert {document.id for document in opened(tmp_path).documents()} == {JANE.id, JOHN.id}
    assert here.remove(JOHN.id) and {document.id for document in opened(tmp_path).documents()} == {JANE.id}


def test_a_folder_that_another_process_does_not_let_go_of_is_said(tmp_path, monkeypatch):
    from filelock import FileLock

    index = opened(tmp_path)
    index.add([JANE])
    monkeypatch.setattr(index_module, "LOCK_S", 0.1)
    with FileLock(tmp_path / ".lock"), pytest.raises(UserError, match="Another process"):
        index.add([JOHN])
    index.add([JOHN])
