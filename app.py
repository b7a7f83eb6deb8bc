"""Starts Vouch: settings, services, page. Also the entry of a Hugging Face Space."""

from __future__ import annotations

import os

# Before gradio and transformers are imported: neither may report usage anywhere.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import sys
import threading

from judge.models import dimensions_of
from judge.regression.auto import AutoFlagger
from judge.regression.retention import Retention
from judge.regression.store import RegressionStore
from judge.second import SecondJudge
from judge.service import JudgeService
from judge.store import Store
from rag.errors import UserError
from settings import Settings, load_settings
from ui import build_app, launch_options
from ui.services import BotLoader, Services, backends, read_ahead, sample_resumes


def services_for(settings: Settings) -> Services:
    """The real bot, judge and record; models load in the background."""
    generating = threading.Event()  # set while a reply is written; the judge waits meanwhile

    def open_bot():
        from rag.pipeline import open_bot

        bot = open_bot(settings)
        bot.busy = generating
        return bot

    judging = threading.Lock()
    judges: list = []

    def load_judge():
        """The one judge of this process: for the badges and for runs."""
        from judge.models import judge_for

        with judging:
            if not judges:
                judges.append(judge_for(settings.judge, settings))
            return judges[0]

    def load_second():
        from judge.models import judge_for

        return judge_for(settings.second_judge, settings)

    if settings.second_judge and settings.second_judge == settings.judge:
        raise UserError(
            "VOUCH_SECOND_JUDGE names the judge that VOUCH_JUDGE names; name a larger one, or leave it empty.",
            "VOUCH_SECOND_JUDGE가 VOUCH_JUDGE와 같은 평가 모델입니다. 더 큰 모델을 지정하거나 비워 두세요.",
        )
    dimensions_of(settings)  # a name that does not exist is said now, not at the first reply
    store = Store(settings.database_url)
    regression = RegressionStore(store)
    flagger = AutoFlagger(regression, settings.flag_thresholds, settings.auto_flag)
    Retention(regression, settings.retention_days)
    second = None
    if settings.second_judge:
        second = SecondJudge(load_second, store, generating, settings.judge_timeout_s, flagger.on_second)
    judge = JudgeService(load_judge, store, generating, settings.judge_timeout_s, flagger.on_judged, second)

    def ready_to_judge():
        judge.warm_up()
        read_ahead(judge, loader.bot)

    loader = BotLoader(open_bot, sample_resumes(settings), lambda line: print(line, flush=True), ready_to_judge)
    backend = backends(loader, load_judge, settings)
    return Services(
        loader, judge, store, lambda: judge.judge_id, regression, flagger, backend, second_judge=settings.second_judge
    )


def main() -> None:
    """Serve the page until interrupted."""
    try:
        settings = load_settings(sys.argv[1:])
        os.environ["VOUCH_CACHE"] = str(settings.cache)  # rag.models asks the environment
        services = services_for(settings)
    except UserError as error:
        sys.exit(str(error))
    host = "0.0.0.0" if os.environ.get("SPACE_ID") else settings.host  # a Space is reached from outside
    demo = build_app(services, settings)
    options = launch_options(settings)
    try:
        _, url, _ = demo.launch(
            server_name=host, server_port=settings.port, prevent_thread_lock=True, quiet=True, **options
        )
    except OSError:  # Gradio's word for a port that is taken
        sys.exit(f"Port {settings.port} of {host} cannot be used; choose another one with --port.")
    print(f"Vouch is at {url}", flush=True)
    services.loader.start()  # after the server answers: importing the models' libraries would hold it up
    demo.block_thread()


if __name__ == "__main__":
    main()
