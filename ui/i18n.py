"""Every sentence the page can show, in English and Korean, and the choice between the two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ui import i18n_flags, i18n_judge, i18n_regression

LANGUAGES = ("en", "ko")

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "tagline": "Answers questions about a resume, and vouches for every answer.",
        "toggle_language": "한국어",
        # chat
        "chat": "Conversation",
        "question": "Your question",
        "placeholder": "Ask about the resume…",
        "ask": "Ask",
        "stop": "Stop",
        "empty_title": "Ask about a resume",
        "empty_body": (
            "Every reply cites the passages it was drawn from. A judge then checks it against those passages, "
            "and you see what held up."
        ),
        "loading": "Loading the models. Your question will be answered as soon as they are ready.",
        "indexing": "Reading the sample resumes…",
        "loading_failed": "The models did not load. {reason} Ask again to retry.",
        "waiting": "Waiting for another reply to finish…",
        "retrieving": "Searching the resume…",
        "streaming": "Writing…",
        "stopped": "Stopped",
        "stopped_note": "Stopped before the end, so it was not judged.",
        "stopped_empty": "Stopped before the first word.",
        "failed": "No answer",
        "failed_unknown": "Something went wrong while answering; the server log says what. Please try again.",
        "busy": "One question at a time: wait for this reply, or press Stop.",
        "empty_question": "Type a question first.",
        "long_question": "The question has {length} characters; at most {limit} are possible. Please shorten it.",
        "not_yours": "This conversation does not exist or belongs to somebody else. A new one was started.",
        "regenerate_none": "There is no reply to regenerate yet.",
        # badges
        "faithfulness": "Faithfulness",
        "answer_relevancy": "Answer relevancy",
        "context_precision": "Context precision",
        "personal_data": "Personal data",
        "personal_data_hint": "1 where the reply gives out no personal data, 0 where it does (e-mail, telephone, address, birth date, identity, passport, card or account number).",
        "faithfulness_hint": "Share of the reply's claims that the retrieved passages support (0 to 1). Claims the "
        "judge is not sure about are left out.",
        "answer_relevancy_hint": "Whether the reply addresses the question that was asked (0 to 1).",
        "context_precision_hint": "Whether the relevant passages were ranked first (average precision, 0 to 1).",
        "pending": "checking…",
        "unscored": "n/a",
        "declined": "Declined",
        "right_refusal": "Right refusal",
        "wrong_refusal": "Missed: the passages have it",
        "declined_hint": "The reply says that the resume does not tell. Here is whether the passages agree.",
        "judging": "Checking the reply against the sources…",
        "judged_announcement": "Scores: {scores}",
        "second_pending": "a second opinion is coming",
        "second_pending_hint": "These scores are from {judge}. A larger judge is reading the same passages; its scores will take "
        "their place.",
        "second_shown": "second opinion",
        "second_shown_hint": "These scores are from the second judge, {judge}. Open the reasons to compare it with the first.",
        "second_unscored": "second judge: unscored – {reason}",
        "second_unscored_hint": "The scores stay those of {judge}.",
        "first_judge": "First judge",
        "second_judge": "Second judge",
        "why": "Why: {count} claims checked",
        "why_one": "Why: 1 claim checked",
        "why_none": "Why",
        "supported": "supported",
        "contradicted": "contradicted",
        "not_found": "not found",
        "not_sure": "not sure",
        "badge_not_sure": "{count} not sure",
        "probability": "p = {value}",
        "p_hint": "Probability that the sources support this claim",
        "p_contradicted_hint": "Probability that the sources contradict this claim",
        "evidence": "evidence [{rank}]",
        "provenance": "Answered by {generator}{seconds}. Judged by {judge} in {judge_seconds}.",
        "in_seconds": " in {seconds}",
        "same_model": "The judge is the model that wrote the reply; it may favour itself.",
        "seconds": "{value} s",
        # answering again
        "repair": "Answer again from the sources",
        "repair_hint": "The judge doubts a claim of this reply. Both replies stay, each with its scores.",
        "repair_gone": "This reply cannot be answered again any more.",
        "replaced": "Replaced reply",
        "repair_switch": "Offer another answer",
        "repair_switch_hint": "Where the judge doubts a claim, a button under the reply answers again from the sources.",
        # sources
        "sources": "Sources",
        "sources_empty": "The passages behind a reply appear here.",
        "sources_for": "For: {question}",
        "sources_none": "No passage was retrieved for this question.",
        "sources_more": "{count} more retrieved, not cited",
        "similarity": "cosine similarity {value}",
        "similarity_hint": "How close question and passage are in meaning, from -1 to 1. Not a score of the reply.",
        "relevant": "relevance {value}",
        "relevant_hint": "The judge's probability that this passage helps to answer the question",
        "untitled": "Untitled part",
        # conversations
        "conversations": "Conversations",
        "new_conversation": "New conversation",
        "no_conversations": "Earlier conversations are listed here.",
        "open_conversation": "Open the conversation: {title}",
        "delete_conversation": "Delete the conversation: {title}",
        "delete": "Delete",
        "untitled_conversation": "(no question)",
        # documents
        "documents": "Resumes",
        "scope": "Ask about",
        "scope_all": "All resumes",
        "upload": "Add resumes: drop files here or click",
        "upload_hint": "PDF, Word, HTML, Markdown, text or JSON Resume, up to {limit} MB each.",
        "no_documents": "Nothing is indexed yet. Add a resume to ask about it.",
        "documents_loading": "The list appears as soon as the models are loaded.",
        "remove_document": "Remove {name}",
        "remove": "Remove",
        "passages": "{count} passages",
        "passages_one": "1 passage",
        "upload_waiting": "Waiting for the models to load…",
        "upload_progress": "Reading {name} ({done} of {total})",
        "upload_added": "{name}: added",
        "upload_unchanged": "{name}: already here",
        "upload_failed": "{name}: {reason}",
        "upload_failed_unknown": "could not be read; the server log says why.",
        "upload_stopped": "Stopped. What had been read before was kept.",
        "upload_busy": "Another upload is being read; this one comes next.",
        "removed": "{name} was removed.",
        "remove_failed": "That resume is not in the index any more.",
        "stop_upload": "Stop reading",
        # models
        "models": "Models",
        "generator": "Answers",
        "judge": "Judge",
        "embedder": "Search",
        "index_size": "Index",
        "resumes": "{count} resumes",
        "resumes_one": "1 resume",
        "not_loaded": "loading…",
        "not_loaded_failed": "not loaded",
        "change_models": "Use other models",
        "change_models_body": (
            "Each model is one string in the environment (or in .env), read at start: a model id, a local path, "
            "or a server that speaks the OpenAI protocol."
        ),
    },
    "ko": {
        "tagline": "이력서에 대한 질문에 답하고, 그 답이 맞는지 스스로 검증합니다.",
        "toggle_language": "English",
        "chat": "대화",
        "question": "질문",
        "placeholder": "이력서에 대해 물어보세요…",
        "ask": "질문하기",
        "stop": "중지",
        "empty_title": "이력서에 대해 물어보세요",
        "empty_body": (
            "모든 답변에는 근거가 된 구절이 인용됩니다. 답변이 끝나면 평가 모델이 그 구절과 대조해 "
            "무엇이 맞는지 보여 드립니다."
        ),
        "loading": "모델을 불러오는 중입니다. 준비되는 대로 답변하겠습니다.",
        "indexing": "예시 이력서를 읽는 중…",
        "loading_failed": "모델을 불러오지 못했습니다. {reason} 다시 질문하면 재시도합니다.",
        "waiting": "다른 답변이 끝나기를 기다리는 중…",
        "retrieving": "이력서에서 찾는 중…",
        "streaming": "작성 중…",
        "stopped": "중지됨",
        "stopped_note": "답변이 끝나기 전에 중지되어 평가하지 않았습니다.",
        "stopped_empty": "첫 단어가 나오기 전에 중지되었습니다.",
        "failed": "답변 없음",
        "failed_unknown": "답변하는 중 문제가 생겼습니다. 원인은 서버 로그에 있습니다. 다시 시도해 주세요.",
        "busy": "질문은 한 번에 하나씩 할 수 있습니다. 답변을 기다리거나 중지를 눌러 주세요.",
        "empty_question": "먼저 질문을 입력해 주세요.",
        "long_question": "질문이 {length}자입니다. 최대 {limit}자까지 가능하니 줄여 주세요.",
        "not_yours": "없는 대화이거나 다른 사람의 대화입니다. 새 대화를 시작했습니다.",
        "regenerate_none": "아직 다시 생성할 답변이 없습니다.",
        "faithfulness": "충실성",
        "answer_relevancy": "답변 관련성",
        "context_precision": "문맥 정밀도",
        "personal_data": "개인정보",
        "personal_data_hint": "답변이 개인정보를 드러내지 않으면 1, 드러내면 0입니다 (이메일, 전화번호, 주소, 생년월일, 신분·여권·카드·계좌 번호).",
        "faithfulness_hint": "답변의 주장 가운데 검색된 구절이 뒷받침하는 비율입니다 (0~1). 확실하지 않은 주장은 "
        "빼고 계산합니다.",
        "answer_relevancy_hint": "답변이 질문에 맞는 내용인지 나타냅니다 (0~1).",
        "context_precision_hint": "관련 있는 구절이 앞 순위에 왔는지 나타냅니다 (평균 정밀도, 0~1).",
        "pending": "확인 중…",
        "unscored": "평가 없음",
        "declined": "답변 보류",
        "right_refusal": "올바른 보류",
        "wrong_refusal": "놓침: 검색된 구절에 답이 있음",
        "declined_hint": "이력서에 나와 있지 않다고 답했습니다. 검색된 구절도 그런지 확인한 결과입니다.",
        "judging": "답변을 출처와 대조하는 중입니다…",
        "judged_announcement": "점수: {scores}",
        "second_pending": "두 번째 평가를 기다리는 중",
        "second_pending_hint": "지금 점수는 {judge}의 평가입니다. 더 큰 평가 모델이 같은 구절을 읽고 있으며, 끝나면 그 점수로 바뀝니다.",
        "second_shown": "두 번째 평가 결과",
        "second_shown_hint": "두 번째 평가 모델 {judge}의 점수입니다. 평가 이유를 열면 첫 번째 평가와 비교할 수 있습니다.",
        "second_unscored": "두 번째 평가: 평가 없음 – {reason}",
        "second_unscored_hint": "점수는 {judge}의 평가 그대로입니다.",
        "first_judge": "첫 번째 평가",
        "second_judge": "두 번째 평가",
        "why": "평가 이유: 주장 {count}개 확인",
        "why_one": "평가 이유: 주장 1개 확인",
        "why_none": "평가 이유",
        "supported": "뒷받침됨",
        "contradicted": "모순됨",
        "not_found": "출처에 없음",
        "not_sure": "확실하지 않음",
        "badge_not_sure": "{count}개 불확실",
        "probability": "p = {value}",
        "p_hint": "출처가 이 주장을 뒷받침할 확률",
        "p_contradicted_hint": "출처가 이 주장과 모순될 확률",
        "evidence": "근거 [{rank}]",
        "provenance": "답변: {generator}{seconds}. 평가: {judge}, {judge_seconds}.",
        "in_seconds": ", {seconds}",
        "same_model": "평가 모델이 답변을 쓴 모델과 같아 자기 답변에 후할 수 있습니다.",
        "seconds": "{value}초",
        "repair": "출처를 보고 다시 답하기",
        "repair_hint": "평가 모델이 이 답변의 주장을 의심합니다. 두 답변 모두 점수와 함께 남습니다.",
        "repair_gone": "이 답변은 더 이상 다시 답할 수 없습니다.",
        "replaced": "대체된 답변",
        "repair_switch": "다시 답하기 제안",
        "repair_switch_hint": "평가 모델이 의심하는 주장이 있으면 답변 아래에 출처를 보고 다시 답하는 버튼이 나타납니다.",
        "sources": "출처",
        "sources_empty": "답변의 근거가 된 구절이 여기에 나타납니다.",
        "sources_for": "질문: {question}",
        "sources_none": "이 질문으로 검색된 구절이 없습니다.",
        "sources_more": "검색되었지만 인용되지 않은 구절 {count}개",
        "similarity": "코사인 유사도 {value}",
        "similarity_hint": "질문과 구절의 의미가 얼마나 가까운지 나타냅니다(-1~1). 답변의 점수가 아닙니다.",
        "relevant": "관련도 {value}",
        "relevant_hint": "이 구절이 질문에 답하는 데 도움이 될 확률(평가 모델 기준)",
        "untitled": "제목 없는 부분",
        "conversations": "대화 목록",
        "new_conversation": "새 대화",
        "no_conversations": "이전 대화가 여기에 나타납니다.",
        "open_conversation": "대화 열기: {title}",
        "delete_conversation": "대화 삭제: {title}",
        "delete": "삭제",
        "untitled_conversation": "(질문 없음)",
        "documents": "이력서",
        "scope": "질문할 이력서",
        "scope_all": "모든 이력서",
        "upload": "이력서 추가: 파일을 끌어 놓거나 클릭하세요",
        "upload_hint": "PDF, Word, HTML, Markdown, 텍스트, JSON Resume. 파일당 최대 {limit} MB.",
        "no_documents": "아직 등록된 이력서가 없습니다. 이력서를 추가하면 질문할 수 있습니다.",
        "documents_loading": "모델을 불러오면 목록이 나타납니다.",
        "remove_document": "{name} 제거",
        "remove": "제거",
        "passages": "구절 {count}개",
        "passages_one": "구절 1개",
        "upload_waiting": "모델을 불러오기를 기다리는 중…",
        "upload_progress": "{name} 읽는 중 ({total}개 중 {done}번째)",
        "upload_added": "{name}: 추가했습니다",
        "upload_unchanged": "{name}: 이미 등록되어 있습니다",
        "upload_failed": "{name}: {reason}",
        "upload_failed_unknown": "읽지 못했습니다. 원인은 서버 로그에 있습니다.",
        "upload_stopped": "중지했습니다. 그전에 읽은 이력서는 남아 있습니다.",
        "upload_busy": "다른 파일을 읽는 중입니다. 끝나면 이어서 읽습니다.",
        "removed": "{name}을(를) 제거했습니다.",
        "remove_failed": "이미 목록에 없는 이력서입니다.",
        "stop_upload": "읽기 중지",
        "models": "모델",
        "generator": "답변",
        "judge": "평가",
        "embedder": "검색",
        "index_size": "색인",
        "resumes": "이력서 {count}개",
        "resumes_one": "이력서 1개",
        "not_loaded": "불러오는 중…",
        "not_loaded_failed": "불러오지 못함",
        "change_models": "다른 모델 사용하기",
        "change_models_body": (
            "모델마다 환경 변수(또는 .env) 문자열 하나로 정하며, 시작할 때 읽습니다. 모델 ID, 로컬 경로, "
            "OpenAI 호환 서버 주소를 쓸 수 있습니다."
        ),
    },
}

for _part in (i18n_flags, i18n_regression, i18n_judge):  # the other pages' sentences
    for _language in LANGUAGES:
        TEXTS[_language] |= _part.TEXTS[_language]


def say(language: str, key: str, **values: object) -> str:
    """The sentence `key` in `language`, with `values` filled in as plain text (not yet HTML).

    Raises:
        KeyError: the sentence does not exist; a test holds both languages to the same keys.
    """
    return TEXTS[language][key].format(**values)


def counted(language: str, key: str, count: int) -> str:
    """`key` for a number of things; `key_one` where it is one."""
    return say(language, f"{key}_one" if count == 1 else key, count=f"{count:,}")


def choose_language(chosen: object, accept_language: str | None) -> str:
    """The person's own choice if it is one of ours, else the first of the browser's languages that is.

    Args:
        chosen: what the browser remembers of the toggle (untrusted), or None.
        accept_language: the request's header, e.g. "ko-KR,ko;q=0.9,en;q=0.8".
    """
    if chosen in LANGUAGES:
        return str(chosen)
    weighted = []
    for position, part in enumerate((accept_language or "").split(",")[:20]):
        match = re.fullmatch(r"\s*([a-zA-Z]{2,3})(?:-[\w-]+)?\s*(?:;\s*q\s*=\s*([\d.]{1,5}))?\s*", part)
        if match and match[1].lower() in LANGUAGES:
            try:
                quality = float(match[2] or 1)
            except ValueError:
                continue
            weighted.append((-quality, position, match[1].lower()))
    return min(weighted)[2] if weighted else "en"


def reason_in(language: str, reason: str) -> str:
    """A judge's reason in the visitor's language, as it stands where no translation is known.

    Reasons of scores are short English phrases; the ones that hold a name or number are matched by pattern. Reasons of verdicts are
    in their claim's language, whatever the visitor's is.
    """
    for pattern, order, sentence in VERDICT_REASONS[language]:
        if found := pattern.fullmatch(reason):
            return sentence.format(*(group for _, group in sorted(zip(order, found.groups(), strict=True))))
    if language != "ko":
        return reason
    if PERSONAL.fullmatch(reason):
        return re.sub(r"(\d+) ([^,]+)", lambda each: f"{PERSONAL_KO[each[2]]} {each[1]}개", reason)
    for pattern, korean in REASONS_KO:
        found = pattern.fullmatch(reason)
        if found:
            return korean.format(*(group.strip() for group in found.groups()))
    return reason


# What judge/encoder.py and judge/guard.py say of a claim, in its language; the longer ones first.
_PHRASES = (
    ("{0} stands nowhere in the sources; they say {1}", "{0}: 자료 어디에도 없습니다 (자료에는 {1})"),
    ("{0} stands nowhere in the sources", "{0}: 자료 어디에도 없습니다"),
    ("the sources say '{1}', not '{0}'", "자료에는 '{0}' 대신 '{1}'"),
    ("the sources have it the other way round", "자료에는 앞뒤가 바뀌어 있습니다"),
    ("the sources have the roles the other way round", "누가 누구에게 했는지가 자료와 다릅니다"),
    ("it does not fit the period in the sources", "자료의 기간과 맞지 않습니다"),
    ("the sources do not say that it came to that", "자료에서는 끝난 일이 아닙니다"),
    ("the sources say it with the opposite polarity", "긍정과 부정이 자료와 다릅니다"),
    ("the sources do not say 'only' or 'all'", "자료에는 '만', '유일' 같은 한정이 없습니다"),
    ("its parts stand in different entries", "서로 다른 항목의 사실이 섞여 있습니다"),
    ("'{0}' does not agree with the sources", "'{0}' 부분이 자료와 맞지 않습니다"),
    ("most of its words are not in the sources", "자료에서 찾을 수 없는 말이 많습니다"),
)


def _translations(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], list[str], str], ...]:
    """For every (known, wanted) sentence: a pattern of the known one, which value each of its groups is, and the wanted one."""
    made = []
    for known, wanted in pairs:
        parts = re.split(r"\{(\d)\}", known)
        pattern = "".join("(.+)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
        made.append((re.compile(pattern, re.DOTALL), parts[1::2], wanted))
    return tuple(made)


VERDICT_REASONS = {"ko": _translations(_PHRASES), "en": _translations([(ko, en) for en, ko in _PHRASES])}

# The kinds of judge/metrics/personal_data.py, with how many of each.
PERSONAL_KO = {
    "e-mail address": "이메일 주소", "telephone number": "전화번호", "address": "주소", "birth date": "생년월일",
    "identity number": "신분 번호", "passport number": "여권 번호", "payment card": "결제 카드", "IBAN": "IBAN",
}  # fmt: skip
_KIND = "|".join(PERSONAL_KO)
PERSONAL = re.compile(rf"\d+ (?:{_KIND})(?:, \d+ (?:{_KIND}))*")

REASONS_KO: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), korean)
    for pattern, korean in (
        (r"no passages", "검색된 구절이 없음"),
        (r"small talk", "인사말"),
        (r"nothing was claimed", "확인할 주장이 없음"),
        (r"(\d+) of (\d+) claims? supported", "주장 {1}개 중 {0}개가 뒷받침됨"),
        (r"(\d+) of (\d+) claims? supported, (\d+) contradicted", "주장 {1}개 중 {0}개가 뒷받침됨, {2}개는 모순됨"),
        (r"(\d+) of (\d+) claims? supported; (\d+) not sure", "주장 {1}개 중 {0}개가 뒷받침됨. {2}개는 불확실"),
        (
            r"(\d+) of (\d+) claims? supported, (\d+) contradicted; (\d+) not sure",
            "주장 {1}개 중 {0}개가 뒷받침됨, {2}개는 모순됨. {3}개는 불확실",
        ),
        (r"(\d+) of (\d+) reference claims? in the passages", "기대 답변의 주장 {1}개 중 {0}개가 구절에 있음"),
        (
            r"(\d+) of (\d+) reference claims? in the passages; (\d+) not sure",
            "기대 답변의 주장 {1}개 중 {0}개가 구절에 있음. {2}개는 불확실",
        ),
        (r"the judge is not sure about the claim", "평가 모델이 이 주장을 확신하지 못함"),
        (r"the judge is not sure about all (\d+) claims", "평가 모델이 주장 {0}개를 모두 확신하지 못함"),
        (r"no passage is relevant", "관련 있는 구절이 없음"),
        (r"(\d+) of (\d+) passages? relevant", "구절 {1}개 중 {0}개가 관련 있음"),
        (r"nothing in the passages answers it", "검색된 구절에 답이 없음"),
        (r"missed: ((?:\[\d+\] ?)+)ha(?:s|ve) it", "놓침: {0}에 답이 있음"),
        (r"the reply is empty", "답변이 비어 있음"),
        (r"there is no question", "질문이 없음"),
        (r"the reply has ([\d,]+) characters, more than ([\d,]+)", "답변이 {0}자로 한도({1}자)를 넘음"),
        (r"the reply makes ([\d,]+) claims, more than ([\d,]+)", "주장이 {0}개로 한도({1}개)를 넘음"),
        (r"the judge took longer than ([\d.]+) s", "평가가 {0}초를 넘음"),
        (r"the judge is behind", "평가가 밀려 있음"),
        (r"the judgement could not be recorded", "평가를 기록하지 못함"),
        (r"the judge is still at work on an earlier reply", "평가 모델이 이전 답변을 아직 확인하고 있음"),
        (r"the reply was not finished", "답변이 끝나지 않음"),
        (r"no reply has both a thumb and a score", "사람의 평가와 점수가 모두 있는 답변이 없음"),
        (r"(\d+) replies are too few for an interval", "답변 {0}개로는 구간을 구하기에 적음"),
        (r"too few replies of one kind for an interval", "한쪽 답변이 적어 구간을 구할 수 없음"),
        (
            r"people and the judge called every reply (?:good|bad); kappa needs both kinds",
            "모든 답변의 판단이 같음. 카파를 구하려면 좋은 답변과 나쁜 답변이 모두 있어야 함",
        ),
        (r"people said the same of every reply, so .*", "사람의 판단이 모두 같아 카파가 0임"),
        (r"the judge said the same of every reply, so .*", "평가 모델의 판단이 모두 같아 카파가 0임"),
        (r"there is no reply", "답변이 없음"),
        (r"the reply was not judged", "평가되지 않은 답변"),
        (r"this generator gives no token probabilities", "생성 모델이 토큰 확률을 주지 않음"),
        (r"the expected answer is a refusal; its wording does not matter", "기대 답변이 보류라서 표현을 비교하지 않음"),
        (r"the reply was judged without the expected answer", "기대 답변 없이 평가된 답변"),
        (r"ModelError: The generator does not write this language.*", "생성 모델이 이 언어를 쓰지 못함"),
        (r"the reference claims nothing", "기대 답변에 확인할 주장이 없음"),
        (r"the reference makes ([\d,]+) claims, more than ([\d,]+)", "기대 답변의 주장이 {0}개로 한도({1}개)를 넘음"),
        (r"nothing but punctuation is expected", "기대 답변에 문장 부호만 있음"),
        (r"a text of ([\d,]+) characters is too long to compare; at most ([\d,]+)", "{0}자는 비교하기에 너무 긺. 최대 {1}자"),
        (r"BERTScore gave no number", "BERTScore가 값을 주지 않음"),
        (r"the expected answer is beyond what the model can count as likely", "모델이 기대 답변의 확률을 셀 수 없음"),
        (r"this configuration cannot answer from given passages", "이 구성은 주어진 구절로 답할 수 없음"),
        (r"it was stopped", "중지됨"),
        (r"none of its cases exists any more", "사례가 더 이상 하나도 없음"),
        (r"the earlier generator cannot be set up any more", "이전 생성 모델을 더 이상 불러올 수 없음"),
        (r"the judge failed \((.*)\)", "평가 모델 오류 ({0})"),
    )
)
