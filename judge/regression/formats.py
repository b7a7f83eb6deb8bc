"""Cases in and out: JSONL with Ragas' names, and what DeepEval, promptfoo, Langfuse and a spreadsheet read.

The canonical format is one JSON object a line with Ragas' field names (`user_input, retrieved_contexts,
retrieved_context_ids, response, reference`, see `src/ragas/dataset_schema.py`); everything of ours that Ragas has no
name for stands in `id`, `tags` and `metadata`, which its loader passes over. Written and read back, a case is the same
case. Reading also takes the names that other tools use for the same things.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, Literal, get_args

from judge.regression.types import MAX_ID_CHARS, REASONS, Case, CaseStatus, Origin
from judge.scoring import clean
from judge.types import Judgement
from rag.errors import UserError
from rag.types import Turn

Format = Literal["ragas", "deepeval", "promptfoo", "langfuse", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
MAX_LINE = 1_000_000  # characters of one case; with 20 passages and every verdict it takes some 60,000
MAX_ARRAY = 64 * MAX_LINE  # characters of a file that is one array
MAX_CASES = 100_000
MAX_TEXT = 20_000  # of a question or an expected answer
MAX_TAGS, MAX_TAG = 50, 100
MAX_DEPTH = 20  # of what an import carries along

# Left to right: ours and Ragas', Ragas' before 0.2, then DeepEval, TruLens, Langfuse, Opik, promptfoo.
ALIASES = {
    "user_input": ("user_input", "question", "input", "query"),
    "reference": (
        "reference",
        "ground_truth",
        "ground_truths",
        "expected_output",
        "expectedOutput",
        "expected_response",
    ),
    "response": ("response", "answer", "actual_output", "actualOutput", "output"),
    "retrieved_contexts": ("retrieved_contexts", "contexts", "retrieval_context", "retrievalContext"),
    "retrieved_context_ids": ("retrieved_context_ids",),
    "metadata": ("metadata", "additional_metadata", "additionalMetadata", "meta"),
}
# Of a case, kept in `metadata` of a row under these names.
_KEPT = ("origin", "reason", "rule", "status", "documents", "merged_into", "created_at", "updated_at")
_OURS = (*_KEPT, "tags", "turn", "judgement")
_CARRIED = "vouch_carried"  # in `metadata` of a row: what another tool calls by one of _OURS
_CHOICES = {"origin": get_args(Origin), "reason": ("", *REASONS), "status": get_args(CaseStatus)}
_LONGEST = {"created_at": 40, "updated_at": 40, "merged_into": MAX_ID_CHARS}  # characters that the record's columns take
_IDS = ("id", "name", "external_id", "query_id")
_READ = {*_IDS, "tags", *(alias for aliases in ALIASES.values() for alias in aliases)}
MAX_DOCUMENTS, MAX_DOCUMENT_ID = 1000, 64
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_TEMPLATE = re.compile(r"\{([{%#])")
_LOADED = re.compile(r"^\s*(file|package|https?)://|^\s*(javascript|python|ruby|package):", re.IGNORECASE)
CSV_COLUMNS = (
    "id", "user_input", "reference", "response", "retrieved_contexts", "tags", "origin", "reason", "rule", "status",
    "documents", "created_at", "updated_at",
)  # fmt: skip


class CaseError(ValueError):
    """An object that is no case; the message says what is wrong with it, `ko` in Korean."""

    def __init__(self, en: str, ko: str) -> None:
        super().__init__(en)
        self.ko = ko


class FormatError(UserError):
    """A file that holds no cases; the sentence names the line."""


def read_cases(source: Path | str | IO[str]) -> Iterator[Case]:
    """Cases of a JSONL file (or of a file that is one JSON array), in order.

    Args:
        source: a path, or an open text stream.

    Raises:
        FormatError: it cannot be opened, or a line is no case; nothing after that line is read.
    """
    if isinstance(source, (str, Path)):
        path = Path(source)
        try:
            with path.open(encoding="utf-8-sig") as stream:
                yield from _read(stream, path.name)
        except OSError as error:
            raise FormatError(
                f"{path.name} could not be read ({error.strerror}); check the path.",
                f"{path.name}을(를) 읽을 수 없습니다({error.strerror}). 경로를 확인해 주세요.",
            ) from None
    else:
        yield from _read(source, Path(getattr(source, "name", "") or "the file").name)


def write_cases(cases: Iterable[Case], stream: IO[str], format: Format = "ragas") -> int:
    """Write cases for a tool; see the functions below for each format's fields. Returns: how many.

    Raises:
        ValueError: there is no such format.
    """
    writers = {
        "ragas": _write_lines(as_ragas),
        "deepeval": _write_array(as_deepeval),
        "promptfoo": _write_promptfoo,
        "langfuse": _write_lines(as_langfuse),
        "csv": _write_csv,
    }
    if format not in writers:
        raise ValueError(f"no format is called {format!r}; there are {', '.join(FORMATS)}")
    return writers[format](cases, stream)


def as_ragas(case: Case) -> dict:
    """One line of the canonical format. `metadata.turn` and `metadata.judgement` hold the flagged turn whole."""
    metadata = _metadata(case)
    response, contexts, ids = _seen(case)
    if case.turn is not None:
        metadata["turn"] = asdict(case.turn)
        metadata |= {name: getattr(case.turn, name) for name in ("generator", "prompt_hash", "index_hash")}
    if case.judgement is not None:
        metadata["judgement"] = asdict(case.judgement)
        metadata["judge"] = case.judgement.judge
    row: dict[str, Any] = {"user_input": case.user_input}
    if contexts:
        row["retrieved_contexts"] = contexts
    if ids:
        row["retrieved_context_ids"] = ids
    if response:
        row["response"] = response
    if case.reference:
        row["reference"] = case.reference
    return {**row, "id": case.id, "tags": list(case.tags), "metadata": metadata}


def as_deepeval(case: Case) -> dict:
    """A golden as DeepEval's `EvaluationDataset.add_goldens_from_json_file` reads it (`dataset/golden.py`)."""
    response, contexts, _ = _seen(case)
    return {
        "input": case.user_input,
        "actual_output": response or None,
        "expected_output": case.reference or None,
        "retrieval_context": contexts or None,
        "context": None,
        "name": case.id,
        "comments": case.rule or case.reason or None,
        "source_file": None,
        "additional_metadata": {**_metadata(case), "tags": list(case.tags)},
    }


def as_promptfoo(case: Case) -> dict:
    """A test of promptfoo: `vars.question`, and the expected answer as a `similar` assertion with its default threshold.

    promptfoo renders every string as a template and loads what begins with file://; both are defused. Checked with
    promptfoo 0.121.20: `promptfoo eval` on such a file gives provider and assertion these texts letter by letter.
    """
    asserts = [{"type": "similar", "value": _untemplated(case.reference), "threshold": 0.75}] if case.reference else []
    return {
        "description": _untemplated(case.user_input[:120]),
        "vars": {"question": _untemplated(case.user_input)},
        "assert": asserts,
        "metadata": {"id": case.id, "tags": [_untemplated(tag) for tag in case.tags], "reason": case.reason},
    }


def as_langfuse(case: Case, dataset: str = "vouch-regression") -> dict:
    """A dataset item as Langfuse's `POST /api/public/dataset-items` takes it.

    Checked with langfuse 5.0.4: `Langfuse.create_dataset_item`, given the same values, sends the same body.
    """
    response, contexts, _ = _seen(case)
    extra = {"response": response, "retrieved_contexts": contexts} if response or contexts else {}
    return {
        "datasetName": dataset,
        "id": case.id,
        "input": {"question": case.user_input},
        "expectedOutput": case.reference or None,
        "metadata": {**_metadata(case), "tags": list(case.tags), **extra},
        "sourceTraceId": case.turn.id if case.turn is not None else None,
        "status": "ACTIVE" if case.status in ("candidate", "accepted") else "ARCHIVED",
    }


def parse_case(given: object) -> Case:
    """A JSON object as a case.

    A question is all that is required. A row without `tags` has none; one without a status is accepted: who imports a
    set means to run it. Reply and passages of a row that was never a turn here stay in the case's metadata, and so does
    whatever else a row holds that is no field of a case.

    Raises:
        CaseError: the message says what is wrong with it.
    """
    if not isinstance(given, dict):
        raise CaseError("expected a JSON object with user_input", "user_input이 있는 JSON 객체가 아닙니다")
    question = _field(given, "user_input")
    if isinstance(question, dict):  # Langfuse, Opik: the input is an object
        question = next((question[name] for name in ALIASES["user_input"] if name in question), None)
    if isinstance(question, list):
        raise CaseError(
            "user_input is a conversation; only single questions can be run",
            "user_input이 대화입니다. 질문 하나만 실행할 수 있습니다",
        )
    user_input = _text(question, "user_input", required=True)
    reference = _field(given, "reference")
    if isinstance(reference, list):  # Ragas before 0.2 wrote a list of one
        reference = reference[0] if reference else ""
    if isinstance(reference, dict):  # Langfuse: the expected output is an object
        names = (*ALIASES["reference"], *ALIASES["response"])
        reference = next((reference[name] for name in names if name in reference), reference)
    metadata = _field(given, "metadata")
    if metadata is None:
        metadata = {}
    if not isinstance(metadata, dict):
        raise CaseError("metadata must be an object", "metadata의 값은 객체여야 합니다")
    others = {name: value for name, value in given.items() if name not in _READ and value is not None}
    carried = metadata.get(_CARRIED)
    plain = {name: value for name, value in metadata.items() if name != _CARRIED}
    if max(_depth(part) for part in (plain, others, carried)) > MAX_DEPTH:
        raise CaseError("metadata is nested too deeply", "metadata가 너무 깊이 중첩되어 있습니다")
    own = {name: metadata[name] for name in _OURS if name in metadata and _can_be_ours(name, metadata[name])}
    metadata = others | {name: value for name, value in metadata.items() if name not in own}
    if isinstance(carried, dict):
        metadata |= metadata.pop(_CARRIED)
    turn, judgement = _turn(own.get("turn")), _judgement(own.get("judgement"))
    if turn is not None:
        for name in ("generator", "prompt_hash", "index_hash"):
            metadata.pop(name, None)
    else:
        metadata |= _of_elsewhere(given)
    if judgement is not None:
        metadata.pop("judge", None)
    return Case(
        id=_identifier(given),
        user_input=user_input,
        reference=_text(reference, "reference"),
        tags=_strings(given.get("tags", own.get("tags", [])), "tags", MAX_TAGS, MAX_TAG),
        origin=own.get("origin", "user"),
        reason=own.get("reason", ""),
        rule=_text(own.get("rule", ""), "rule"),
        status=own.get("status", "accepted"),
        documents=_strings(own.get("documents", []), "documents", MAX_DOCUMENTS, MAX_DOCUMENT_ID),
        turn=turn,
        judgement=judgement,
        merged_into=_text(own.get("merged_into", ""), "merged_into"),
        metadata=metadata,
        created_at=_text(own.get("created_at", ""), "created_at"),
        updated_at=_text(own.get("updated_at", ""), "updated_at"),
    )


# ------------------------------------------------------------------ reading


def _read(stream: IO[str], name: str) -> Iterator[Case]:
    try:
        yield from _rows(stream, name)
    except UnicodeDecodeError:
        raise _error(name, 0, "it is not UTF-8 text", "UTF-8 텍스트가 아닙니다") from None


def _rows(stream: IO[str], name: str) -> Iterator[Case]:
    first = True
    number = count = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if first and line.strip():
            first = False
            if line.lstrip("\ufeff \t").startswith("["):
                yield from _array(line, stream, name)
                return
        if len(line) > MAX_LINE:
            raise _error(name, number, f"it is longer than {MAX_LINE:,} characters", "너무 깁니다")
        if not line.strip():
            continue
        count += 1
        if count > MAX_CASES:
            raise _too_many(name, number)
        try:
            case = parse_case(loads(line))
        except CaseError as error:
            raise _error(name, number, str(error), error.ko) from None
        yield case


def _array(line: str, stream: IO[str], name: str) -> Iterator[Case]:
    text = line + stream.read(MAX_ARRAY)
    if len(text) > MAX_ARRAY:
        raise _error(name, 0, f"it is longer than {MAX_ARRAY:,} characters", "너무 깁니다")
    try:
        rows = loads(text)
    except CaseError as error:
        raise _error(name, 0, str(error), error.ko) from None
    if len(rows) > MAX_CASES:
        raise _too_many(name, 0)
    for number, row in enumerate(rows, 1):
        try:
            case = parse_case(row)
        except CaseError as error:
            raise _error(name, 0, f"entry {number}: {error}", f"{number}번째 항목: {error.ko}") from None
        yield case


def _too_many(name: str, line: int) -> FormatError:
    return _error(name, line, f"there are more than {MAX_CASES:,} cases", "사례가 너무 많습니다")


def _error(name: str, line: int, en: str, ko: str) -> FormatError:
    shown = clean(name)[:80]
    place = f", line {line}" if line else ""
    place_ko = f" {line}번째 줄" if line else ""
    return FormatError(
        f"{shown}{place}: {en}; correct it and try again.",
        f"{shown}{place_ko}: {ko}. 고친 뒤 다시 시도해 주세요.",
    )


def loads(text: str) -> object:
    """JSON as it is written elsewhere too: no NaN, and no number beyond what can be held.

    Raises:
        CaseError: it is none.
    """

    def no_constant(name: str):
        raise CaseError(f"{name} is not JSON", f"{name}: JSON이 아닙니다")

    def finite(number: str) -> float:
        if not math.isfinite(value := float(number)):
            raise CaseError(f"{number[:40]} is too large a number", f"{number[:40]}: 너무 큰 수입니다")
        return value

    try:
        return json.loads(text.lstrip("\ufeff"), parse_constant=no_constant, parse_float=finite)
    except CaseError:
        raise
    except RecursionError:
        raise CaseError("it is nested too deeply", "너무 깊이 중첩되어 있습니다") from None
    except json.JSONDecodeError as error:
        # A text of one line is named by who reads the lines.
        line, line_ko = (f"line {error.lineno}, ", f"{error.lineno}번째 줄 ") if "\n" in text.strip() else ("", "")
        raise CaseError(
            f"it is not valid JSON ({line}column {error.colno})", f"올바른 JSON이 아닙니다({line_ko}{error.colno}번째 글자)"
        ) from None
    except ValueError:  # an integer of thousands of digits
        raise CaseError("it holds too long a number", "너무 긴 수가 있습니다") from None


def _field(given: dict, name: str) -> object:
    """The first of a field's names that is there and not null."""
    return next((given[alias] for alias in ALIASES[name] if given.get(alias) is not None), None)


def _identifier(given: dict) -> str:
    value = next((given[name] for name in _IDS if given.get(name) not in (None, "")), "")
    return _text(str(value) if isinstance(value, int) else value, "id", limit=MAX_ID_CHARS)


def _text(value: object, name: str, required: bool = False, limit: int = MAX_TEXT) -> str:
    if value is None:
        value = ""
    if not isinstance(value, str):
        raise CaseError(f"{name} must be a string", f"{name}의 값은 문자열이어야 합니다")
    text = clean(value).strip() if required else clean(value)
    if required and not text:
        raise CaseError(f"{name} is missing or empty", f"{name}의 값이 없거나 비어 있습니다")
    if len(text) > limit:
        raise CaseError(
            f"{name} has {len(text):,} characters; at most {limit:,} are possible",
            f"{name}의 값이 {len(text):,}자입니다. {limit:,}자까지 쓸 수 있습니다",
        )
    return text


def _strings(value: object, name: str, count: int, limit: int) -> tuple[str, ...]:
    if isinstance(value, str):  # one tag, or a cell of them
        value = [part.strip() for part in value.split(",") if part.strip()]
    if value is None:
        value = []
    if not isinstance(value, (list, tuple)) or len(value) > count:
        raise CaseError(
            f"{name} must be a list of at most {count} strings", f"{name}의 값은 문자열 {count}개까지의 목록이어야 합니다"
        )
    return tuple(dict.fromkeys(_text(part, name, required=True, limit=limit) for part in value))


def _can_be_ours(name: str, value: object) -> bool:
    """Whether a value in a row's metadata can be this field of a case; other tools mean other things by the same names."""
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name in ("turn", "judgement"):
        return isinstance(value, dict)
    if name == "tags" and isinstance(value, list):
        return all(isinstance(tag, str) for tag in value)
    if name == "documents":
        ids = value if isinstance(value, list) and len(value) <= MAX_DOCUMENTS else [None]
        return all(isinstance(one, str) and 0 < len(one.strip()) <= MAX_DOCUMENT_ID for one in ids)
    return isinstance(value, str) and len(value) <= _LONGEST.get(name, MAX_TEXT)


def _of_elsewhere(given: dict) -> dict:
    """Reply and passages that another system gave, as the case's metadata."""
    kept: dict[str, object] = {}
    if response := _text(_field(given, "response"), "response", limit=MAX_LINE):
        kept["response"] = response
    contexts = _field(given, "retrieved_contexts")
    if isinstance(contexts, list):  # `python -m rag ask --json`: objects with a text
        contexts = [context.get("text") if isinstance(context, dict) else context for context in contexts]
    if contexts:
        if not isinstance(contexts, list) or not all(isinstance(context, str) for context in contexts):
            raise CaseError(
                "retrieved_contexts must be a list of strings (or of objects with a text)",
                "retrieved_contexts의 값은 문자열(또는 text가 있는 객체)의 목록이어야 합니다",
            )
        kept["retrieved_contexts"] = [clean(context) for context in contexts]
    ids = _field(given, "retrieved_context_ids")
    if ids:
        if not isinstance(ids, list) or not all(isinstance(one, (str, int)) for one in ids):
            raise CaseError(
                "retrieved_context_ids must be a list of strings or integers",
                "retrieved_context_ids의 값은 문자열이나 정수의 목록이어야 합니다",
            )
        kept["retrieved_context_ids"] = ids
    return kept


def _turn(given: object) -> Turn | None:
    return None if given is None else _validated(Turn, given, "metadata.turn")


def _judgement(given: object) -> Judgement | None:
    if given is None:
        return None
    judgement = _validated(Judgement, given, "metadata.judgement")
    for score in judgement.scores.values():
        if score.value is not None and not (math.isfinite(score.value) and 0 <= score.value <= 1):
            raise CaseError(
                f"metadata.judgement: {score.metric} is {score.value}, not between 0 and 1",
                f"metadata.judgement: {score.metric}의 값 {score.value}이(가) 0과 1 사이가 아닙니다",
            )
    return judgement


def _validated(kind: type, given: object, name: str):
    """A dataclass from plain values, every field checked for its type."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(given)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise CaseError(f"{name}.{place}: {first['msg']}", f"{name}.{place}의 값이 올바르지 않습니다") from None


def _depth(value: object) -> int:
    """How deep lists and objects are nested, counted no further than what is too deep."""
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        level = [
            child
            for node in level
            if isinstance(node, (dict, list))
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        depth += 1
    return depth


# ------------------------------------------------------------------ writing


def _metadata(case: Case) -> dict:
    """What was carried along, and what of ours other tools have no name for."""
    values = {name: getattr(case, name) for name in _KEPT}
    values["documents"] = list(case.documents)
    always = ("origin", "status")
    own = {name: value for name, value in values.items() if value or name in always}
    hidden = {name: value for name, value in case.metadata.items() if name in _OURS}
    plain = {name: value for name, value in case.metadata.items() if name not in hidden}
    return {**plain, **own, **({_CARRIED: hidden} if hidden else {})}


def _seen(case: Case) -> tuple[str, list[str], list]:
    """Reply, passages and their ids: of the flagged turn, else of the system the case came from."""
    if case.turn is not None:
        found = case.turn.retrieved_contexts
        return case.turn.response, [one.chunk.text for one in found], [one.chunk.id for one in found]
    kept = case.metadata
    return (
        kept.get("response", ""),
        list(kept.get("retrieved_contexts", ())),
        list(kept.get("retrieved_context_ids", ())),
    )


def _dumps(row: object, indent: int | None = None) -> str:
    # What no encoding holds is replaced; a figure that is none would not be JSON.
    return clean(json.dumps(row, ensure_ascii=False, allow_nan=False, indent=indent))


def _write_lines(convert):
    def write(cases: Iterable[Case], stream: IO[str]) -> int:
        count = 0
        for count, case in enumerate(cases, 1):
            stream.write(_dumps(convert(case)) + "\n")
        return count

    return write


def _write_array(convert):
    def write(cases: Iterable[Case], stream: IO[str]) -> int:
        rows = [convert(case) for case in cases]
        stream.write(_dumps(rows, indent=1) + "\n")
        return len(rows)

    return write


def _write_promptfoo(cases: Iterable[Case], stream: IO[str]) -> int:
    """A YAML list, for `tests: file://cases.yaml`."""
    import yaml

    rows = [json.loads(_dumps(as_promptfoo(case))) for case in cases]
    yaml.safe_dump(rows, stream, allow_unicode=True, sort_keys=False, width=1000)
    return len(rows)


def _write_csv(cases: Iterable[Case], stream: IO[str]) -> int:
    """One row a case, for a spreadsheet: a cell that it would compute begins with an apostrophe."""
    stream.write("\ufeff")  # without it Excel takes Hangul for another encoding
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    count = 0
    for count, case in enumerate(cases, 1):
        response, contexts, _ = _seen(case)
        special = {
            "response": response,
            "retrieved_contexts": "\n\n".join(contexts),
            "tags": ", ".join(case.tags),
            "documents": ", ".join(case.documents),
        }
        writer.writerow(defused(special.get(name, getattr(case, name, ""))) for name in CSV_COLUMNS)
    return count


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""
    text = clean(cell)
    return f"'{text}" if text.lstrip(" \u00a0\u3000").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _untemplated(text: str) -> str:
    """`text` that Nunjucks renders as itself and that begins with nothing promptfoo would load or run."""
    text = _TEMPLATE.sub(r'{{ "{\1" }}', text)
    return '{{ "" }}' + text if _LOADED.match(text) else text


def identified(cases: Iterable[Case], whole: bool = False) -> Iterator[Case]:
    """Cases without an id get one from their question, the same wherever it stands.

    Args:
        whole: from all that the case holds: the same question about another resume is another case.
    """
    asked: Counter[str] = Counter()
    for case in cases:
        if not case.id:
            text = repr(replace(case, created_at="", updated_at="")) if whole else case.user_input
            case_id = hashlib.sha256(text.encode()).hexdigest()[:16]
            asked[case_id] += 1
            case = replace(case, id=case_id if asked[case_id] == 1 else f"{case_id}-{asked[case_id]}")
        yield case


def tagged(case: Case, tag: str) -> Case:
    """The case with one more tag."""
    return case if tag in case.tags else replace(case, tags=(*case.tags, tag))
