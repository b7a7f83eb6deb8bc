"""The browser interface: one module per page, pure HTML renderers in render.py, texts in i18n.py."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

    from settings import Settings
    from ui.services import Services

HERE = Path(__file__).resolve().parent

# A sidebar covers a narrow screen, so it opens by itself only where there is room beside it.
OPEN_SIDEBAR = "() => { if (innerWidth >= 1000) document.querySelector('#side:not(.open) .toggle-button')?.click(); }"
HOUR = 3600


def build_app(services: Services, settings: Settings) -> gr.Blocks:
    """The page, ready for `launch(**launch_options(settings))`."""
    import gradio as gr

    from ui.access import Access
    from ui.chat import ChatPage
    from ui.conversations import Conversations
    from ui.documents import DocumentsPanel
    from ui.judge_page import JudgePage
    from ui.regression import RegressionPage
    from ui.shell import browser_state

    i18n = _static_texts()
    conversations = Conversations(services.store, services.judge, services.regression)
    chat = ChatPage(services, conversations, settings)
    documents = DocumentsPanel(services, settings)
    with gr.Blocks(title="Vouch", analytics_enabled=False, delete_cache=(HOUR, HOUR), fill_width=True) as demo:
        browser = browser_state()
        with gr.Sidebar(open=False, width=300, elem_id="side"):
            chat.build_sidebar(i18n)
            documents.build(i18n)
            documents.build_models()
        with gr.Row(elem_id="top"):
            chat.build_header()
            documents.build_scope(i18n)
            chat.build_toggle(i18n)
        chat.build(i18n)
        changed = chat.wire(demo, browser, documents.scope)
        documents.wire(demo, browser, changed)
        demo.load(None, js=OPEN_SIDEBAR, queue=False, api_visibility="private")
    access = Access(settings)
    with demo.route("Regression", "/regression", show_in_navbar=False):
        RegressionPage(services, settings, access).build(demo)
    with demo.route("Judge", "/judge", show_in_navbar=False):
        JudgePage(services, settings, access).build(demo)
    return demo


def launch_options(settings: Settings) -> dict:
    """Arguments of `Blocks.launch` that belong to this page: looks, limits, and nothing sent elsewhere."""
    return {
        "theme": _theme(),
        "css_paths": [HERE / "style.css"],
        "i18n": _static_texts(),
        "favicon_path": HERE / "favicon.svg",
        "footer_links": [],
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "blocked_paths": [str(settings.data), str(settings.index), str(settings.cache)],
        # Twice the limit for a document: what lies between gets our sentence instead of the server's.
        "max_file_size": f"{2 * settings.max_file_mb}mb",
        "show_error": False,
    }


def _static_texts():
    """Labels shown before the page knows its visitor; the browser picks its language."""
    import gradio as gr

    from ui.i18n import TEXTS

    labels = [
        "toggle_language",
        "new_conversation",
        "chat",
        "question",
        "placeholder",
        "ask",
        "upload",
        "stop_upload",
        "scope",
    ]
    return gr.I18n(**{language: {key: texts[key] for key in labels} for language, texts in TEXTS.items()})


def _theme():
    """System fonts only (nothing is fetched), slate with one accent."""
    import gradio as gr

    fonts = ["system-ui", "-apple-system", "Segoe UI", "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR"]
    fonts += ["Noto Sans CJK KR", "sans-serif"]
    return gr.themes.Default(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        font=fonts,
        font_mono=["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"],
    )
