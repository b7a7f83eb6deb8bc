"""One frozen Settings: environment (VOUCH_*), .env, defaults."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """Every choice a person can make without touching code; each is `VOUCH_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="VOUCH_", env_file=".env", frozen=True, extra="ignore")

    generator: str = "auto"
    judge: str = "embedded"
    second_judge: str = Field(
        default="",
        description="a larger judge, named as `judge` is; its scores take the place of the first one's when they come",
    )
    dimensions: str = Field(
        default="", description="further scores of every reply, separated by commas; there is personal_data"
    )
    embedder: str = "embedded"
    cache: Path = Field(default_factory=lambda: platformdirs.user_cache_path("vouch"))
    data: Path = PROJECT / "data"
    index: Path = PROJECT / "data" / "index"
    database_url: str = Field(default=f"sqlite:///{PROJECT / 'data' / 'vouch.sqlite'}", validation_alias="DATABASE_URL")

    host: str = "127.0.0.1"
    port: int = 7860
    admin_password: str = Field(
        default="", repr=False, description="opens the pages that show everybody's questions; needed beyond loopback"
    )
    top_k: int = Field(default=4, ge=1, le=20)
    max_new_tokens: int = Field(default=256, ge=1, le=4096)
    prompt: str = Field(
        default="",
        max_length=8000,
        description="what the generator is told to do, in place of the instructions in rag/prompt.py",
    )
    max_question_chars: int = 2000
    max_file_mb: int = 10
    max_pages: int = 50
    parse_timeout_s: float = 60.0
    judge_timeout_s: float = 60.0
    auto_flag: bool = Field(default=True, description="flag replies by rule; the thresholds are under flag_*")
    # A reply is flagged when a score is under its threshold; 0 switches the rule off.
    flag_faithfulness: float = Field(default=0.5, ge=0, le=1)
    flag_answer_relevancy: float = Field(default=0.5, ge=0, le=1)
    flag_context_precision: float = Field(default=0.5, ge=0, le=1)
    retention_days: int = Field(
        default=0, ge=0, description="conversations nobody used for so many days are forgotten; 0 keeps them"
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
