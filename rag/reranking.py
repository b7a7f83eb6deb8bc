"""Says which retrieved passages answer a question, and in which of their lines: the reranker.

Late interaction (ColBERT, Khattab & Zaharia 2020, arXiv:2004.12832): multilingual-e5-small, with a LoRA adapter of
ours, reads the question once and every passage once; each line of a passage is then scored against the question by
the similarity of their vectors, the best match of each question token, shared letters, and what kind of thing the
line holds (a date, an amount, an address). A cross-encoder of the same size was trained first and given up: after
4,200 pairs it held 37 % of the hand-written answers, where the lines nearest by plain cosine held 70 %.

The adapter and the head in data/adapters/reranker are made by rag/training/reranker.py. The judge says in the same way
which passages are relevant, but with an adapter of its own (data/adapters/judge/relevance), trained apart from this one
from the start: a judge must not grade with what picked the passages.
"""

from __future__ import annotations

import copy
import itertools
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.declining import Decision
from rag.index import passage_text
from rag.kept import Kept
from rag.language import language_asked, language_of

if TYPE_CHECKING:
    import torch

    from rag.joint import Joint
    from rag.llama_reader import LlamaReader
    from rag.types import Chunk
    from settings import Settings

ADAPTER = "adapters/reranker"
SECOND = "second.safetensors"  # weights that read a question while looking at a line (rag/joint.py)
LLAMA = "llama.safetensors"  # weights that read an English question behind a line (rag/llama_reader.py)
MOST_ODDS = 12.0  # log odds of a line, to either side
MAX_TOKENS = 320  # of a passage; longer ones are read in parts of whole lines
MAX_QUESTION_TOKENS = 96
MAX_BATCH_TOKENS = 8192
KEPT_TOKENS = 65_536  # of encoded passages, 50 MB: some 400 passages
PREPARED = 8  # texts encoded in one pass while nobody waits
LLAMA_AHEAD = 80  # texts that the Llama reads while nobody waits, the last ones: it keeps no more
LONG_LINE = 140  # characters above which a line is cut into sentences
QUESTION, PASSAGE = "query:", "passage:"  # what e5 was trained to see in front of them
BREAK = "¶"  # the tokenizer knows no line end
SIMILARITIES = 9  # numbers about question and line, see Network.forward
PROJECTED = 32

# "supervised by Prof. Dhondt" and "J. Smith" are no ends of sentences.
_ABBREVIATED = "".join(rf"(?<!\b{word}\.)" for word in ("Prof", "Dr", "Mr", "Mrs", "Ms", "St", "No", "vs", "v", "approx", "incl", "[A-Z]"))
_SENTENCE_END = re.compile(
    rf"(?<=[.!?。…]){_ABBREVIATED}[\"'”’)\]]*\s+(?=\S)|(?<=[다요음함임됨])\.\s*(?=[가-힣A-Z\"'“‘(])"
)
_KINDS = [
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?:19|20)\d{2}(?!\d)",  # a year
        r"\d[^\n]{0,8}\s?[-–—~〜∼]\s?(?:['’]?\d|현재|재직|[Pp]resent|now)|\d{4}[^\n]{0,6} to ",  # a period
        r"\d",
        r"\d\s?%|퍼센트|percent",
        r"[\w.+-]+@[\w-]+\.\w+",
        r"\+?\(?\d{2,4}\)?[-\s.]\d{3,4}[-\s.]\d{3,4}",  # a phone number
        r"https?://|www\.|\w\.(?:com|io|dev|kr|net|org)\b",
        r"[$£€]\s?\d|\d\s?(?:만|억|천|백만)?\s?(?:원|달러)",
        r"\d[\d,.]*\s?(?:명|개|건|회|권|곳|종|편|대|점|급|년|개월|시간|일)",
        r"^\s*(?:[-*•·▪■◆●○ㅇ▶–]|\d{1,2}[.)])\s",  # a bullet
        r"^\s*[^\n:：]{1,16}\s?[:：]",  # a label and its value
        r"대학|학교|University|College|Institute|School",
        r"(?:다|요)\.?\s*$",  # a Korean sentence
        r"^.{0,12}$",  # very short: a heading, a name
        r"^.{80,}$",
        r",.*,|/.*/|·.*·|\|.*\|",  # a list
    )
]

_lock = threading.Lock()
_loaded: dict[str, Reranker | None] = {}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reranker sees in one passage.

    Attributes:
        p_answers: probability in [0, 1] that the passage answers the question.
        lines: (start, end, p) of each line or sentence of the passage: its characters, and the probability in
            [0, 1] that it answers.
    """

    p_answers: float
    lines: tuple[tuple[int, int, float], ...]


def passage(chunk: Chunk) -> tuple[str, int]:
    """A chunk as the reranker reads it, under its section title, and where `chunk.text` starts in that.

    "Awards" answers what the bare lines below it do not. The candidate's name is left out: with it, every passage
    would answer who this is.
    """
    text = passage_text(chunk)
    return text, len(text) - len(chunk.text)


_WITHIN_DATE = re.compile(r"\d\. +[\d~∼〜–—|(-]")  # "1970. 06. 18.", "2019. 04. ~ 2025. 08. | Acme"


def sentences(text: str) -> list[tuple[int, int]]:
    """The lines of a resume, long ones cut at sentence ends, as (start, end) without the space around them."""
    found = []
    for line in re.finditer(r"[^\n]+", text):
        bounds = [line.start()]
        if line.end() - line.start() > LONG_LINE or line[0].count(". ") > 1:
            bounds += [m.end() for m in _SENTENCE_END.finditer(text, line.start(), line.end()) if not _WITHIN_DATE.match(text, max(0, m.start() - 2))]
        bounds.append(line.end())
        for a, b in itertools.pairwise(bounds):
            while a < b and text[a].isspace():
                a += 1
            while b > a and text[b - 1].isspace():
                b -= 1
            if b > a and re.search(r"\w", text[a:b]):
                found.append((a, b))
    return found


def grams(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters within words; what is left of a word when endings and spacing vary."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower())
    return frozenset(w[i : i + 2] for w in words for i in range(len(w) - 1)) | {w for w in words if len(w) == 1}


def kinds(line: str) -> list[float]:
    """What the line holds, 1.0 or 0.0 each, in the order of the patterns above."""
    return [1.0 if pattern.search(line) else 0.0 for pattern in _KINDS]


@dataclass(frozen=True, slots=True)
class Question:
    """A question as token ids; `first` is its first token of its own (after "query: ")."""

    ids: list[int]
    first: int
    grams: frozenset[str]


@dataclass(frozen=True, slots=True)
class Part:
    """A passage, or some lines of a long one, as token ids.

    Attributes:
        lines: (start, end) of each line in the passage's text.
        owner: for each token the number of its line, `len(lines)` where it belongs to none.
        starts: for each token the character of the text it starts at; of what stands between lines, the line's before.
        kinds: what each line holds.
        grams: letter pairs of each line.
        whole: letter pairs of the whole part.
    """

    ids: list[int]
    lines: tuple[tuple[int, int], ...]
    owner: list[int]
    starts: list[int]
    kinds: list[list[float]]
    grams: list[frozenset[str]]
    whole: frozenset[str]


def read_question(tokenizer, question: str, most: int = MAX_QUESTION_TOKENS) -> Question:
    mark = tokenizer(QUESTION, add_special_tokens=False)["input_ids"]
    ids = tokenizer(question.replace("\n", " "), add_special_tokens=False)["input_ids"][:most]
    return Question(
        [tokenizer.cls_token_id, *mark, *ids, tokenizer.sep_token_id], 1 + len(mark), grams(question)
    )


def read_passage(tokenizer, text: str) -> list[Part]:
    """The passage in parts of whole lines of at most MAX_TOKENS; a single longer line is halved until it fits."""
    mark = tokenizer(PASSAGE, add_special_tokens=False)["input_ids"]
    newline = tokenizer(BREAK, add_special_tokens=False)["input_ids"]
    room = MAX_TOKENS - len(mark) - 2
    parts: list[Part] = []
    ids: list[int] = []
    owner: list[int] = []
    starts: list[int] = []
    lines: list[tuple[int, int]] = []

    def close() -> None:
        if lines:
            texts = [text[a:b] for a, b in lines]
            pairs = [grams(line) for line in texts]
            none = len(lines)
            parts.append(
                Part(
                    [tokenizer.cls_token_id, *mark, *ids, tokenizer.sep_token_id],
                    tuple(lines),
                    [none] * (1 + len(mark)) + [none if o < 0 else o for o in owner] + [none],
                    [lines[0][0]] * (1 + len(mark)) + starts + [lines[-1][0]],
                    [kinds(line) for line in texts],
                    pairs,
                    frozenset().union(*pairs),
                )
            )
        ids.clear()
        owner.clear()
        starts.clear()
        lines.clear()

    for (a, b), tokens, offsets in _fitting(tokenizer, text, sentences(text) or [(0, len(text))], room - len(newline)):
        if len(ids) + len(tokens) + len(newline) > room:
            close()
        if ids:
            owner += [-1] * len(newline)
            starts += [starts[-1]] * len(newline)
            ids += newline
        owner += [len(lines)] * len(tokens)
        starts += [a + offset for offset, _ in offsets]
        ids += tokens
        lines.append((a, b))
    close()
    return parts


def _fitting(
    tokenizer, text: str, spans: Sequence[tuple[int, int]], room: int
) -> Iterator[tuple[tuple[int, int], list[int], list[tuple[int, int]]]]:
    """Every span with its token ids and their offsets; one of more than `room` tokens in halves, cut at a space where there is one."""
    made = tokenizer([text[a:b] for a, b in spans], add_special_tokens=False, return_offsets_mapping=True)
    for (a, b), tokens, offsets in zip(spans, made["input_ids"], made["offset_mapping"], strict=True):
        if len(tokens) <= room or b - a < 2:
            yield (a, b), tokens[:room], offsets[:room]
            continue
        middle = (a + b) // 2
        space = text.rfind(" ", a + 1, middle)
        middle = space if space > a else middle
        yield from _fitting(tokenizer, text, [(a, middle), (middle, b)], room)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the tokens of Q questions (of up to T1 tokens) and of P parts (up to T2 tokens and L lines) belong, as tensors.

    Attributes:
        owner: (P, T2) long, the line of each token, L for none.
        exists: (P, L) bool, which lines there are.
        holds: (P, L, kinds) what each line holds.
        shared: (Q, P, L, 2) share of a question's letter pairs that stand in the line, and in the whole part.
        own: (Q, T1) 1.0 on the tokens of the question itself.
    """

    owner: torch.Tensor
    exists: torch.Tensor
    holds: torch.Tensor
    shared: torch.Tensor
    own: torch.Tensor

    def to(self, device: torch.device) -> Layout:
        return Layout(*(each.to(device, non_blocking=True) for each in (self.owner, self.exists, self.holds, self.shared, self.own)))


def lay_out(questions: Sequence[Question], parts: Sequence[Part], asked: int, told: int) -> Layout:
    """The layout of questions padded to `asked` tokens and of parts padded to `told`."""
    import torch

    count, most = len(parts), max(len(p.lines) for p in parts)
    owner = torch.full((count, told), most, dtype=torch.long)
    exists = torch.zeros((count, most), dtype=torch.bool)
    holds = torch.zeros((count, most, len(_KINDS)))
    shared = torch.zeros((len(questions), count, most, 2))
    for i, part in enumerate(parts):
        owner[i, : len(part.owner)] = torch.tensor([o if o < len(part.lines) else most for o in part.owner])
        exists[i, : len(part.lines)] = True
        holds[i, : len(part.lines)] = torch.tensor(part.kinds)
        for j, question in enumerate(questions):
            size = max(1, len(question.grams))
            shared[j, i, : len(part.lines), 0] = torch.tensor([len(question.grams & pairs) / size for pairs in part.grams])
            shared[j, i, : len(part.lines), 1] = len(question.grams & part.whole) / size
    own = torch.zeros((len(questions), asked))
    for j, question in enumerate(questions):
        own[j, question.first : len(question.ids) - 1] = 1
    return Layout(owner, exists, holds, shared, own)


def padded(rows: Sequence[list[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Token ids of all rows, (rows, longest), and 1 where they are no padding."""
    import torch

    longest = max(map(len, rows))
    ids = torch.full((len(rows), longest), pad, dtype=torch.long)
    mask = torch.zeros((len(rows), longest), dtype=torch.long)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return ids, mask


class Network:
    """The encoder and the head; made this way so that importing this module needs no torch."""

    def __new__(cls, encoder, hidden: int):
        import torch
        from torch import nn
        from torch.nn.functional import normalize

        class LateInteraction(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.encoder = encoder
                self.weigh = nn.Linear(hidden, 1)
                self.ask = nn.Linear(hidden, PROJECTED)
                self.tell = nn.Linear(hidden, PROJECTED)
                self.mix = nn.Sequential(
                    nn.Linear(SIMILARITIES + len(_KINDS) + 2 * PROJECTED, 96), nn.GELU(), nn.Linear(96, 1)
                )
                self.plain = nn.Linear(SIMILARITIES, 1)
                with torch.no_grad():  # starts as the sum of vector and token similarity, which is good untrained
                    self.weigh.weight.zero_()
                    self.mix[2].weight.mul_(0.1)
                    self.plain.weight.zero_()
                    self.plain.weight[0, :2] = 2.0
                    self.plain.bias.fill_(-2.0)

            def encode(self, rows: Sequence[list[int]], pad: int) -> tuple[torch.Tensor, torch.Tensor]:
                """Token states, shape (rows, longest, hidden), and the mask of what is not padding."""
                ids, mask = padded(rows, pad)
                states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
                return states, mask.float()

            def forward(self, questions: Sequence[Question], parts: Sequence[Part], pad: int) -> torch.Tensor:
                """Logits that a line answers, shape (questions, parts, most lines); -inf where a part has fewer.

                The odds that a passage answers are the sum of its lines' odds: a softmax over the lines and one
                more outcome, "no line", whose logit is 0.
                """
                asked, asked_mask = self.encode([q.ids for q in questions], pad)
                told, told_mask = self.encode([p.ids for p in parts], pad)
                return self.score(questions, parts, asked, asked_mask, told, told_mask)

            def score(self, questions, parts, asked, asked_mask, told, told_mask) -> torch.Tensor:
                """As `forward`, of what `encode` made of the questions (asked) and of the parts (told)."""
                layout = lay_out(questions, parts, asked.shape[1], told.shape[1])
                return self.logits(layout.to(told.device), asked, asked_mask, told, told_mask)

            def logits(self, layout: Layout, asked, asked_mask, told, told_mask) -> torch.Tensor:
                """As `score`, with all that is no text of theirs laid out, on one device."""
                owner, exists, holds, shared = layout.owner, layout.exists, layout.holds, layout.shared
                own = layout.own * asked_mask
                asks_of, count, most = len(shared), *exists.shape
                asked_mean = (asked * asked_mask[..., None]).sum(1) / asked_mask.sum(1, keepdim=True)
                told_mean = (told * told_mask[..., None]).sum(1) / told_mask.sum(1, keepdim=True)
                member = torch.nn.functional.one_hot(owner, most + 1)[..., :most].float()  # parts, tokens, lines
                line_mean = torch.einsum("ptl,pth->plh", member, told) / member.sum(1).clamp(min=1)[..., None]

                q, p, line = normalize(asked_mean, dim=-1), normalize(told_mean, dim=-1), normalize(line_mean, dim=-1)
                q_tokens, p_tokens = normalize(asked, dim=-1), normalize(told, dim=-1)
                close = torch.einsum("jqh,pth->jpqt", q_tokens, p_tokens)
                # Padding matches everything: it must be nobody's weakest token, however the batch was put together.
                close = close.masked_fill((asked_mask == 0)[:, None, :, None], 1.0)
                in_line = owner < most
                index = owner[None, :, None, :].expand_as(close)
                per_line = close.new_zeros(*close.shape[:3], most + 1).scatter_reduce(
                    3, index, close, "amax", include_self=False
                )[..., :most]
                anywhere = close.masked_fill(~in_line[None, :, None, :], -1.0).amax(3)
                weight = torch.sigmoid(self.weigh(asked).squeeze(-1)) * own + 1e-6
                share = (weight / weight.sum(1, keepdim=True))[:, None, :]  # questions, 1, question tokens
                to_tokens = torch.einsum("jh,pth->jpt", q, p_tokens)
                nearest = to_tokens.new_zeros(*to_tokens.shape[:2], most + 1).scatter_reduce(
                    2, owner[None].expand_as(to_tokens), to_tokens, "amax", include_self=False
                )[..., :most]

                def weakest(matches: torch.Tensor, shares: torch.Tensor, dim: int) -> torch.Tensor:
                    return -torch.logsumexp(-20 * matches + torch.log(shares + 1e-9), dim) / 20

                whole = lambda x: x[..., None].expand(-1, -1, most)
                similar = torch.stack(
                    [
                        torch.einsum("jh,plh->jpl", q, line),
                        (per_line * share[..., None]).sum(2),
                        whole(q @ p.T),
                        whole((anywhere * share).sum(2)),
                        nearest,
                        whole(weakest(anywhere, share, 2)),
                        weakest(per_line, share[..., None], 2),
                    ],
                    -1,
                )
                features = torch.cat([(similar - 0.8) * 10, shared], -1)
                asks = self.ask(q * 10)[:, None, None, :].expand(-1, count, most, -1)
                tells = self.tell(line * 10)[None].expand(asks_of, -1, -1, -1)
                mixed = self.mix(
                    torch.cat([features, holds[None].expand(asks_of, -1, -1, -1), asks, asks * tells], -1)
                )
                logits = (self.plain(features) + mixed).squeeze(-1)
                return logits.masked_fill(~exists[None], float("-inf"))

        return LateInteraction()


def adapted_network(base, folder: Path) -> Network:
    """The network of `folder` on `base`, a multilingual-e5-small in float32 that is changed in place; in evaluation mode.

    Raises:
        OSError, ValueError, KeyError, RuntimeError: weights that are missing, damaged or of another shape.
    """
    from peft import PeftModel
    from safetensors.torch import load_file

    network = Network(PeftModel.from_pretrained(base, folder).merge_and_unload(), base.config.hidden_size)
    head = {name: tensor.float() for name, tensor in load_file(folder / "head.safetensors").items()}
    unexpected = network.load_state_dict(head, strict=False).unexpected_keys
    if unexpected or any(name not in head for name in head_names(network)):
        raise ValueError("head.safetensors is of another version")
    return network.eval()


@dataclass(frozen=True, slots=True)
class Told:
    """A part of a passage as the encoder left it: `states`, shape (tokens, hidden)."""

    part: Part
    states: torch.Tensor


class Reranker:
    """Reads questions against passages. Safe to call from several threads.

    Late interaction lets every passage be encoded once: what was read lately is kept (KEPT_TOKENS), so that a question
    about a known resume costs its own few tokens alone.
    """

    def __init__(self, network, tokenizer, decision: Decision, second: Joint, llama: LlamaReader, identity: str = "") -> None:
        self._network = network
        self.second = second
        self._llama = llama
        self._tokenizer = tokenizer
        self._kept: Kept[list[Told]] = Kept(KEPT_TOKENS, lambda told: sum(len(each.states) for each in told))
        self.id = identity
        """Names the weights in the record."""
        self.decision = decision
        """Under which signals a quoted answer declines, or calls its quotes the nearest lines (see the model card)."""

    @classmethod
    def load(cls, settings: Settings) -> Reranker | None:
        """The trained reranker, loaded once per process; None where `data/adapters/reranker` holds no adapter.

        Raises:
            ModelError: the adapter is there but the encoder or the adapter cannot be read.
        """
        folder = Path(settings.data) / ADAPTER
        with _lock:
            key = str(folder.resolve())
            if key not in _loaded:
                _loaded[key] = cls.from_folder(folder) if (folder / "adapter_model.safetensors").is_file() else None
            return _loaded[key]

    @classmethod
    def from_folder(cls, folder: Path) -> Reranker:
        """The reranker in `folder`.

        Raises:
            ModelError: weights that are missing, damaged or of another shape.
        """
        import torch
        from safetensors import SafetensorError
        from transformers import AutoModel, AutoTokenizer

        from rag import joint
        from rag.errors import ModelError
        from rag.generation import fingerprint
        from rag.llama_reader import QUESTION_FRAME, LlamaReader
        from rag.models import embedded_weights, fast_dtype, numpy_on_one_thread

        numpy_on_one_thread()
        encoder = embedded_weights("encoder")
        try:
            base = AutoModel.from_pretrained(encoder, dtype=torch.float32, add_pooling_layer=False)
            # Both stand on the same embeddings; the adapter changes the layers.
            lower = copy.deepcopy(base.encoder.layer[: joint.LOWER]).to(fast_dtype())
            reader = joint.load(folder / SECOND, base).to(fast_dtype())
            network = adapted_network(base, folder)
            decision = Decision.load(folder)
            if decision is None:
                raise ValueError("decision.json is missing")
            tokenizer = AutoTokenizer.from_pretrained(encoder)
            llama = LlamaReader(embedded_weights("generator"), folder / LLAMA, fast_dtype(), QUESTION_FRAME)
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise ModelError(
                en=f"The reranker in {folder} cannot be loaded ({error}); restore the folder or train it again.",
                ko=f"{folder}의 재정렬 모델을 불러올 수 없습니다 ({error}). 폴더를 되돌리거나 다시 학습하세요.",
            ) from error
        network.encoder.to(fast_dtype())
        second = joint.Joint(base.embeddings, lower, reader, tokenizer)
        return cls(network, tokenizer, decision, second, llama, f"multilingual-e5-small+{fingerprint(folder)}")

    def count_tokens(self, text: str) -> int:
        """How many tokens a passage has."""
        return len(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def prepare(self, texts: Sequence[str]) -> None:
        """Encode texts that later questions may need."""
        for start in range(0, len(texts), PREPARED):
            self._encoded(texts[start : start + PREPARED])
        self._llama.prepare([text for text in texts if language_of(text) == "en"][-LLAMA_AHEAD:])

    def p_answers(self, question: str, texts: Sequence[str]) -> list[float]:
        """P(the text answers the question), in [0, 1], one per text. Chunks are best given as `passage(chunk)[0]`."""
        return [reading.p_answers for reading in self.read(question, texts)]

    def spans(self, question: str, texts: Sequence[str]) -> list[tuple[int, int, float]]:
        """The line of each text that answers best: start and end character, its probability in [0, 1]."""
        return [
            max(reading.lines, key=lambda line: line[2], default=(0, 0, 0.0)) for reading in self.read(question, texts)
        ]

    def read_lines(self, question: str, lines: Sequence[str]) -> list[float]:
        """The log odds that each line (see `rag.quoting.line_text`) answers, by the network that reads the question while looking at it:
        dearer than late interaction, so for the likeliest few."""
        return [min(max(float(each["told"]), -MOST_ODDS), MOST_ODDS) for each in self.second.read([(question, [line], "told") for line in lines])]

    def llama_lines(self, question: str, lines: Sequence[tuple[str, int]]) -> list[float] | None:
        """The log odds that each line answers, by the Llama that reads the question behind it; None where question or passages are not English.

        Args:
            lines: each as its passage (see `passage`) and the character of that at which the line ends: what stands above it is read, too.
        """
        if language_asked(question) != "en" or any(language_of(text) != "en" for text in {text for text, _ in lines}):
            return None
        return self._llama.read([(question, text) for text, _ in lines], [end for _, end in lines])[:, 0].tolist()

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """All the reranker knows about each text."""
        return self.read_all([question], texts)[0]

    def read_all(self, questions: Sequence[str], texts: Sequence[str]) -> list[list[Reading]]:
        """`read` for many questions over the same texts: one list of readings per question."""
        import torch

        if not questions:
            return []
        told = self._encoded(texts)
        asked = [read_question(self._tokenizer, question) for question in questions]
        with torch.inference_mode():
            states, mask = self._network.encode([q.ids for q in asked], self._tokenizer.pad_token_id)
        return readings(self._network, asked, states, mask, told)

    def _encoded(self, texts: Sequence[str]) -> list[list[Told]]:
        """The parts of every text, from what is kept or encoded now."""
        import torch

        known = self._kept.known(texts)
        made: dict[str, list[Told]] = {text: [] for text in texts if text not in known}
        parts = [(text, part) for text in made for part in read_passage(self._tokenizer, text)]
        encoded: dict[int, Told] = {}
        for rows in _batches([len(part.ids) for _, part in parts]):
            with torch.inference_mode():
                states, _ = self._network.encode([parts[i][1].ids for i in rows], self._tokenizer.pad_token_id)
            for row, i in enumerate(rows):
                part = parts[i][1]
                # Copied: a slice would keep the whole padded batch alive.
                encoded[i] = Told(part, states[row, : len(part.ids)].to(torch.float16, copy=True))
        for i, (text, _) in enumerate(parts):
            made[text].append(encoded[i])
        self._kept.keep(made)
        every = known | made
        return [every[text] for text in texts]


def readings(
    network, asked: Sequence[Question], asked_states: torch.Tensor, asked_mask: torch.Tensor, told: Sequence[Sequence[Told]]
) -> list[list[Reading]]:
    """What the network sees in every passage, given as its encoded parts: one list of readings per question.

    Args:
        asked_states, asked_mask: (questions, tokens, hidden) and (questions, tokens), of `Network.encode`.
    """
    import torch
    from torch.nn.utils.rnn import pad_sequence

    parts = [part for passage in told for part in passage]
    owner = [i for i, passage in enumerate(told) for _ in passage]
    lines: list[list[list[tuple[int, int, float]]]] = [[[] for _ in told] for _ in asked]
    odds = [[0.0] * len(told) for _ in asked]
    with torch.inference_mode():
        for rows in _batches([len(each.states) for each in parts]):
            states = pad_sequence([parts[i].states for i in rows], batch_first=True).float()
            mask = pad_sequence([torch.ones(len(parts[i].states)) for i in rows], batch_first=True)
            logits = network.score(asked, [parts[i].part for i in rows], asked_states, asked_mask, states, mask)
            for q, of_question in enumerate(logits):
                for row, i in zip(of_question, rows, strict=True):
                    scores = row[: len(parts[i].part.lines)]
                    odds[q][owner[i]] += float(scores.exp().sum())
                    chances = torch.sigmoid(scores).tolist()
                    lines[q][owner[i]] += [(a, b, p) for (a, b), p in zip(parts[i].part.lines, chances, strict=True)]
    return [
        [Reading(o / (1 + o), tuple(sorted(found))) for o, found in zip(odds[q], lines[q], strict=True)]
        for q in range(len(asked))
    ]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Numbers of rows of similar length, longest first, of at most MAX_BATCH_TOKENS a batch with its padding."""
    order = sorted(range(len(lengths)), key=lambda i: lengths[i])
    while order:
        take = max(1, MAX_BATCH_TOKENS // lengths[order[-1]])
        rows, order = order[-take:], order[:-take]
        yield rows


def together(chances: Sequence[float]) -> float:
    """P(any of the passages answers) from each one's: their odds add up, as they did in training."""
    odds = sum(p / max(1e-9, 1 - p) for p in chances)
    return odds / (1 + odds)


def head_names(network) -> list[str]:
    """Names of the parameters that are not the encoder's."""
    return [name for name in network.state_dict() if not name.startswith("encoder.")]
