"""Renders the sample resumes' Markdown as the PDF and DOCX files that stand beside it.

    python -m benchmarks.render_samples [--chromium /usr/bin/chromium] [NAME.md ...]

Chromium prints the PDF, because it embeds the glyphs in use of any installed font: Liberation Sans and, for
Korean, NanumGothic (Debian's fonts-liberation and fonts-nanum; the Open Font License allows embedding, and
being TrueType they become real text, where the CFF outlines of Noto Sans CJK become Type 3); python-docx writes the DOCX with real headings and lists. The
Markdown stays the one source: a change is made there, and this script run again.
"""

from __future__ import annotations

import datetime
import html
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import click

from rag.language import language_of
from settings import PROJECT

RESUMES = PROJECT / "data" / "resumes"
WRITTEN = datetime.datetime(2025, 9, 1, tzinfo=datetime.UTC)  # in the DOCX properties; fixed, so that runs agree

STYLE = """
@page { size: A4; margin: 17mm 19mm 16mm 19mm; }
html { font-family: "Liberation Sans", "NanumGothic", sans-serif; font-size: 9.6pt; line-height: 1.42; color: #22262b; }
html:lang(ko) { font-family: "NanumGothic", sans-serif; line-height: 1.6; }
body { margin: 0; word-break: keep-all; overflow-wrap: break-word; }
header { border-bottom: 1.6pt solid var(--accent); padding-bottom: 8pt; margin-bottom: 4pt; }
h1 { font-size: 24pt; line-height: 1.15; letter-spacing: .01em; margin: 0 0 3pt; color: var(--accent); }
header p { margin: 0; } header p.role { font-size: 12pt; margin-bottom: 3pt; } header p.meta { color: #59626c; }
h2 { font-size: 11pt; color: var(--accent); border-bottom: .5pt solid #c9cfd6; padding-bottom: 1.5pt;
     margin: 14pt 0 5pt; break-after: avoid; }
h2.caps { text-transform: uppercase; letter-spacing: .09em; font-size: 9.6pt; }
h3 { font-size: 10.4pt; margin: 7pt 0 0; break-after: avoid; }
p { margin: 0 0 3pt; } p.meta { color: #59626c; font-size: 9.3pt; }
ul { margin: 2pt 0 4pt; padding-left: 13pt; } li { margin: 1.5pt 0; break-inside: avoid; }
"""
ACCENT = {"en": "#1f4b5f", "ko": "#4a3a73"}


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading or list item. `kind` is h1, h2, h3, p or li."""

    kind: str
    text: str


def blocks_of(markdown: str) -> list[Block]:
    """The blocks of a resume's Markdown in order: headings to the third level, paragraphs, flat lists.

    Raises:
        ValueError: the source uses anything else, which would be lost in the rendering.
    """
    from markdown_it import MarkdownIt

    blocks: list[Block] = []
    open_tags: list[str] = []
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.nesting == 1:
            open_tags.append(token.tag)
        elif token.nesting == -1:
            open_tags.pop()
        elif token.type == "inline":
            if any(child.type not in ("text", "softbreak") for child in token.children or ()):
                raise ValueError(f"inline markup is not rendered: {token.content!r}")
            kind = "li" if "li" in open_tags else open_tags[-1]
            blocks.append(Block(kind, " ".join(token.content.split())))
        else:
            raise ValueError(f"{token.type} is not rendered")
        if open_tags and open_tags[-1] not in ("h1", "h2", "h3", "p", "ul", "li"):
            raise ValueError(f"<{open_tags[-1]}> is not rendered")
    return blocks


def page_of(blocks: list[Block], language: str) -> str:
    """The resume as one self-contained HTML page for printing."""
    body: list[str] = ["<header>"]
    in_header, in_list, after_head = True, False, False
    for block in blocks:
        text = html.escape(block.text)
        if in_header and block.kind == "h2":
            body.append("</header>")
            in_header = False
        if in_list and block.kind != "li":
            body.append("</ul>")
            in_list = False
        if block.kind == "li":
            if not in_list:
                body.append("<ul>")
                in_list = True
            body.append(f"<li>{text}</li>")
        elif block.kind == "h2":
            # Chromium prints the capitals as text: titles in capitals are what many resumes hold.
            body.append(f'<h2 class="caps">{text}</h2>' if language == "en" else f"<h2>{text}</h2>")
        elif block.kind == "p":
            is_meta = " | " in block.text or (after_head and block.text[:4].isdigit())
            look = "meta" if is_meta else "role" if in_header else "text"
            body.append(f'<p class="{look}">{text}</p>')
        else:
            body.append(f"<{block.kind}>{text}</{block.kind}>")
        after_head = block.kind == "h3"
    if in_list:
        body.append("</ul>")
    title = html.escape(blocks[0].text)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>:root {{ --accent: {ACCENT[language]}; }}{STYLE}</style></head><body>{''.join(body)}</body></html>"
    )


def render_pdf(page: str, target: Path, chromium: str) -> None:
    """Print an HTML page.

    Raises:
        subprocess.CalledProcessError, TimeoutExpired: Chromium failed.
        FileNotFoundError: it wrote nothing.
    """
    with tempfile.TemporaryDirectory(prefix="vouch-render-") as folder:
        source, printed = Path(folder) / "resume.html", Path(folder) / "resume.pdf"
        source.write_text(page, encoding="utf-8")
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile"]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={printed}", source.as_uri()]
        subprocess.run(command, check=True, timeout=120, capture_output=True)
        shutil.copyfile(printed, target)


def render_docx(blocks: list[Block], target: Path, language: str) -> None:
    """Write the resume with Word's own headings and bullets."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(21)
    section.top_margin = section.bottom_margin = Mm(17)
    accent = RGBColor.from_string(ACCENT[language][1:])
    sizes = {"Normal": 10, "Title": 24, "Heading 1": 12.5, "Heading 2": 10.5, "List Bullet": 10}
    for name, size in sizes.items():
        style = document.styles[name]
        style.font.size = Pt(size)
        style.font.name = "Calibri"
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "Malgun Gothic")
        style.paragraph_format.space_after = Pt(2)
        if name in ("Title", "Heading 1"):
            style.font.color.rgb = accent
        elif name == "Heading 2":
            style.font.color.rgb = RGBColor(0x22, 0x26, 0x2B)
    document.styles["Heading 1"].paragraph_format.space_before = Pt(11)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(6)

    styles = {"h1": "Title", "h2": "Heading 1", "h3": "Heading 2", "p": "Normal", "li": "List Bullet"}
    for block in blocks:
        document.add_paragraph(block.text, style=styles[block.kind])
    properties = document.core_properties
    properties.title = properties.author = blocks[0].text
    properties.language = language
    properties.created = properties.modified = WRITTEN
    properties.last_modified_by, properties.comments = "", ""
    document.save(str(target))


@click.command()
@click.argument("names", nargs=-1)
@click.option("--chromium", default=shutil.which("chromium") or "chromium", show_default=True)
def main(names: tuple[str, ...], chromium: str) -> None:
    """Render NAMES (default: every Markdown resume in data/resumes) as PDF and DOCX beside the source."""
    for source in [RESUMES / name for name in names] or sorted(RESUMES.glob("*.md")):
        markdown = source.read_text(encoding="utf-8")
        blocks, language = blocks_of(markdown), language_of(markdown)
        render_pdf(page_of(blocks, language), source.with_suffix(".pdf"), chromium)
        render_docx(blocks, source.with_suffix(".docx"), language)
        for suffix in (".pdf", ".docx"):
            made = source.with_suffix(suffix)
            print(f"{made.name:28}{made.stat().st_size / 1000:8.0f} kB")


if __name__ == "__main__":
    main()
