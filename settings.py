"""One frozen Settings: command line, environment (VOUCH_*), .env, defaults."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import UserError

PROJECT = Path(__file__).resolve().parent
DAY_S = 24 * 3600.0


class Settings(BaseSettings):
    """Every choice a person can make without touching code; each is VOUCH_<NAME> in the environment and in .env too."""

    model_config = SettingsConfigDict(env_prefix="VOUCH_", env_file=".env", frozen=True, extra="ignore")

    generator: str = Field(
        default="auto", description="who answers: auto, embedded, a model of the hub or a folder, or http://HOST:PORT/v1#MODEL"
    )
    judge: str = Field(default="embedded", description="who judges: embedded, a model of the hub or a folder, or http://HOST:PORT/v1#MODEL")
    second_judge: str = Field(
        default="",
        description="a larger judge, named as `judge` is; its scores take the place of the first one's when they come",
    )
    dimensions: str = Field(
        default="", description="further scores of every reply, separated by commas; there is personal_data"
    )
    embedder: str = Field(
        default="embedded", description="finds passages: embedded, or a sentence-transformers model of the hub"
    )
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("vouch"), description="where converted weights are kept"
    )
    data: Path = Field(default=PROJECT / "data", description="adapters, sample resumes and questions")
    index: Path = Field(default=PROJECT / "data" / "index", description="where the FAISS index is kept")
    database_url: str = Field(
        default=f"sqlite:///{PROJECT / 'data' / 'vouch.sqlite'}",
        validation_alias="DATABASE_URL",
        description="the record, SQLite or PostgreSQL; DATABASE_URL in the environment",
    )

    host: str = Field(default="127.0.0.1", description="address to listen at")
    port: int = Field(default=7860, ge=0, le=65535, description="port to listen at")
    admin_password: str = Field(
        default="", repr=False, description="opens the pages that show everybody's questions; needed beyond loopback"
    )
    top_k: int = Field(default=4, ge=1, le=20, description="passages retrieved for a question")
    max_new_tokens: int = Field(default=256, ge=1, le=4096, description="longest reply, in tokens")
    prompt: str = Field(
        default="",
        max_length=8000,
        description="what the generator is told to do, in place of the instructions in rag/prompt.py",
    )
    max_question_chars: int = Field(default=2000, ge=1, description="longest question")
    max_file_mb: int = Field(default=10, ge=1, description="largest resume file")
    max_pages: int = Field(default=50, ge=1, description="longest PDF")
    parse_timeout_s: float = Field(default=60.0, gt=0, le=DAY_S, description="how long reading a file may take")
    judge_timeout_s: float = Field(
        default=60.0, gt=0, le=DAY_S, description="how long one score may take; then it is unscored"
    )
    auto_flag: bool = Field(default=True, description="flag replies by rule; the thresholds are under flag_*")
    flag_faithfulness: float = Field(default=0.5, ge=0, le=1, description="flag a reply whose score is under it; 0 never")
    flag_answer_relevancy: float = Field(default=0.5, ge=0, le=1, description="flag a reply whose score is under it; 0 never")
    flag_context_precision: float = Field(default=0.5, ge=0, le=1, description="flag a reply whose score is under it; 0 never")
    retention_days: int = Field(
        default=0, ge=0, le=36_500, description="conversations nobody used for so many days are forgotten; 0 keeps them"
    )
    adapters: bool = Field(default=True, description="False answers with the bare base model, to measure the adapter")
    copy_names: bool = Field(
        default=True, description="the embedded model may only copy names and numbers, never make them up"
    )
    repair: bool = Field(
        default=False, description="offer another answer where the judge doubts one; each browser may choose otherwise"
    )
    prompt_lookup: bool = Field(
        default=True, description="propose words of the passages to the model, which writes the same text faster"
    )
    four_bit: bool = Field(default=False, description="load a model of the hub in 4 bits; needs bitsandbytes")
    int8: bool = Field(
        default=True, description="most of the embedded generator's layers in 8-bit integers, where the CPU multiplies those faster"
    )
    threads: int = Field(default=0, ge=0, description="CPU threads for the models, 0 for all cores")

    @property
    def flag_thresholds(self) -> dict[str, float]:
        """The thresholds of automatic flags, by metric."""
        return {
            "faithfulness": self.flag_faithfulness,
            "answer_relevancy": self.flag_answer_relevancy,
            "context_precision": self.flag_context_precision,
        }


def load_settings(arguments: Sequence[str] = ()) -> Settings:
    """The settings, with what these arguments of a command ("--port", "8000") say before all else.

    Raises:
        UserError: a value that cannot be, here or in the environment.
        SystemExit: `--help`, or an option that does not exist; what there is has been printed.
    """
    try:
        return Settings(
            _cli_parse_args=list(arguments),
            _cli_prog_name="app.py",
            _cli_kebab_case=True,
            _cli_implicit_flags=True,
            _cli_hide_none_type=True,
        )
    except UnicodeDecodeError:
        raise UserError(
            "The file .env is not UTF-8 text; save it as UTF-8.",
            ".env 파일이 UTF-8 텍스트가 아닙니다. UTF-8로 저장해 주세요.",
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise UserError(
            f"{name} cannot be {first['input']!r}: {first['msg']}. Set VOUCH_{name.upper()}, or --{name.replace('_', '-')} of app.py, to another value.",
            f"{name}에 {first['input']!r} 값을 쓸 수 없습니다({first['msg']}). VOUCH_{name.upper()} 또는 app.py의 --{name.replace('_', '-')}에 다른 값을 지정해 주세요.",
        ) from None
