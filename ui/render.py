"""HTML of the page as pure functions: untrusted text in, escaped markup out.

Replies, questions, passages, file names and judges' reasons come from strangers. Every one of them
passes `escape` or `markdown`; nothing else may write text into markup. Chat messages are one HTML
block without blank lines, which the chat window's Markdown reader passes through as it stands (and
then sanitizes once more).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape as _escape
from typing import Literal

from markdown_it import MarkdownIt

from judge.types import METRICS, Judgement, Score, SecondOpinion, Verdict, metrics_of
from rag.types import RetrievedChunk, Turn
from ui.i18n import counted, reason_in, say

# Where a badge turns from ✓ to ! to ✗. A convention for the eye only: nothing else reads it, and the
# value stands beside the mark.
GOOD, FAIR = 0.8, 0.5
MARKS = {"good": "✓", "fair": "!", "bad": "✗", "pending": "⏳", "none": "–"}
LABEL_MARKS = {"supported": "✓", "contradicted": "✗", "not_found": "?", "not_sure": "≈"}
# A sentence of a passage is marked as evidence when it holds at least this share of the claim's words.
EVIDENCE_OVERLAP = 0.5

_CITATION = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\]")
_QUOTED_LINE = re.compile(r'^"(?:(?P<quote>.+)"(?P<cited> \[\d{1,3}\])|(?P<begun>[^"]+)(?:"(?: \[?\d{0,3})?)?)$')
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+")

Judged = Judgement | Literal["pending"] | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation or a document in its list."""

    id: str
    title: str
    note: str = ""


def plain(text: object) -> str:
    """`text` without control, direction and surrogate characters, which could disguise what is shown."""
    return _INVISIBLE.sub("", str(text))


def escape(text: object) -> str:
    """`text` as HTML text or attribute value; newlines become entities so that no blank line arises."""
    return _escape(plain(text), quote=True).replace("\n", "&#10;")


# ------------------------------------------------------------------ replies


@lru_cache(maxsize=1)
def _markdown_reader() -> MarkdownIt:
    """Paragraphs, emphasis, lists, tables and code; no raw HTML, no links, no images."""
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    reader.disable(["link", "image", "autolink", "html_inline", "html_block", "reference", "fence"])

    def text(tokens, index, _options, env) -> str:
        return _with_citations(tokens[index].content, env["link"])

    reader.add_render_rule("text", lambda _self, *arguments: text(*arguments))
    return reader


def markdown(text: str, link: Callable[[int], str | None] = lambda rank: None) -> str:
    """`text` as HTML in one line.

    Args:
        link: the address behind citation `[rank]`, or None where the rank means nothing.
    """
    html = _markdown_reader().render(plain(text), {"link": link})
    return html.strip().replace("\n", "&#10;" if "<pre>" in html else " ")


def quotes_set_off(reply: str) -> str:
    """The reply with every line that quotes a passage as a block quote: what is copied looks different from what is written.

    A line still being written is one as soon as it begins; its quotation marks become typographic.
    """
    lines: list[str] = []
    for line in reply.split("\n"):
        found = _QUOTED_LINE.match(line.rstrip())
        if not found:
            lines.append(line)
            continue
        if lines and lines[-1].strip():
            lines.append(">" if lines[-1].startswith("> “") else "")
        lines.append(f"> “{found['quote']}”{found['cited']}" if found["quote"] else f"> “{found['begun']}")
    return "\n".join(lines)


def _with_citations(text: str, link: Callable[[int], str | None]) -> str:
    def cite(found: re.Match) -> str:
        parts = []
        for rank in re.findall(r"\d+", found[1]):
            address = link(int(rank))
            parts.append(f'<a class="v-cite" href="{escape(address)}">[{rank}]</a>' if address else f"[{rank}]")
        return "".join(parts)

    return _CITATION.sub(cite, _escape(text, quote=True))


def source_anchor(turn: Turn, rank: int) -> str:
    """The id of a passage in the sources panel; unique over all turns of the page."""
    return f"t{re.sub(r'[^0-9a-zA-Z]', '', turn.id)}-{rank}"


def cited_ranks(turn: Turn, judged: Judged = None) -> set[int]:
    """Ranks that the reply cites or that a verdict rests on."""
    ranks = {int(n) for group in _CITATION.findall(turn.response) for n in re.findall(r"\d+", group)}
    if isinstance(judged, Judgement):
        ranks |= {verdict.evidence + 1 for verdict in judged.verdicts if verdict.evidence is not None}
    return ranks & {found.rank for found in turn.retrieved_contexts}


def user_message(text: str) -> str:
    """A question as typed."""
    return f'<div class="v-question">{escape(text)}</div>'


def reply_message(
    turn: Turn,
    judged: Judged,
    language: str,
    waiting: str = "",
    actions: str = "",
    second: SecondOpinion | None = None,
) -> str:
    """One reply with everything under it: notice, text, state, badges, the reasons, and what can be done with it.

    Args:
        judged: the judgement, "pending" while it is made, None where there will be none.
        waiting: what the turn is waiting for while it is `retrieving`, e.g. the models.
        actions: markup from render_flags.reply_actions.
        second: what a second judge says beside `judged`.
    """
    ranks = {found.rank for found in turn.retrieved_contexts}
    text = markdown(quotes_set_off(turn.response), lambda rank: f"#{source_anchor(turn, rank)}" if rank in ranks else None)
    parts = [f'<p class="v-notice">{escape(turn.notice)}</p>' if turn.notice else ""]
    parts.append(f'<div class="v-text">{text}</div>' if turn.response else "")
    if turn.status == "retrieving":
        parts.append(_working(waiting or say(language, "retrieving")))
    elif turn.status == "streaming" and not turn.response:
        parts.append(_working(say(language, "streaming")))
    elif turn.status == "streaming":
        parts.append('<span class="v-caret"></span>')
    elif turn.status == "stopped":
        note = say(language, "stopped_note" if turn.response else "stopped_empty")
        parts.append(_state_row(turn, "stopped", "■", say(language, "stopped"), note))
    elif turn.status == "failed":
        parts.append(_state_row(turn, "failed", "⚠", say(language, "failed"), error_in(turn, language)))
    else:
        parts.append(badge_row(turn, judged, language, second))
    return f'<div class="v-reply">{"".join(parts)}{actions}</div>'


def error_in(turn: Turn, language: str) -> str:
    """The turn's error in `language`; the record keeps English and Korean on a line each."""
    lines = [line for line in turn.error.splitlines() if line.strip()]
    if not lines:
        return say(language, "failed_unknown")
    return lines[1] if language == "ko" and len(lines) > 1 else lines[0]


def _working(text: str) -> str:
    return f'<p class="v-working"><span class="v-dots"></span>{escape(text)}</p>'


def _state_row(turn: Turn, state: str, mark: str, name: str, note: str) -> str:
    return (
        f'<div class="v-row v-row-{state}" id="row-{escape(turn.id)}" role="status">'
        f'<span class="v-badge v-{state}"><span class="v-mark">{mark}</span>{escape(name)}</span>'
        f'<span class="v-note">{escape(note)}</span></div>'
    )


# ------------------------------------------------------------------ badges


def level(score: Score) -> str:
    """ "good", "fair" or "bad" by value; "none" for a score without one."""
    if score.value is None:
        return "none"
    return "good" if score.value >= GOOD else "fair" if score.value >= FAIR else "bad"


def unsure_claims(judged: Judgement) -> int:
    """How many claims the judge is not sure about; faithfulness leaves them out."""
    return sum(verdict.label == "not_sure" for verdict in judged.verdicts)


def badge_row(turn: Turn, judged: Judged, language: str, second: SecondOpinion | None = None) -> str:
    """The badges of a finished turn, whatever state they are in, what a second judge adds, and the reasons to open."""
    if judged == "pending":
        badges = "".join(_pending_badge(metric, language) for metric in METRICS)
        return f'<div class="v-row v-row-pending" id="row-{escape(turn.id)}" role="status">{badges}</div>'
    if judged is None:
        return ""
    declined = [score for score in judged.scores.values() if score.state == "declined"]
    refusal = max(declined, key=lambda score: score.value is not None, default=None)  # the graded one, if any
    badges = _declined_badge(turn, refusal, language) if refusal else ""
    for metric in metrics_of(judged.scores):
        score = judged.scores.get(metric) or Score(metric, None, "unscored", "")
        if score.state == "declined":
            continue
        unsure = unsure_claims(judged) if metric == "faithfulness" else 0
        # Where nothing answers, nothing can stand first: a 0 then says nothing against the retrieval.
        quiet = metric == "context_precision" and score.value == 0 and refusal is not None and level(refusal) == "good"
        badges += _pending_badge(metric, language) if score.state == "pending" else _badge(score, language, unsure, quiet)
    state = "declined" if refusal else "scored"
    note = _second_note(judged, second, language) if second else ""
    row = f'<div class="v-row v-row-{state}" id="row-{escape(turn.id)}" role="status">{badges}{note}</div>'
    return row + reasons(turn, judged, language, second)


def _second_note(judged: Judgement, second: SecondOpinion, language: str) -> str:
    """One quiet line beside the badges: a second opinion is coming, is what they show, or could not be had."""
    mark = {"pending": "⋯", "shown": "②", "unscored": "⚠"}[second.state]
    hint = say(language, f"second_{second.state}_hint", judge=judged.judge)
    return (
        f'<span class="v-second v-second-{second.state}" title="{escape(hint)}"><span class="v-mark">{mark}</span>'
        f"{escape(_second_text(second, language))}</span>"
    )


def _second_text(second: SecondOpinion, language: str) -> str:
    if second.state != "unscored":
        return say(language, f"second_{second.state}")
    scores = second.other.scores.values() if second.other else ()
    reason = next((score.reason for score in scores if score.reason), "?")
    return say(language, "second_unscored", reason=reason_in(language, reason))


def _compared(judged: Judgement, second: SecondOpinion, language: str) -> str:
    """What each of two judges said, metric by metric: the first one's value, then the second one's."""
    if second.other is None:
        return ""
    first, later = (second.other, judged) if second.state == "shown" else (judged, second.other)

    def value(judgement: Judgement, metric: str) -> str:
        score = judgement.scores.get(metric)
        if score is not None and score.state == "declined":
            return say(language, "declined") + ("" if score.value is None else f" {score.value:.2f}")
        return say(language, "unscored") if score is None or score.value is None else f"{score.value:.2f}"

    rows = "".join(
        f"<tr><th>{escape(say(language, metric))}</th><td>{escape(value(first, metric))}</td>"
        f"<td>{escape(value(later, metric))}</td></tr>"
        for metric in metrics_of((*first.scores, *later.scores))
    )
    head = "".join(
        f"<th>{escape(say(language, key))}<small>{escape(judgement.judge or '?')}</small></th>"
        for key, judgement in (("first_judge", first), ("second_judge", later))
    )
    return f'<table class="v-judges"><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _pending_badge(metric: str, language: str) -> str:
    name, hint = say(language, metric), say(language, f"{metric}_hint")
    return (
        f'<span class="v-badge v-pending" title="{escape(hint)}"><span class="v-mark">{MARKS["pending"]}</span>'
        f'{escape(name)} <span class="v-value">{escape(say(language, "pending"))}</span></span>'
    )


def _badge(score: Score, language: str, unsure: int = 0, quiet: bool = False) -> str:
    """A score with its value, or why there is none.

    Args:
        unsure: claims that the value leaves out, since the judge is not sure about them.
        quiet: the value is no fault: it stands with its reason, and without the look of a bad one.
    """
    name, hint = say(language, score.metric), say(language, f"{score.metric}_hint")
    reason = reason_in(language, score.reason)
    if score.value is None:
        value = say(language, "unscored") + (f" – {reason}" if reason else "")
        hint_text = hint
    else:
        value, hint_text = f"{score.value:.2f}", f"{hint} {reason}".strip()
        value += f" – {reason}" if quiet and reason else ""
    kind = "none" if quiet else level(score)
    left_out = ""
    if unsure and score.value is not None:
        left_out = f' <span class="v-left-out">{escape(say(language, "badge_not_sure", count=unsure))}</span>'
    return (
        f'<span class="v-badge v-{kind}" title="{escape(hint_text)}"><span class="v-mark">{MARKS[kind]}</span>'
        f'{escape(name)} <span class="v-value">{escape(value)}</span>{left_out}</span>'
    )


def _declined_badge(turn: Turn, score: Score, language: str) -> str:
    """A refusal is not a bad answer; whether it was right is what counts."""
    name = say(language, "declined")
    hint = say(language, "declined_hint")
    if score.value is None:
        kind, mark, verdict = "refusal", "↩", reason_in(language, score.reason)
    elif score.value >= FAIR:
        kind, mark, verdict = "refusal", "↩", say(language, "right_refusal")
    else:
        named = reason_in(language, score.reason) if _CITATION.search(score.reason) else ""
        kind, mark, verdict = "missed", "↩✗", named[:1].upper() + named[1:] or say(language, "wrong_refusal")
    verdict = f' <span class="v-value">{_linked(verdict, turn)}</span>' if verdict else ""
    return (
        f'<span class="v-badge v-{kind}" title="{escape(hint)}"><span class="v-mark">{mark}</span>'
        f"{escape(name)}{verdict}</span>"
    )


def _linked(text: str, turn: Turn) -> str:
    """Plain text in which `[2]` leads to source 2."""
    ranks = {found.rank for found in turn.retrieved_contexts}
    return _with_citations(plain(text), lambda rank: f"#{source_anchor(turn, rank)}" if rank in ranks else None)


def announcement(turn: Turn, judged: Judged, language: str, second: SecondOpinion | None = None) -> str:
    """The row in words, for a screen reader's status line."""
    if not isinstance(judged, Judgement):
        return say(language, "judging") if judged == "pending" else ""
    said = []
    for metric in metrics_of(judged.scores):
        score = judged.scores.get(metric)
        if score is None or score.state == "declined":
            continue
        value = say(language, "unscored") if score.value is None else f"{score.value:.2f}"
        if metric == "faithfulness" and score.value is not None and (unsure := unsure_claims(judged)):
            value += f" ({say(language, 'badge_not_sure', count=unsure)})"
        said.append(f"{say(language, metric)} {value}")
    if any(score.state == "declined" for score in judged.scores.values()):
        said.insert(0, say(language, "declined"))
    spoken = say(language, "judged_announcement", scores=", ".join(said))
    if second is None:
        return spoken
    text = _second_text(second, language)
    return {"pending": f"{spoken}. {text}", "shown": f"{text}. {spoken}", "unscored": text}[second.state]


def reasons(turn: Turn, judged: Judgement, language: str, second: SecondOpinion | None = None) -> str:
    """Claim by claim: verdict, probability, evidence and why; then who said so, and what another judge said."""
    count = len(judged.verdicts)
    title = counted(language, "why", count) if count else say(language, "why_none")
    claims = "".join(_claim(turn, verdict, language) for verdict in judged.verdicts)
    notes = "".join(
        f"<li><b>{escape(say(language, score.metric))}</b> {_linked(reason_in(language, score.reason), turn)}</li>"
        for score in (judged.scores.get(metric) for metric in metrics_of(judged.scores))
        if score is not None and score.reason
    )
    return (
        f'<details class="v-why"><summary>{escape(title)}</summary>'
        + (f'<ol class="v-claims">{claims}</ol>' if claims else "")
        + (f'<ul class="v-notes">{notes}</ul>' if notes else "")
        + (_compared(judged, second, language) if second else "")
        + f'<p class="v-provenance">{_provenance(turn, judged, language)}</p></details>'
    )


def _claim(turn: Turn, verdict: Verdict, language: str) -> str:
    label = verdict.label if verdict.label in LABEL_MARKS else "not_found"
    contradicted = label == "contradicted"
    p = verdict.p_contradicted if contradicted else verdict.p_supported
    hint = say(language, "p_contradicted_hint" if contradicted else "p_hint")
    evidence = ""
    if verdict.evidence is not None and 0 <= verdict.evidence < len(turn.retrieved_contexts):
        rank = turn.retrieved_contexts[verdict.evidence].rank
        words = escape(say(language, "evidence", rank=rank))
        evidence = f'<a class="v-evidence" href="#{source_anchor(turn, rank)}">{words}</a>'
    reason = reason_in(language, verdict.reason)
    return (
        f'<li class="v-claim v-{label}"><span class="v-claim-text">{escape(verdict.claim.text)}</span>'
        f'<span class="v-claim-line"><span class="v-verdict"><span class="v-mark">{LABEL_MARKS[label]}</span>'
        f'{escape(say(language, label))}</span> <span class="v-p" title="{escape(hint)}">'
        f"{escape(say(language, 'probability', value=f'{p:.2f}'))}</span> {evidence}</span>"
        + (f'<span class="v-reason">{_linked(reason, turn)}</span>' if reason else "")
        + "</li>"
    )


def _provenance(turn: Turn, judged: Judgement, language: str) -> str:
    total = turn.timings.total_s
    spent = say(language, "seconds", value=f"{total:.1f}") if total is not None else ""
    said = say(
        language,
        "provenance",
        generator=turn.generator or "?",
        seconds=say(language, "in_seconds", seconds=spent) if spent else "",
        judge=judged.judge,
        judge_seconds=say(language, "seconds", value=f"{judged.seconds:.1f}"),
    )
    if turn.generator and turn.generator == judged.judge:
        said += " " + say(language, "same_model")
    return escape(said)


# ------------------------------------------------------------------ sources


def sources_panel(turn: Turn | None, judged: Judged, language: str) -> str:
    """The passages of one turn: cited ones first, the others folded."""
    heading = f'<h2 class="v-heading">{escape(say(language, "sources"))}</h2>'
    if turn is None:
        return f'{heading}<p class="v-quiet">{escape(say(language, "sources_empty"))}</p>'
    asked = f'<p class="v-quiet v-clip">{escape(say(language, "sources_for", question=turn.standalone_question or turn.user_input))}</p>'
    if not turn.retrieved_contexts:
        key = "retrieving" if turn.status == "retrieving" else "sources_none"
        return f'{heading}{asked}<p class="v-quiet">{escape(say(language, key))}</p>'
    cited = cited_ranks(turn, judged)
    if turn.status in ("retrieving", "streaming") or not cited:
        cited = {found.rank for found in turn.retrieved_contexts}
    first = "".join(_source(turn, found, judged, language) for found in turn.retrieved_contexts if found.rank in cited)
    others = [found for found in turn.retrieved_contexts if found.rank not in cited]
    folded = ""
    if others:
        summary = escape(say(language, "sources_more", count=len(others)))
        rest = "".join(_source(turn, found, judged, language) for found in others)
        folded = f'<details class="v-more"><summary>{summary}</summary>{rest}</details>'
    return f"{heading}{asked}{first}{folded}"


def _source(turn: Turn, found: RetrievedChunk, judged: Judged, language: str) -> str:
    chunk = found.chunk
    facts = [_fact(say(language, "similarity", value=f"{found.score:.2f}"), say(language, "similarity_hint"))]
    claims: list[str] = []
    doubtful: list[str] = []
    if isinstance(judged, Judgement):
        if found.rank - 1 < len(judged.relevance):
            relevance = say(language, "relevant", value=f"{judged.relevance[found.rank - 1]:.2f}")
            facts.append(_fact(relevance, say(language, "relevant_hint")))
        here = [verdict for verdict in judged.verdicts if verdict.evidence == found.rank - 1]
        claims = [verdict.claim.text for verdict in here if verdict.label == "supported"]
        doubtful = [verdict.claim.text for verdict in here if verdict.label == "not_sure"]
    return (
        f'<article class="v-source" id="{source_anchor(turn, found.rank)}" tabindex="-1">'
        f'<h3><span class="v-rank">[{found.rank}]</span> {escape(chunk.section or say(language, "untitled"))}</h3>'
        f'<p class="v-facts"><span class="v-document">{escape(chunk.document)}</span>{"".join(facts)}</p>'
        f'<p class="v-passage">{marked(chunk.text.strip(), claims, doubtful)}</p></article>'
    )


def _fact(text: str, hint: str) -> str:
    return f'<span title="{escape(hint)}">{escape(text)}</span>'


def marked(passage: str, claims: Iterable[str], doubtful: Iterable[str] = ()) -> str:
    """`passage` escaped, with the sentences or lines that hold a claim's words in `<mark>`: the one that holds most of them, or several in a row
    that are the claim word for word (a heading is quoted whole).

    Args:
        doubtful: claims that the judge is not sure about; where they stand looks less certain.
    """
    spans = [(m.start(), m.end()) for m in re.finditer(r"[^\n.!?。]*(?:[.!?。](?!\s)[^\n.!?。]*)*[.!?。]?", passage)]
    spans = [(start, end) for start, end in spans if passage[start:end].strip()]
    told = [_plain(passage[start:end]) for start, end in spans]
    chosen: dict[tuple[int, int], bool] = {}  # whether the judge is sure
    for claim, sure in [*((claim, True) for claim in claims), *((claim, False) for claim in doubtful)]:
        if run := _run(_plain(claim), told):
            for span in spans[run]:
                chosen.setdefault(span, sure)
            continue
        wanted = _words(claim)
        shares = [(len(wanted & _words(passage[start:end])) / max(len(wanted), 1), start, end) for start, end in spans]
        best = max(shares, default=(0.0, 0, 0))
        if best[0] >= EVIDENCE_OVERLAP:
            chosen.setdefault((best[1], best[2]), sure)
    parts, position = [], 0
    for (start, end), sure in sorted(chosen.items()):
        text = passage[start:end]
        start += len(text) - len(text.lstrip())
        mark = "<mark>" if sure else '<mark class="v-doubtful">'
        parts += [escape(passage[position:start]), mark, escape(passage[start:end]), "</mark>"]
        position = end
    return "".join([*parts, escape(passage[position:])])


def _run(wanted: str, told: Sequence[str]) -> slice | None:
    """Which texts in a row are `wanted` word for word; all of them `_plain`. None where none are."""
    for i, first in enumerate(told):
        if not first or not wanted.startswith(first):
            continue
        joined = ""
        for j in range(i, len(told)):
            joined = f"{joined} {told[j]}".strip()
            if joined == wanted:
                return slice(i, j + 1)
            if not wanted.startswith(joined):
                break
    return None


def _plain(text: str) -> str:
    """The words of a text, citations left out, one space between them."""
    return " ".join(re.findall(r"\w+", _CITATION.sub(" ", text).casefold()))


def _words(text: str) -> set[str]:
    """Words to compare, citations left out. Korean words are cut to two syllables: particles follow the stem."""
    words = _WORD.findall(_CITATION.sub(" ", text).lower())
    return {word[:2] if "\uac00" <= word[0] <= "\ud7a3" else word for word in words if len(word) > 1 or word.isdigit()}


# ------------------------------------------------------------------ around the chat


PAGES = {"chat": "./", "regression": "regression", "judge": "judge"}  # relative, so that a proxy may add a prefix


def header(language: str, page: str) -> str:
    """Name, one line on what this is, and the way to the other pages.

    Args:
        page: the key of PAGES that is shown.
    """
    links = "".join(
        f'<a href="{address}"{_here(each == page)}>{escape(say(language, f"page_{each}"))}</a>'
        for each, address in PAGES.items()
    )
    return (
        f'<div class="v-brand" lang="{language}"><h1>Vouch</h1><p>{escape(say(language, "tagline"))}</p>'
        f'<nav class="v-nav" aria-label="{escape(say(language, "pages"))}">{links}</nav></div>'
    )


def _here(current: bool) -> str:
    return ' aria-current="page"' if current else ""


def empty_chat(language: str) -> str:
    """What an empty conversation shows."""
    return (
        f'<div class="v-empty"><h2>{escape(say(language, "empty_title"))}</h2>'
        f"<p>{escape(say(language, 'empty_body'))}</p></div>"
    )


def status_line(text: str, kind: Literal["info", "error", "quiet"] = "info") -> str:
    """One sentence under the question box; "quiet" is for screen readers alone."""
    if not text:
        return ""
    mark = {"info": "ⓘ", "error": "⚠", "quiet": ""}[kind]
    mark = f'<span class="v-mark" aria-hidden="true">{mark}</span>' if mark else ""
    return f'<p class="v-status v-status-{kind}">{mark}{escape(text)}</p>'


def conversation_list(listed: Sequence[Listed], current: str | None, language: str) -> str:
    """Earlier conversations, newest first; each opens and can be deleted."""
    heading = f'<h2 class="v-heading">{escape(say(language, "conversations"))}</h2>'
    if not listed:
        return f'{heading}<p class="v-quiet">{escape(say(language, "no_conversations"))}</p>'
    rows = []
    for item in listed:
        title = item.title.strip() or say(language, "untitled_conversation")
        here = ' aria-current="true"' if item.id == current else ""
        rows.append(
            f'<li class="v-item"{here}><button type="button" class="v-open" data-open="{escape(item.id)}" '
            f'aria-label="{escape(say(language, "open_conversation", title=title))}">{escape(title)}</button>'
            + _delete(item.id, say(language, "delete_conversation", title=title), say(language, "delete"))
            + "</li>"
        )
    return f'{heading}<ul class="v-list">{"".join(rows)}</ul>{_forget(language)}'


def _forget(language: str) -> str:
    """Deleting everything of one's own: what it means, then the button."""
    return (
        f'<details class="v-more"><summary>{escape(say(language, "delete_data"))}</summary>'
        f'<p class="v-quiet">{escape(say(language, "delete_data_body"))}</p>'
        f'<button type="button" class="v-button v-danger" data-forget="1">{escape(say(language, "delete_data_now"))}'
        f"</button></details>"
    )


def document_list(listed: Sequence[Listed] | None, language: str, notice: str = "") -> str:
    """Indexed resumes; None while the index is not open yet.

    Args:
        notice: what happened to the index when it was opened, if anything.
    """
    heading = f'<h2 class="v-heading">{escape(say(language, "documents"))}</h2>'
    if listed is None:
        return f'{heading}<p class="v-quiet">{escape(say(language, "documents_loading"))}</p>'
    if not listed:
        return f'{heading}<p class="v-quiet">{escape(say(language, "no_documents"))}</p>'
    rows = "".join(
        f'<li class="v-item"><span class="v-name">{escape(item.title)}<small>{escape(item.note)}</small></span>'
        + _delete(item.id, say(language, "remove_document", name=item.title), say(language, "remove"))
        + "</li>"
        for item in listed
    )
    said = f'<p class="v-notice">{escape(notice)}</p>' if notice else ""
    return f'{heading}{said}<ul class="v-list">{rows}</ul>'


def _delete(item_id: str, label: str, confirm: str) -> str:
    """A ✕ that opens a button: two deliberate steps, no dialog."""
    return (
        f'<details class="v-delete"><summary aria-label="{escape(label)}" title="{escape(label)}">✕</summary>'
        f'<button type="button" data-delete="{escape(item_id)}">{escape(confirm)}</button></details>'
    )


def upload_report(lines: Sequence[tuple[str, str]], done: int = 0, total: int = 0, current: str = "") -> str:
    """Progress of an upload and one line for each file.

    Args:
        lines: (kind, sentence); kind is "ok", "same", "error" or "info".
        done, total: files read of all; a bar is shown while total > 0.
        current: what is being read.
    """
    marks = {"ok": "✓", "same": "=", "error": "⚠", "info": "ⓘ"}
    bar = ""
    if total:
        bar = f'<progress max="{total}" value="{done}" aria-label="{escape(current)}"></progress><p class="v-quiet">{escape(current)}</p>'
    rows = "".join(
        f'<li class="v-upload-{kind}"><span class="v-mark" aria-hidden="true">{marks[kind]}</span>{escape(text)}</li>'
        for kind, text in lines
    )
    return bar + (f'<ul class="v-report">{rows}</ul>' if rows else "")


def models_panel(rows: Sequence[tuple[str, str]], language: str) -> str:
    """Which models are at work, and how to use others.

    Args:
        rows: (name shown, model id or what stands in for it).
    """
    facts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)
    example = (
        "VOUCH_GENERATOR=meta-llama/Llama-3.2-3B-Instruct&#10;VOUCH_JUDGE=embedded&#10;"
        "VOUCH_GENERATOR=http://127.0.0.1:8000/v1#model"
    )
    return (
        f'<h2 class="v-heading">{escape(say(language, "models"))}</h2><dl class="v-models">{facts}</dl>'
        f'<details class="v-more"><summary>{escape(say(language, "change_models"))}</summary>'
        f'<p class="v-quiet">{escape(say(language, "change_models_body"))}</p><pre>{example}</pre></details>'
    )
