"""Question -> ranked passages: dense and lexical lists, fused, and optionally reranked."""

from __future__ import annotations

import functools
import importlib.util
import logging
import re
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag import contacts
from rag.chunking import as_name
from rag.durations import asks_total
from rag.entries import is_entry, periods
from rag.index import Index, Snapshot, no_documents
from rag.meant import jobs_meant, meant
from rag.reranking import passage
from rag.rules import asks_rule, distinct, ruled
from rag.types import Chunk, RetrievedChunk

if TYPE_CHECKING:
    import bm25s

    from rag.embedding import Encoder
    from rag.reranking import Reading

log = logging.getLogger(__name__)

CANDIDATES = 30  # of each list
RERANKED = 12
WHOLE = 16  # passages where a question is about all of a resume; of more it is answered as any other
KEPT_SHARE = 0.2  # of the best passage's probability; with less, a passage is left out
# Cosines of e5 lie between about 0.75 and 0.9, so a little goes a long way. Recall@4 / MRR of the sum
# (python -m benchmarks.retrieval; 500 passages of the public sets) for vectors alone and for the weights:
#                        0           0.02        0.04        0.06        reciprocal rank fusion, k = 60
#   TyDi QA ko        .965/.860   .972/.874   .970/.876   .968/.873   .942/.844
#   SQuAD 2 en        .950/.881   .976/.926   .986/.938   .990/.940   .980/.914
#   own questions     .894/.766   .979/.887   .979/.917   .957/.905
LEXICAL_WEIGHT = 0.04
# A question that names a candidate is about that candidate: as much as cosines and words together set passages apart.
NAME_WEIGHT = 0.1


class Reranker(Protocol):
    """Judges candidates closer than vectors can."""

    def read(self, question: str, texts: Sequence[str]) -> Sequence[Reading]:
        """How likely each text (section title and passage), and each of its lines, answers the question."""
        ...


class Retriever:
    """Finds the passages of an index for a question.

    Safe to use from several threads. The lexical index follows the index's state by itself.

    Args:
        index: where to search.
        embedder: the one the index was made with.
        reranker: reorders the first `RERANKED` candidates where given.
    """

    def __init__(self, index: Index, embedder: Encoder, reranker: Reranker | None = None) -> None:
        self.index = index
        self.embedder = embedder
        self.reranker = reranker
        self._lock = threading.Lock()
        self._lexical: LexicalIndex | None = None
        self._lexical_of: Snapshot | None = None

    def load(self) -> None:
        """Load the embedder and the word index now instead of at the first question.

        Raises:
            ModelError: the embedder cannot be loaded.
        """
        self.embedder.encode_queries(["warm up"])
        self._lexical_index(self.index.snapshot)

    def search(self, question: str, k: int, document_ids: Iterable[str] | None = None) -> tuple[RetrievedChunk, ...]:
        """Up to k passages likely to hold the answer, best first; with a reranker only those near the best.

        `score` is the cosine of question and passage whoever found it; `retriever` says who did.

        Args:
            question: a question that can be understood alone.
            k: how many passages.
            document_ids: search these documents only.

        Raises:
            IndexMissing: nothing is indexed, or nothing of `document_ids`.
            ModelError: the embedder cannot be loaded.
        """
        snapshot = self.index.snapshot
        rows = snapshot.rows_of(document_ids)
        if not snapshot.chunks or (rows is not None and not len(rows)):
            raise no_documents()
        topic = topic_of(snapshot, question, rows)
        vector = self.embedder.encode_queries([topic])[0]
        dense, lexical, fused = ranked_rows(snapshot, self._lexical_index(snapshot), question, vector, rows)
        whole = whole_rows(snapshot, question, topic, rows)
        order = whole or [row for row, _ in fused]
        cosine = dict(zip(order, snapshot.cosines(vector, order), strict=True))
        by_words = {row for row, _ in lexical}
        by_vector = {row for row, _ in dense}
        probability: dict[int, float] = {}
        if self.reranker is not None:
            named = set(named_rows(snapshot, question, rows).tolist())
            jobs = [row for row in meant_rows(snapshot, question, rows) if not named or row in named][:RERANKED]
            far = [row for row in jobs if row not in cosine]
            cosine.update(zip(far, snapshot.cosines(vector, far), strict=True))
            near = whole or distinct(snapshot.chunks, [*jobs, *order])[: max(RERANKED, k)]
            chunks = [snapshot.chunks[row] for row in near]
            texts, shifts = zip(*(passage(chunk) for chunk in chunks), strict=True)
            asked, readings = meant(question, chunks), self.reranker.read(topic, texts)
            probability = {near[i]: asked.p_answers(i, readings[i], shifts[i]) for i in range(len(near))}
            # It does not see whose a passage is: where candidates are named, theirs alone are read. Stable: ties keep the fused order.
            order = whole or sorted([row for row in near if row in named] or near, key=lambda row: -probability[row])
        order = whole or distinct(snapshot.chunks, order)[:k]
        if probability and not whole:
            # A passage far less likely than the best is no source; it would only distract a small model.
            enough = KEPT_SHARE * probability[order[0]]
            order = [row for row in order if row == order[0] or probability[row] >= enough]
        return tuple(
            RetrievedChunk(
                chunk=snapshot.chunks[row],
                rank=rank,
                score=max(-1.0, min(1.0, cosine[row])),
                retriever="both" if row in by_words and row in by_vector else "lexical" if row in by_words else "dense",
                p_answers=probability.get(row),
            )
            for rank, row in enumerate(order, 1)
        )

    def _lexical_index(self, snapshot: Snapshot) -> LexicalIndex:
        with self._lock:
            if self._lexical is None or self._lexical_of is not snapshot:
                self._lexical = LexicalIndex([search_words(chunk) for chunk in snapshot.chunks])
                self._lexical_of = snapshot
            return self._lexical


Ranked = list[tuple[int, float]]  # (row, score), best first


def ranked_rows(
    snapshot: Snapshot, lexical: LexicalIndex, question: str, vector: np.ndarray, rows: np.ndarray | None = None
) -> tuple[Ranked, Ranked, Ranked]:
    """The three lists behind one search: dense (cosines), lexical (BM25) and the two fused.

    Args:
        vector: the unit vector of `topic_of` the question.
        rows: search these rows only.
    """
    by_vector = snapshot.search(vector, CANDIDATES, rows)
    by_words = lexical.search(topic_of(snapshot, question, rows), CANDIDATES, rows)
    named = named_rows(snapshot, question, rows)
    cosines = dict(by_vector)
    if len(named):
        cosines.update(snapshot.search(vector, CANDIDATES, named))
    missing = [row for row, _ in by_words if row not in cosines]
    cosines.update(zip(missing, snapshot.cosines(vector, missing), strict=True))
    return by_vector, by_words, fuse(cosines, by_words, named.tolist())


def fuse(cosines: dict[int, float], lexical: Ranked, named: Iterable[int] = ()) -> Ranked:
    """Cosine + `LEXICAL_WEIGHT` * (BM25 / best BM25), + `NAME_WEIGHT` for passages of a named candidate; best first."""
    best = max((score for _, score in lexical), default=0.0) or 1.0
    share = {row: score / best for row, score in lexical}
    about = set(named)
    fused = {
        row: cosine + LEXICAL_WEIGHT * share.get(row, 0.0) + NAME_WEIGHT * (row in about)
        for row, cosine in cosines.items()
    }
    return sorted(fused.items(), key=lambda item: -item[1])


def candidates_of(snapshot: Snapshot, rows: np.ndarray | None) -> set[str]:
    """Names of the people whose passages are searched."""
    return people(snapshot.chunks if rows is None else [snapshot.chunks[int(row)] for row in rows])


def people(chunks: Iterable[Chunk]) -> set[str]:
    """Names of the people whom the passages are about; file names that stand in for a name ("python_cv") are left out."""
    subjects = {(chunk.subject, chunk.subject == Path(chunk.document).stem) for chunk in chunks}
    return {subject for subject, from_file in subjects if not from_file or as_name(subject)}


def named_rows(snapshot: Snapshot, question: str, rows: np.ndarray | None = None) -> np.ndarray:
    """Rows of the candidates whom a question names; none when it names nobody or everybody."""
    spans = {
        subject: [match.span() for match in name_pattern(subject).finditer(question)]
        for subject in candidates_of(snapshot, rows)
    }
    widest = [span for found in spans.values() for span in found]

    def is_whole(span: tuple[int, int]) -> bool:  # the "Jane" of "Jane Doe" does not name Jane Smith
        return not any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in widest)

    named = {subject for subject, found in spans.items() if any(is_whole(span) for span in found)}
    searched = range(len(snapshot.chunks)) if rows is None else [int(row) for row in rows]
    about = [row for row in searched if snapshot.chunks[row].subject in named]
    return np.array(about if len(about) < len(searched) else [], dtype=np.int64)


def meant_rows(snapshot: Snapshot, question: str, rows: np.ndarray | None = None) -> list[int]:
    """Rows of the entries that a question asks for by their place among the others (`jobs_meant`): only all of them together tell which."""
    searched = range(len(snapshot.chunks)) if rows is None else [int(row) for row in rows]
    return [searched[i] for i in jobs_meant(question, [snapshot.chunks[row] for row in searched])]


def whole_rows(snapshot: Snapshot, question: str, topic: str, rows: np.ndarray | None = None) -> list[int]:
    """Rows that together answer a question about one person's resume, in the order of the answer: what a rule answers (rag/rules.py), where they live,
    their links, name or grade. Nothing for any other question, or where it may be about several people."""
    field = contacts.looked_up(topic)
    if not (field or asks_rule(topic)):
        return []
    searched = range(len(snapshot.chunks)) if rows is None else rows.tolist()
    searched = named_rows(snapshot, question, rows).tolist() or list(searched)
    chunks = [snapshot.chunks[row] for row in searched]
    if field:
        places = _holding(field, chunks)
    elif told := ruled(topic, chunks, "en"):
        places = told.read
    else:
        places = [period.position for period in periods(chunks)] if asks_total(topic) else []
    kept = distinct(snapshot.chunks, [searched[i] for i in dict.fromkeys(places)])
    return kept if len(kept) <= WHOLE else []


def _holding(form: re.Pattern[str], chunks: Sequence[Chunk]) -> list[int]:
    """The first passage with a line that holds what is asked for; nothing where the passages are of several people."""
    if len({chunk.subject for chunk in chunks}) != 1:
        return []
    order = sorted(range(len(chunks)), key=lambda i: (chunks[i].document_id, chunks[i].start))
    return [i for n, i in enumerate(order) if contacts.line_with(form, chunks[i], n == 0 and not is_entry(chunks[i]))][:1]


def topic_of(snapshot: Snapshot, question: str, rows: np.ndarray | None = None) -> str:
    """The question with the candidates' names replaced: "Where did Jane study?" asks what "the candidate" studied.

    A name stands in the head of a resume and pulls every question towards it; whose passages are
    wanted is settled by `named_rows`.
    """
    return without_names(question, candidates_of(snapshot, rows))


def without_names(question: str, subjects: Iterable[str]) -> str:
    """The question with these candidates' names replaced by "the candidate"; a name that only calls somebody ("Anna, any awards?") goes."""
    topic = question
    for subject in sorted(set(subjects), key=lambda subject: (-len(subject), subject)):  # longest first
        topic = name_pattern(subject).sub("지원자" if _HANGUL.search(subject) else "the candidate", topic)
    return topic if topic == question else _CALLED.sub("", topic)


_CALLED = re.compile(r"^(?:the candidate|지원자), (?=\S)")
_BEHIND_NAME = "은|는|이|가|의|을|를|도|와|과|랑|하고|에게|에게서|한테|께서|께|만|보다|라는|란|였|입니다|인가요"
_GIVEN_WORDS = frozenset("지원 하나 나라 현재 보람 기술 사랑 진수 미래 소리 우리 정상 수상 대상 기사 경력 학력 자신".split())
# Full names of two syllables that are words of questions as well.
_FULL_WORDS = frozenset(
    "이상 이하 이전 이후 이동 이용 이유 이력 이수 이번 이름 전공 전문 전체 전화 정보 정도 조사 주요 주로 최근 최고 최종 현장 한국 고용 고객 공부 공식 구체 국내 국제"
    " 방법 방문 성과 성격 신입 안내 연구 연봉 유학 유지 임원 장점 지금 진행 차이 한일".split()
)


@functools.lru_cache(maxsize=4096)
def name_pattern(subject: str) -> re.Pattern[str]:
    """Matches a name in a question: any of its Latin words in a row, or a Korean name with or without its family name."""
    joined = re.sub(r"\s", "", subject)
    if len(joined) == 2 and _HANGUL.fullmatch(joined):
        # Short enough to stand in other words (이산 in 이 산업, 산이산), or to be one.
        full = r"\s*".join(joined) if re.search(r"\s", subject.strip()) else joined
        return re.compile(rf"(?<![가-힣]){full}{_behind(joined in _FULL_WORDS)}(?:\s*(?:님|씨))?")
    if _HANGUL.fullmatch(joined):
        spaced = r"\s*".join(joined)
        given = r"\s*".join(joined[1:])
        # A given name may stand in other words (유지원 in 지원자, 김하나 in 하나은행), and some are words themselves.
        alone = rf"|(?<![가-힣]){given}{_behind(joined[1:] in _GIVEN_WORDS)}" if len(joined) >= 3 else ""
        return re.compile(rf"(?:{spaced}{alone})(?:\s*(?:님|씨))?")
    words = [word for word in re.findall(r"[^\W\d_]+", subject) if len(word) >= 3 and word.lower() not in _STOP]
    if not words:
        return re.compile(r"(?!)")
    one = "|".join(re.escape(word) for word in words)
    # "How long", "the bill": a name that is a word needs its capital, or the other name beside it.
    by_itself = (f"(?-i:{word.capitalize()})" if word.lower() in _WORD_NAMES else re.escape(word) for word in words)
    alone = "|".join(by_itself)
    return re.compile(rf"\b(?:(?:{one})(?:\W{{1,2}}(?:{one}))+|(?:{alone}))(?=\b|[가-힣])", re.IGNORECASE)


def _behind(is_word: bool) -> str:
    """What must follow a Korean name: a form of address, or else a particle or no Hangul."""
    return r"(?=\s*(?:님|씨))" if is_word else rf"(?=\s*(?:님|씨)|이?(?:{_BEHIND_NAME})(?![가-힣])|[^가-힣]|$)"


# First names and surnames that are words of English questions as well.
_WORD_NAMES = frozenset(
    "long young day price bill mark grant page rich best case field hill wood stone rose hope grace faith joy art frank guy drew sky summer june april"
    " august dean major king law love power banks park rivers snow west north east short small little gray grey green brown black white cook baker"
    " taylor mason carter porter hunter fisher smith miller chase rush wise sharp strong fair good ward bell ball bush church court lane marsh pool"
    " reed sharpe swift rust ruby pearl dawn eve iris ivy jade olive penny victor max miles earl duke reason christian".split()
)


class LexicalIndex:
    """BM25 over passages, for names, products and numbers that vectors blur."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._size = len(texts)
        self._vocabulary: dict[str, int] = {}
        rows = [[self._vocabulary.setdefault(token, len(self._vocabulary)) for token in tokens(text)] for text in texts]
        self._bm25: bm25s.BM25 | None = None
        if self._vocabulary:
            self._bm25 = bm25s.BM25()
            self._bm25.index((rows, self._vocabulary), show_progress=False)

    def search(self, question: str, k: int, rows: np.ndarray | None = None) -> list[tuple[int, float]]:
        """Rows that share a word with the question: (row, BM25), best first."""
        known = [self._vocabulary[token] for token in tokens(question) if token in self._vocabulary]
        if self._bm25 is None or not known:
            return []
        scores = self._bm25.get_scores(known)
        if rows is not None:
            allowed = np.zeros(self._size, bool)
            allowed[rows] = True
            scores = np.where(allowed, scores, 0.0)
        best = np.argsort(-scores, kind="stable")[:k]
        return [(int(row), float(scores[row])) for row in best if scores[row] > 0]


# ---------------------------------------------------------------- words

# What people call the things that a section holds, in both languages: a Korean question finds an English section by them.
# On the project's own questions they raise recall@1 of the sum from .79 to .85 and recall@4 from .94 to .98.
_SECTION_WORDS = [
    (re.compile(titles, re.IGNORECASE), words)
    for titles, words in (
        (
            r"experience|employ|work|career|intern|경력|경험|인턴|이력",
            "job employer company worked career position 직장 회사 근무 직무 일",
        ),
        (
            r"educat|academic|학력|학업|교육",
            "school university college degree major studied graduated 학교 대학교 전공 졸업 학위",
        ),
        (
            r"skill|technolog|tools|competenc|stack|기술|스킬|역량",
            "technologies tools programming knows 기술 도구 프로그래밍 다루다",
        ),
        (r"certif|licen[cs]|자격|면허", "certificate licence certified 자격증 면허"),
        (r"language|어학|외국어|언어", "speaks fluent foreign languages 외국어 언어 구사"),
        (r"award|honou?r|achievement|수상|상훈", "prize award won 상 수상"),
        (r"project|portfolio|프로젝트|포트폴리오", "project built made 프로젝트 만들다"),
        (r"volunt|community|봉사", "volunteer helps charity spare time 봉사 활동"),
        (r"public|paper|talk|patent|논문|발표|특허", "published paper talk conference patent 논문 발표 특허"),
        (r"interest|hobb|취미|관심", "hobbies free time 취미"),
    )
]
_HEAD_WORDS = "name contact email phone address lives 이름 연락처 이메일 전화 주소 거주"
_NOW = re.compile(r"\b(?:present|current|now)\b|현재|재직", re.IGNORECASE)
_NOW_WORDS = "current job now today 지금 현재 다니다"


def search_words(chunk: Chunk) -> str:
    """What is searched for words: whose passage it is, its section, its text, and what people call such a section."""
    parts = [chunk.subject, chunk.section, chunk.text]
    if not chunk.section:
        parts.append(_HEAD_WORDS)
    parts += [words for titles, words in _SECTION_WORDS if chunk.section and titles.search(chunk.section)]
    if _NOW.search(chunk.text[:200]):  # an entry's dates stand in its first lines
        parts.append(_NOW_WORDS)
    return "\n".join(parts)


_WORD = re.compile(r"[a-z0-9]+(?:[+#]+|(?:[._'’-][a-z0-9]+)+)?|[^\W\d_a-z]+|\d+", re.IGNORECASE)
_HANGUL = re.compile(r"[가-힣]+")
# Function words of questions and of English; Korean ones fall away with their part of speech.
_STOP = frozenset(
    re.findall(
        r"\w+",
        """a an the of to in on at for from with by as and or but if is are was were be been being am do does did done have has
        had having he him his she her hers it its they them their theirs i me my you your we our us this that these those there
        here what which who whom whose when where why how many much any some no not can could will would shall should may might
        must tell about please describe give list say than then so also into over under out up down off""",
    )
)
# Kiwi's parts of speech that carry meaning: nouns, verbs, adjectives, roots, numerals, foreign words, numbers.
_CONTENT_TAGS = ("NNG", "NNP", "NR", "VV", "VA", "XR", "SL", "SN", "SH", "MM")


def tokens(text: str) -> list[str]:
    """Search words of a text in either language: lower case, without endings and function words."""
    text = unicodedata.normalize("NFKC", text).lower()
    result: list[str] = []
    for word in _WORD.findall(text):
        if _HANGUL.search(word):
            continue
        result.extend(_latin(word))
    if _HANGUL.search(text):
        result.extend(_korean(text))
    return result


def _latin(word: str) -> list[str]:
    if word in _STOP:
        return []
    word = re.sub(r"['’]s$", "", word)
    parts = re.split(r"[._'’-]", word)
    if len(parts) > 1:  # node.js, full-stack: whole and in parts
        return [word, *(_stem(part) for part in parts if part and part not in _STOP)]
    return [_stem(word)]


def _stem(word: str) -> str:
    """Plural and tense endings off, no more: "studies", "studied", "study" -> "study"."""
    if len(word) <= 3 or not word.isascii() or not word.isalpha():
        return word
    for ending, replacement in (
        ("ies", "y"),
        ("ied", "y"),
        ("sses", "ss"),
        ("ing", ""),
        ("ed", ""),
        ("es", "e"),
        ("s", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith(("ss", "us", "is")):
            stem = word[: -len(ending)] + replacement
            if ending in ("ing", "ed"):
                if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
                    stem = stem[:-1]  # planned -> plan
                if not re.search(r"[aeiouy]", stem):
                    return word
            word = stem
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word


_kiwi_lock = threading.Lock()


@functools.cache
def _kiwi():
    """The Korean morphological analyser (1 s to load), or None where it is not installed."""
    if importlib.util.find_spec("kiwipiepy") is None:
        log.warning("kiwipiepy is not installed: Korean words are searched by pairs of syllables")
        return None
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)


def _analysed(text: str) -> list | None:
    """What the analyser makes of a text, one call at a time; None where it is not installed."""
    with _kiwi_lock:
        kiwi = _kiwi()
        return kiwi and kiwi.tokenize(text)


def morphemes(text: str) -> list[tuple[str, str, int]] | None:
    """Korean morphemes of `text` as (form, tag, start); None where the analyser is not installed."""
    tokens = _analysed(text)
    return tokens and [(token.form, token.tag, token.start) for token in tokens if _HANGUL.search(token.form)]


def odd_words(text: str) -> list[int] | None:
    """Where the nouns of a Korean text begin that are proper ones, or that the analyser's dictionary does not hold; None where it is not installed."""
    tokens = _analysed(text)
    return tokens and [token.start for token in tokens if token.tag == "NNP" or (token.oov and token.tag.startswith("N"))]


def _korean(text: str) -> list[str]:
    found = morphemes(text)
    if found is None:
        return syllable_pairs(text)
    return [form for form, tag, _ in found if tag.startswith(_CONTENT_TAGS)]


def syllable_pairs(text: str) -> list[str]:
    """Pairs of neighbouring syllables within words: what is left of Korean without its grammar."""
    pairs: list[str] = []
    for word in _HANGUL.findall(text):
        pairs.extend(word[i : i + 2] for i in range(len(word) - 1))
        if len(word) == 1:
            pairs.append(word)
    return pairs
