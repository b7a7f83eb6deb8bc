"""What the page needs from the rest of the product, handed in so that tests can hand in other things."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rag.errors import UserError
from settings import Settings
from ui.i18n import LANGUAGES, say

if TYPE_CHECKING:
    from judge.regression.auto import AutoFlagger
    from judge.regression.runner import Backend
    from judge.regression.store import RegressionStore
    from judge.service import JudgeService
    from judge.store import Store
    from judge.verdicts import Judge
    from rag.pipeline import ResumeBot

log = logging.getLogger(__name__)

Stage = Literal["loading", "indexing", "ready", "failed"]


class BotLoader:
    """Opens the bot in the background, so that the page is there before the models are.

    Args:
        open_bot: returns the bot; its models are loaded by `warm_up`.
        samples: files indexed when the index is empty.
        report: told each step in one line (the terminal).
        afterwards: run when questions can be answered, e.g. to load the judge; what it raises leaves the bot ready.
    """

    def __init__(
        self,
        open_bot: Callable[[], ResumeBot],
        samples: Sequence[Path] = (),
        report: Callable[[str], None] = lambda line: None,
        afterwards: Callable[[], None] = lambda: None,
    ) -> None:
        self.stage: Stage = "loading"
        self.error: UserError | None = None
        self.bot: ResumeBot | None = None
        self._open_bot = open_bot
        self._samples = list(samples)
        self._report = report
        self._afterwards = afterwards
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, or begin again after a failure; does nothing while loading or when ready."""
        with self._lock:
            if self.stage == "ready" or self.busy:
                return
            self.stage, self.error = "loading", None
            self._thread = threading.Thread(target=self._load, name="load-models", daemon=True)
            self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether anything is still being loaded."""
        return self._thread is not None and self._thread.is_alive()

    def join(self, timeout: float | None = None) -> None:
        """Wait until loading has succeeded or failed."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _load(self) -> None:
        try:
            bot = self._open_bot()
            if self._samples and not len(bot.index):
                self.stage = "indexing"
                self._report(f"Indexing {len(self._samples)} sample resumes")
                report = bot.index_files(
                    self._samples, lambda done, total, name: self._report(f"  {done}/{total} {name}")
                )
                for name, error in report.failed:
                    self._report(f"  {name}: {error}")
            self.bot = bot  # documents can be listed and added while the generator loads
            self.stage = "loading"
            self._report("Loading the models")
            bot.warm_up()
        except UserError as error:
            self._fail(error)
        except Exception as error:  # a thread has no caller: say it on the page and in the log
            log.exception("the models did not load")
            kind = type(error).__name__
            self._fail(UserError(f"({kind}; see the server log.)", f"({kind}. 서버 로그를 확인해 주세요.)"))
        else:
            self.stage = "ready"
            self._finish()

    def _finish(self) -> None:
        try:
            self._afterwards()
        except UserError as error:  # the judge says the same of every score it cannot give
            self._report(str(error))
        self._report("Ready")

    def _fail(self, error: UserError) -> None:
        self.error, self.stage = error, "failed"
        self._report(f"The models did not load: {error}")


def read_ahead(judge: JudgeService, bot: ResumeBot) -> None:
    """Let reranker and judge read what is indexed while nobody waits."""
    from judge.service import passage_of

    threading.Thread(target=bot.read_ahead, name="reranker-ahead", daemon=True).start()
    judge.read_ahead([passage_of(chunk) for chunk in bot.index.chunks])


@dataclass(frozen=True)
class Services:
    """The parts behind the page.

    Attributes:
        judge: scores finished turns in the background.
        store: the record of conversations, turns and scores.
        judge_id: names the judge once it is loaded, None before.
        regression: the record of flags, cases and runs.
        flagger: flags bad replies by rule; holds the thresholds in force.
        second_judge: what the settings call the second judge, "" where there is none.
        backend: what the settings name, loaded, to run cases against; None where runs cannot be started.
    """

    loader: BotLoader
    judge: JudgeService
    store: Store
    judge_id: Callable[[], str | None]
    regression: RegressionStore
    flagger: AutoFlagger
    backend: Callable[[Settings], Backend] | None = None
    second_judge: str = ""


def second_judge_row(services: Services, language: str) -> list[tuple[str, str]]:
    """The second judge among the models in use, as the settings call it until it is loaded; [] where there is none."""
    if not services.second_judge:
        return []
    return [(say(language, "second_judge"), services.judge.second_id or services.second_judge)]


def backends(loader: BotLoader, load_judge: Callable[[], Judge], settings: Settings) -> Callable[[Settings], Backend]:
    """What runs are run against: the page's own models where the settings name the same ones, else others.

    Args:
        load_judge: the page's judge, loaded once.
    """

    def backend(chosen: Settings) -> Backend:
        from judge.regression.runner import WRITING, backend_beside, backend_for

        if any(getattr(chosen, name) != getattr(settings, name) for name in WRITING):
            return backend_for(chosen)
        if loader.stage != "ready":
            raise UserError(*(say(each, "run_not_ready") for each in LANGUAGES))
        return backend_beside(loader.bot, settings, load_judge, chosen)

    return backend


def loading_failed(error: UserError) -> UserError:
    """Why the models are not there, and what to do, as one sentence in each language."""
    return UserError(*(say(each, "loading_failed", reason=error.message(each)) for each in LANGUAGES))


def sample_resumes(settings: Settings) -> list[Path]:
    """The resumes that come with the product."""
    return sorted((settings.data / "resumes").glob("*.md"))
