"""EncoderJudge: the embedded judge. Every text is encoded once; cells are read in one batched pass."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from judge import features, guard
from judge.combiner import AGAIN, Combiner, sigmoid
from judge.dated import misdated
from judge.entries import entries
from judge.features import TextCode
from judge.lengths import counts
from judge.order import by_order
from judge.text import focus, lines, quotes, statement, words
from judge.verdicts import Matrix
from rag.declining import logit
from rag.errors import ModelError
from rag.language import is_crossed, language_asked, language_of
from rag.reranking import Part, Question, Told, adapted_network, read_passage, read_question, readings

log = logging.getLogger(__name__)
WINDOW = 440  # tokens of a claim, question or reply encoded at once; e5 has 512 positions
CACHE = 512  # texts kept; a resume has a few dozen chunks
# Rules with a say of their own (see judge.features): what a reader of single passages overlooks. The others only weigh.
AGAINST = ("other_employer", "roles")
INSTEAD = 0.8  # cosine from which a word of the line counts as standing in the place of a doubted one
QUOTED = 0.99  # P(supported) of a claim that is a line of the passage, word for word, or a length of time that its dates make up
REPLY = 440  # characters of a reply that are asked whether they answer; as long as any it has learnt from
BEHIND = 0.99  # of the best passage that was read: what one that was not read supports at most
READ = 2  # passages of a claim that the reader reads each for itself; a claim seldom says what stands in more
SHARED = 8  # layers of e5 that every text goes through, once; what they leave is aligned, and the relevance adapter goes on from there
PAIR_NAMES = ("cosine", "align", "align_rare", "word_recall", "passage_words")
READER = "reader.safetensors"  # the weights that read a claim while looking at passages (rag/joint.py)
LLAMA = "llama.safetensors"  # the weights that read an English claim once more, behind a passage (rag/llama_reader.py)
LIKELY = 0.5  # P(supported) by all signals from which on a number or a name that stands nowhere leaves a claim unsure, not untold
LONG = 1400  # characters of a passage from which on it reads the lines nearest to the claim alone
RELEVANCE = "relevance"  # folder of the adapter that says which passages answer a question
DOUBTED, DENIED = 1, 2  # what the guard misses of a claim makes it doubtful, or untrue
GUARDED = {"count": 0, "number": DOUBTED, "name": DOUBTED}
READER_NAMES = ("read_supported", "read_contradicted", "read_not_found", "wrong_max", "wrong_mean3")


@dataclass(slots=True)
class Note:
    """What a reason can point at: the line a claim belongs to, words that clash, the word the reader doubts."""

    place: features.Place | None = None
    contrast: tuple[str, str] | None = None
    missing: tuple[tuple[str, str, str], ...] = ()  # facts of the claim that stand nowhere (guard.missing)
    doubt: str = ""  # as the claim has it
    instead: str = ""  # what stands in its place in the line, "" where nothing does

    @property
    def barred(self) -> int:
        """0 where no more than a small count is missing, DOUBTED where a number or a name is, which may stand there rounded or in another form, and
        DENIED where a date, an address or a telephone number is."""
        return max((GUARDED.get(kind, DENIED) for kind, _, _ in self.missing), default=0)


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as token ids: its windows with their special tokens, `offset` of them before the first of its own.

    `starts` says for each token of its own at which character it starts; `read` is what the relevance adapter scores.
    """

    windows: list[list[int]]
    offset: int
    starts: list[int]
    read: list[Part] | list[Question]


class EncoderJudge:
    """Fills the matrix with multilingual-e5-small, the trained reader and the combiner.

    Args:
        base: folder of multilingual-e5-small.
        adapter: folder with combiner.json, the folder `relevance` and, where trained, reader.safetensors.
        threads: CPU threads for torch, 0 leaves its own choice.
        llama: folder of SmolLM2-135M-Instruct, for the second reading of English claims; None goes without.
        untrained: the combiner may be missing (it is about to be fitted); then there are features, but no matrix.

    Raises:
        ModelError: weights or combiner cannot be read.
    """

    def __init__(self, base: Path, adapter: Path, threads: int = 0, llama: Path | None = None, untrained: bool = False) -> None:
        import torch
        from safetensors import SafetensorError
        from transformers import AutoTokenizer, BertModel

        from rag import joint
        from rag.llama_reader import CLAIM_FRAME, LlamaReader
        from rag.models import fast_dtype, numpy_on_one_thread, quiet_transformers

        numpy_on_one_thread()
        try:
            with quiet_transformers():
                self.tokenizer = AutoTokenizer.from_pretrained(base)
                model = BertModel.from_pretrained(base, dtype=torch.float32, add_pooling_layer=False).eval()
            self.tokenizer.model_max_length = 10**9  # long texts are cut into windows here, not by the tokenizer
            has_reader = (adapter / READER).exists()
            reader = joint.load(adapter / READER, model) if has_reader else None  # copies layers before the adapter changes them
            self.combiner = None if untrained else Combiner.load(adapter / "combiner.json")
            config = json.loads((adapter / RELEVANCE / "adapter_config.json").read_text(encoding="utf-8"))
            if min(config["layers_to_transform"] or [0]) < SHARED:
                raise ValueError(f"{RELEVANCE} has an adapter on layers below {SHARED}, which stay e5's own here")
            self.relevance = adapted_network(model, adapter / RELEVANCE)  # changes the layers above in place
            weighed = untrained or self.combiner.read_again
            self.llama = LlamaReader(llama, adapter / LLAMA, fast_dtype(), CLAIM_FRAME) if llama and weighed and (adapter / LLAMA).exists() else None
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise ModelError(
                f"The judge's weights in {adapter} could not be read ({error}); restore that folder from the repository.",
                f"{adapter}의 평가 모델 가중치를 읽을 수 없습니다({error}). 저장소에서 이 폴더를 복원해 주세요.",
            ) from error
        if threads:
            torch.set_num_threads(threads)
        self.model = self.relevance.encoder.to(fast_dtype())
        lower = self.model.encoder.layer[: joint.LOWER]
        self.reader = reader and joint.Joint(self.model.embeddings, lower, reader.to(fast_dtype()), self.tokenizer)
        self._rare = _rarities(self.tokenizer)
        self._cache: OrderedDict[tuple[str, str], TextCode] = OrderedDict()
        self._lock = threading.Lock()
        digest = hashlib.sha256()
        for name in (READER, *([LLAMA] if self.llama else []), f"{RELEVANCE}/adapter_model.safetensors", f"{RELEVANCE}/head.safetensors", "combiner.json"):
            if (adapter / name).exists():
                digest.update((adapter / name).read_bytes())
        again = "+SmolLM2-135M" if self.llama else ""
        self.id = f"embedded/multilingual-e5-small{again}+{digest.hexdigest()[:8]}"
        thresholds = self.combiner.thresholds if self.combiner else {}
        self.supported_threshold = thresholds.get("supported", 0.5)
        self.not_found_threshold = thresholds.get("not_found", self.supported_threshold)
        self.contradicted_threshold = thresholds.get("contradicted", 0.5)
        self.relevant_threshold = thresholds.get("relevant", 0.5)
        self.missed_threshold = thresholds.get("missed", self.relevant_threshold)

    def encode(self, texts: Sequence[str], kind: str) -> list[TextCode]:
        """Codes of `texts` (`kind`: "first" for claims, questions and replies, "second" for chunks)."""
        return self._encode([(kind, text) for text in texts])

    def _encode(self, texts: Sequence[tuple[str, str]]) -> list[TextCode]:
        """Codes of (kind, text).

        Texts share a pass; one above WINDOW tokens is encoded in windows. Known texts come from the cache.
        """
        wanted = [(kind, text.strip() or "-") for kind, text in texts]
        with self._lock:
            have = {key: self._cache[key] for key in wanted if key in self._cache}
        new = [key for key in dict.fromkeys(wanted) if key not in have]
        if new:
            have.update(zip(new, self._encode_new(new), strict=True))
        with self._lock:
            for key in wanted:
                self._cache[key] = have[key]
                self._cache.move_to_end(key)
            while len(self._cache) > CACHE:
                self._cache.popitem(last=False)
        return [have[key] for key in wanted]

    def prepare(self, passages: Sequence[str]) -> None:
        """Encode passages that later turns may need."""
        features.prepare([passage.strip() or "-" for passage in passages])
        self._telling(self.encode(passages, "second"))
        if self.reader is not None:
            self.reader.prepare([passage.strip() or "-" for passage in passages])
        if self.llama is not None:
            self.llama.prepare([passage.strip() for passage in passages if len(passage) <= LONG and language_of(passage) == "en"])

    def _encode_new(self, texts: Sequence[tuple[str, str]]) -> list[TextCode]:
        import torch

        from rag.joint import LOWER, embedded, packs, through_each

        read = [self._passage(text) if kind == "second" else self._sentence(text) for kind, text in texts]
        windows = [(number, ids) for number, of_text in enumerate(read) for ids in of_text.windows]
        out: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}  # after the reader's lower layers, and after these
        layers = self.model.encoder.layer
        for group in packs([len(ids) for _, ids in windows]):
            with torch.inference_mode():
                early = through_each(layers[:LOWER], embedded(self.model.embeddings, [windows[i][1] for i in group]))
                lower = through_each(layers[LOWER:SHARED], early)
            for i, *both in zip(group, early, lower, strict=True):
                out[i] = tuple(states.clone() for states in both)
        codes = []
        for number, ((kind, text), of_text) in enumerate(zip(texts, read, strict=True)):
            mine = [i for i, (n, _) in enumerate(windows) if n == number]
            offset = of_text.offset
            vectors, mean = features.unit_vectors([out[i][1].float().numpy() for i in mine], offset)
            ids = np.array([token for i in mine for token in windows[i][1][offset:-1]] or [3])
            codes.append(
                TextCode(
                    text=text,
                    ids=ids,
                    vectors=vectors,
                    mean=mean,
                    rare=self._rare[ids],
                    line_of=_line_of(text, of_text.starts, len(vectors)),
                    offset=offset,
                    early=out[mine[0]][0] if kind == "first" and len(mine) == 1 else None,
                    read=of_text.read,
                    windows=tuple(out[i][1] for i in mine),
                )
            )
        return codes

    def _sentence(self, text: str) -> _Read:
        """A claim, question or reply in windows of WINDOW tokens."""
        question = read_question(self.tokenizer, text, most=10**9)
        before, ids = question.ids[: question.first], question.ids[question.first : -1]
        windows = [[*before, *ids[at : at + WINDOW], question.ids[-1]] for at in range(0, max(1, len(ids)), WINDOW)]
        return _Read(windows, question.first, [0] * len(ids), [replace(question, ids=windows[0])])

    def _passage(self, text: str) -> _Read:
        """A passage in windows of whole lines."""
        parts = read_passage(self.tokenizer, text)
        offset = parts[0].owner.index(0) if 0 in parts[0].owner else len(parts[0].owner) - 1
        starts = [start for part in parts for start in part.starts[offset:-1]]
        return _Read([part.ids for part in parts], offset, starts, parts)

    def _telling(self, codes: Sequence[TextCode]) -> list[list[Told]]:
        """The windows of every text as the relevance adapter sees them, made of what e5's lower layers left."""
        import torch

        from rag.joint import packs, through_each

        new = {id(code): code for code in codes if code.telling is None}
        windows = [(key, read, states) for key, code in new.items() for read, states in zip(code.read, code.windows, strict=False)]
        made: dict[int, list[Told]] = {key: [] for key in new}
        told: dict[int, Told] = {}
        for group in packs([len(states) for _, _, states in windows]):
            with torch.inference_mode():
                read = through_each(self.model.encoder.layer[SHARED:], [windows[i][2] for i in group])
            for i, states in zip(group, read, strict=True):
                # Copied: a slice would keep the whole pass alive.
                told[i] = Told(windows[i][1], states.to(torch.float16, copy=True))
        for i, (key, _, _) in enumerate(windows):
            made[key].append(told[i])
        for key, code in new.items():
            code.telling = made[key]
        return [code.telling for code in codes]

    def claim_features(
        self,
        question: str,
        claims: Sequence[str],
        chunks: Sequence[str],
        quoted: Collection[int] = (),
    ) -> tuple[np.ndarray, list[list[Note]], np.ndarray, np.ndarray]:
        """Features (C, N + 1, F) of every cell, what there is to say of it, the share of it that the reader read (C, N + 1), and what the Llama says of the
        claim (C, len(AGAIN)), NaN where it has not read it.

        The reader reads the READ passages nearest to the claim, each alone, and the nearest ones together (the last column), so that a
        claim may join what they say. Where it has not read, its features are 0.

        Args:
            quoted: claims that it need not read at all.
        """
        return self._claims_and_reply(question, claims, chunks, quoted)[:4]

    def _claims_and_reply(
        self,
        question: str,
        claims: Sequence[str],
        chunks: Sequence[str],
        quoted: Collection[int] = (),
        reply: str | None = None,
    ) -> tuple[np.ndarray, list[list[Note]], np.ndarray, np.ndarray, float | None]:
        """As `claim_features`, and in the same pass what the reader makes of question and `reply`, for `answer_features`."""
        from rag.joint import SET

        first = self.encode([statement(question, c) for c in claims], "first")
        second = self.encode(chunks, "second")
        made = np.zeros((len(claims), len(chunks) + 1, len(self.feature_names)), np.float32)
        read = np.zeros((len(claims), len(chunks) + 1))
        cheap = len(features.NAMES)
        notes = [[Note() for _ in range(len(chunks) + 1)] for _ in claims]
        for c, claim in enumerate(first):
            aligned = [features.align(claim, passage) for passage in second]
            for n, these in enumerate([*([i] for i in range(len(second))), list(range(len(second)))]):
                if n == 1 and len(second) == 1:
                    made[c, 1, :cheap], notes[c][1] = made[c, 0, :cheap], replace(notes[c][0])
                    continue
                cell = features.compare(claim, [second[i] for i in these], question=question, aligned=[aligned[i] for i in these])
                made[c, n, :cheap] = cell.values
                notes[c][n] = Note(cell.place, cell.contrast, cell.missing)
        if self.reader is None:
            return made, notes, read, np.full((len(claims), len(AGAIN)), np.nan), None
        near = made[:, :-1, cheap_index("align_rare")] + made[:, :-1, cheap_index("word_recall_rare")]
        nearest = np.argsort(-near, axis=1, kind="stable")
        cells: list[tuple[int, int, list[int]]] = []  # claim, column, passages that are read
        for c in range(len(claims)):
            if c not in quoted:
                alone = [(int(n), [int(n)]) for n in nearest[c, :READ]]
                pooled = [(len(second), nearest[c, :SET].tolist())] if len(second) > 1 else []  # nearest first: of many the rest is left out
                for n, these in (*alone, *pooled):
                    cells.append((c, n, these))
                    read[c, n] = min(1.0, SET / sum(len(second[i].windows) for i in these))
        own = slice(cheap, cheap + len(READER_NAMES))
        rows = [(first[c].text, [second[i].text for i in these], "support") for c, _, these in cells]
        answer, early = [], first
        if reply is not None:
            pair = self.encode([question, reply], "first")
            answer, early = [_answers_row(*pair)], [*first, *pair]
        results = self.reader.read([*rows, *answer], _early(early))
        answers = float(results.pop()["answers"]) if answer else None
        for (c, n, _), result in zip(cells, results, strict=True):
            made[c, n, own], token = self._reader_features(first[c], result)
            self._doubt(notes[c][n], first[c], second if n == len(second) else [second[n]], token)
        if len(second) == 1:
            made[:, 1, cheap:], read[:, 1] = made[:, 0, cheap:], read[:, 0]
            for row in notes:
                row[1].doubt, row[1].instead = row[0].doubt, row[0].instead
        again = self._read_again([code.text for code in first], [code.text for code in second], nearest, quoted)
        return made, notes, read, again, answers

    def _read_again(self, claims: Sequence[str], passages: Sequence[str], nearest: np.ndarray, quoted: Collection[int]) -> np.ndarray:
        """(C, len(AGAIN)): what the Llama says of each English claim behind the passage nearest to it: a second passage added .002 to the AUC, and cost as
        much as the first. NaN where claim or passage is not English."""
        made = np.full((len(claims), len(AGAIN)), np.nan)
        if self.llama is None:
            return made
        english = [language_of(passage) == "en" for passage in passages]
        cells = [(c, int(n)) for c, claim in enumerate(claims) if c not in quoted and language_of(claim) == "en" for n in nearest[c, :1] if english[n]]
        said = self.llama.read([(claims[c], passages[n] if len(passages[n]) <= LONG else focus(passages[n], claims[c], LONG)) for c, n in cells])
        made[[c for c, _ in cells]] = said
        return made

    @property
    def feature_names(self) -> tuple[str, ...]:
        return features.NAMES + (READER_NAMES if self.reader is not None else ())

    def _reader_features(self, claim: TextCode, result: dict[str, np.ndarray]) -> tuple[np.ndarray, int | None]:
        """The reader's features READER_NAMES, and the claim's token it doubts most (None where it doubts none)."""
        logits = result["support"]
        log_p = logits - np.log(np.exp(logits - logits.max()).sum()) - logits.max()
        odds = log_p - np.log(np.maximum(1e-6, 1 - np.exp(np.minimum(log_p, -1e-6))))
        wrong = result["wrong"][claim.offset : claim.offset + len(claim.ids)]
        wrong = wrong if len(wrong) else np.zeros(1, np.float32)
        top = np.sort(wrong)[::-1]
        values = [*np.clip(odds, -8, 8), np.clip(top[0], -8, 8), np.clip(top[:3].mean(), -8, 8)]
        return np.array(values, np.float32), int(wrong.argmax()) if top[0] > 0 else None

    def _doubt(self, note: Note, claim: TextCode, passages: Sequence[TextCode], token: int | None) -> None:
        """Note the doubted word, and the word of the line (or its headings) that stands in its place."""
        if token is None:
            return
        note.doubt = self._word(claim, token)
        code = passages[note.place.passage]
        parts = entries(code.text)
        if not parts or note.place.number >= len(parts):
            return
        tokens = np.flatnonzero(np.isin(code.line_of, (note.place.number, *parts[note.place.number].heads)))
        if not len(tokens):
            return
        near = claim.vectors[token] @ code.vectors[tokens].T
        word = self._word(code, int(tokens[near.argmax()]))
        plain = re.sub(r"\W", "", word)
        digits = any(c.isdigit() for c in word) == any(c.isdigit() for c in note.doubt)
        if near.max() >= INSTEAD and len(plain) > 1 and digits and not set(words(word)) & set(words(claim.text)) and words(word):
            note.instead = word

    def _word(self, code: TextCode, token: int) -> str:
        """The whole word around a token of a text."""
        pieces = self.tokenizer.convert_ids_to_tokens(code.ids.tolist())
        start = token
        while start > 0 and not pieces[start].startswith("▁"):
            start -= 1
        end = token + 1
        while end < len(pieces) and not pieces[end].startswith("▁"):
            end += 1
        return "".join(pieces[start:end]).replace("▁", " ").strip(" .,;:()[]'\"")

    def matrix(self, question: str, reply: str, claims: Sequence[str], chunks: Sequence[str]) -> Matrix:
        """See `judge.verdicts.Judge`. Without chunks every claim is unsupported in the one column there is."""
        count = len(claims)
        if not chunks:
            zero = np.zeros((count, 1))
            p_answers = self._p_answers(question, reply[:REPLY])
            return Matrix(zero, zero.copy(), np.zeros(0), p_answers, [[""] for _ in claims])
        said, reply = reply, reply[:REPLY]
        told = [counts(claim, chunks) for claim in claims]  # a length of time: by all passages
        other_dates = ["" if counted is not None else misdated(claim, chunks) for claim, counted in zip(claims, told, strict=True)]
        quoted = np.array([[bool(quotes(claim, chunk) or counts(claim, [chunk], whole=False)) for chunk in chunks] for claim in claims]).reshape(count, len(chunks))
        quoted = np.column_stack([quoted, quoted.any(1) | np.array([each is True for each in told], bool)])
        whole = np.flatnonzero(quoted[:, -1])
        # All in one pass: they are known from here on.
        self._encode(_sides([question, reply, *(statement(question, claim) for claim in claims)], [reply, *chunks]))
        self._telling(self._encode(_sides([question], [reply, *chunks])))
        p_relevant = self._p_relevant(question, chunks)
        table, notes, read, again, answers = self._claims_and_reply(question, claims, chunks, whole, reply)
        p_answers = self._p_answers(question, reply, answers)
        p_relevant, p_answers = by_order(question, said, chunks, p_relevant, p_answers)
        if not count:
            empty = np.zeros((0, len(chunks) + 1))
            return Matrix(empty, empty.copy(), p_relevant, p_answers, [])
        by_dates = np.array([DENIED if each is False or other else 0 for each, other in zip(told, other_dates, strict=True)])
        barred = np.maximum([[note.barred for note in row] for row in notes], by_dates[:, None])
        supported, contradicted = self.weigh(table, read, barred, quoted, again)
        reasons = []
        for c, claim in enumerate(claims):
            language = language_of(claim)
            reasons.append(
                [
                    "" if supported[c, n] >= self.supported_threshold else guard.phrase(note.missing[0], language) if note.missing
                    else _dates_say(other_dates[c], language) if other_dates[c]
                    else self._reason(claim, table[c, n], note, language)
                    for n, note in enumerate(notes[c])
                ]
            )  # fmt: skip
        return Matrix(supported, contradicted, p_relevant, p_answers, reasons)

    def odds(self, table: np.ndarray, read: np.ndarray) -> np.ndarray:
        """Log-odds of "supported" of every cell for itself, (C, N + 1); arguments as of `weigh`."""
        odds = log_odds(self.combiner.supported(table))
        if self.reader is None:
            return odds
        # What the reader makes of a stretch of a long passage counts by how much of the passage that is.
        return read * odds + (1 - read) * log_odds(self.combiner.without_reader(table[..., : len(features.NAMES)]))

    def weigh(
        self, table: np.ndarray, read: np.ndarray, barred: np.ndarray, quoted: np.ndarray | None = None, again: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """P(supported) and P(contradicted), each (C, N + 1), the last column by all passages together.

        A claim's verdict weighs what all passages together make of it with what the likeliest single one does. The likeliest cell has
        the verdict's probability, the others keep their distance from it.

        Args:
            table, read: (C, N + 1, F) and (C, N + 1), of `claim_features`.
            barred: (C, N + 1) `Note.barred`.
            quoted: (C, N + 1) whether the claim is a line of the passage, word for word.
            again: (C, len(AGAIN)), of `claim_features`.
        """
        quoted = np.zeros(barred.shape, bool) if quoted is None else quoted
        odds = self.odds(table, read)
        known = (read > 0) | quoted | (self.reader is None)
        alone = likeliest(odds, known)
        verdict = self.combiner.verdict_odds(odds[:, -1], alone, again)
        cells = verdict[:, None] - np.maximum(0, np.maximum(alone, odds[:, -1])[:, None] - odds)
        cells[:, -1] = verdict
        given = supported = sigmoid(cells)
        contradicted = (1 - supported) * self.combiner.contradicted(table)
        if self.reader is not None:
            contradicted = np.where(read > 0, contradicted, 0.0)
        # A rule that fires makes a claim at best unsure.
        spoken = table[:, :, [self.feature_names.index(name) for name in AGAINST]].any(-1)
        unsure = (self.not_found_threshold + self.supported_threshold) / 2
        supported = np.where(spoken, np.minimum(supported, unsure), supported)
        # At best not found: below the threshold, and never more than the model gave. But "close to two million" stands where "$1.9 million" does: a number
        # or a name that all else speaks for is doubtful, no more.
        not_found = self.not_found_threshold * 0.5
        most = np.where((barred == DOUBTED) & (given > LIKELY), unsure, np.where(barred > 0, not_found, 1.0))
        supported = np.minimum(supported, most)
        supported = np.where(quoted, np.maximum(supported, QUOTED), supported)
        # A passage that was not read stands behind those that were: what is known of it says too little for more.
        supported[:, :-1] = np.where(known[:, :-1], supported[:, :-1], np.minimum(supported[:, :-1], BEHIND * supported[:, -1:]))
        return supported, np.where(quoted, np.minimum(contradicted, 1 - QUOTED), contradicted)

    def _reason(self, claim: str, row: np.ndarray, note: Note, language: str) -> str:
        """A phrase for what made the cell unlikely, "" where nothing stands out."""
        value = dict(zip(self.feature_names, row, strict=True))
        ko = language == "ko"
        if note.contrast:
            mine, theirs = note.contrast
            return f"자료에는 '{mine}' 대신 '{theirs}'" if ko else f"the sources say '{theirs}', not '{mine}'"
        if value["reversed"]:
            return "자료에는 앞뒤가 바뀌어 있습니다" if ko else "the sources have it the other way round"
        if value["roles"]:
            return "누가 누구에게 했는지가 자료와 다릅니다" if ko else "the sources have the roles the other way round"
        if value["status"]:
            return "자료의 기간과 맞지 않습니다" if ko else "it does not fit the period in the sources"
        if value["unfinished"] or value["unfinished_near"]:
            return "자료에서는 끝난 일이 아닙니다" if ko else "the sources do not say that it came to that"
        if value["negation"] and value["word_recall"] > 0.5:
            return "긍정과 부정이 자료와 다릅니다" if ko else "the sources say it with the opposite polarity"
        if value["exclusive"] and value["word_recall"] > 0.5:
            return "자료에는 '만', '유일' 같은 한정이 없습니다" if ko else "the sources do not say 'only' or 'all'"
        if value["other_employer"] or value["facts_apart"] > 0 or (value["elsewhere"] > 2 and value["entry_gap"] > 0.3):
            return "서로 다른 항목의 사실이 섞여 있습니다" if ko else "its parts stand in different entries"
        if note.doubt and note.instead:
            return (
                f"자료에는 '{note.doubt}' 대신 '{note.instead}'"
                if ko
                else f"the sources say '{note.instead}', not '{note.doubt}'"
            )
        if note.doubt:
            return f"'{note.doubt}' 부분이 자료와 맞지 않습니다" if ko else f"'{note.doubt}' does not agree with the sources"
        if value["word_recall"] < 0.5:
            return "자료에서 찾을 수 없는 말이 많습니다" if ko else "most of its words are not in the sources"
        return ""

    def _p_tells(self, question: str, chunks: Sequence[str]) -> np.ndarray:
        """(N,): P(a line of the chunk answers the question)."""
        [[asked, *_], *seen] = self._telling(self._encode(_sides([question], chunks)))  # of a long question its beginning
        [found] = readings(self.relevance, [asked.part], asked.states[None].float(), asked.states.new_ones(1, len(asked.states)).float(), seen)
        return np.array([reading.p_answers for reading in found])

    @property
    def answer_names(self) -> tuple[str, ...]:
        return (*PAIR_NAMES, "line", *(("read",) if self.reader is not None else ()))

    def answer_features(self, question: str, reply: str, read: float | None = None) -> np.ndarray:
        """(F,), named by `answer_names`: what the combiner weighs to tell whether the reply addresses the question.

        `read` is what the reader makes of the two, where that is known already.

        One of them is whether a line of the reply, read as if it were a passage, answers. Without it a quote in another language
        than the question's passed for no answer.
        """
        asked, said = self.encode([question, reply], "first")
        row = [*_pair_features(asked, said, question), *log_odds(self._p_tells(question, [reply]))]
        if self.reader is not None:
            if read is None:
                read = float(self.reader.read([_answers_row(asked, said)], _early([asked, said]))[0]["answers"])
            row.append(read)
        return np.array(row)

    def _p_answers(self, question: str, reply: str, read: float | None = None) -> float:
        crossed = self.combiner.crossed.get("answers") if is_crossed(language_asked(question), [reply]) else None
        return float((crossed or self.combiner.answers)(self.answer_features(question, reply, read)))

    def _p_relevant(self, question: str, chunks: Sequence[str]) -> np.ndarray:
        """(N,) P(relevant): of a chunk in the other language than the question's the same signal is calibrated apart."""
        x, crossed, asked = self.relevance_features(question, chunks), self.combiner.crossed.get("relevant"), language_asked(question)
        p = self.combiner.relevant(x)
        return p if crossed is None else np.where([is_crossed(asked, [chunk]) for chunk in chunks], crossed(x), p)

    def relevance_features(self, question: str, chunks: Sequence[str]) -> np.ndarray:
        """(N, 1): the log odds that a line of the chunk answers the question.

        They are all that the combiner calibrates: together with cosine, alignment and shared words they told less about
        questions over a whole resume.
        """
        return log_odds(self._p_tells(question, chunks))[:, None]


def _dates_say(told: str, language: str) -> str:
    """The reason why a claim with another date than the passages give it is refused."""
    return f"출처의 날짜는 다릅니다: {told}" if language == "ko" else f"the sources give it another date: {told}"


def _sides(first: Sequence[str], second: Sequence[str]) -> list[tuple[str, str]]:
    """(kind, text) of claims, questions or replies, and of the passages that they are read against."""
    return [*(("first", text) for text in first), *(("second", text) for text in second)]


def _answers_row(asked: TextCode, said: TextCode) -> tuple[str, list[str], str]:
    """What the reader is asked about a question and a reply."""
    return asked.text, [said.text], "answers"


def _early(codes: Sequence[TextCode]) -> dict:
    """What the reader starts from, by text, where it is there."""
    return {code.text: code.early for code in codes if code.early is not None}


def likeliest(odds: np.ndarray, known: np.ndarray) -> np.ndarray:
    """(C,): the highest log-odds of a single passage that is known, those of all together where none is; both arguments (C, N + 1)."""
    alone = np.where(known, odds, -np.inf)[:, :-1].max(1)
    return np.where(np.isfinite(alone), alone, odds[:, -1])


def log_odds(probabilities: np.ndarray | Sequence[float]) -> np.ndarray:
    """Log odds of probabilities of any shape."""
    return np.vectorize(logit, otypes=[float])(np.asarray(probabilities))


def _pair_features(asked: TextCode, text: TextCode, question: str) -> list[float]:
    """Cosine, alignment of the question's tokens, and share of its words."""
    wanted = set(words(question))
    share = len(wanted & set(words(text.text))) / max(1, len(wanted))
    best = (asked.vectors @ text.vectors.T).max(1)
    return [
        float(asked.mean @ text.mean),
        float(best.mean()),
        float((best * asked.rare).sum() / asked.rare.sum()),
        share,
        float(np.log1p(len(text.ids))),
    ]


def _line_of(text: str, at: Sequence[int], count: int) -> np.ndarray:
    starts, position = [], 0
    for part in lines(text):
        position = text.find(part, position)
        starts.append(position)
        position += len(part)
    made = np.searchsorted(starts, at, side="right") - 1 if starts else np.zeros(len(at), int)
    made = np.maximum(np.asarray(made, int), 0)
    return made if len(made) == count else np.zeros(count, int)


def cheap_index(name: str) -> int:
    """Where a feature of judge.features stands in a row."""
    return features.NAMES.index(name)


def _rarities(tokenizer) -> np.ndarray:
    """Per token minus its log probability in the tokenizer's own unigram model, within [1, 16]."""
    pieces = json.loads(tokenizer.backend_tokenizer.to_str())["model"]["vocab"]
    scores = -np.array([score for _, score in pieces], np.float32)
    made = np.ones(len(tokenizer), np.float32)
    made[: len(scores)] = np.clip(scores, 1.0, 16.0)
    return made
