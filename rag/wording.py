"""A question as the rules know it, however it is put: "So, can you tell me how long she worked at Acme, please?" is "how long did she work at Acme"."""

from __future__ import annotations

import re

from rag.language import as_asked

_S = r"(?:he|she|they|the candidate|the applicant|this (?:person|candidate|applicant))"
_CAREER = r"(?:career|work(?:ing)? (?:life|history|experience)|professional (?:life|career|history)|(?:employment|job) history)"
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|thanks|thank you|great|perfect|nice|good|sure|well|alright|all right|ok|okay|so|and|also|now|just|please|one more(?: thing| question)?|quick question|another question)\b(?: there)?[,.:!]* )+",
    re.IGNORECASE,
)
_EMBEDS = re.compile(
    r"(?:(?:can|could|would|will) you (?:please |kindly |maybe )?(?:tell me|let me know|say)|(?:please |just )*tell (?:me|us)|(?:do|would) you (?:happen to )?know"
    r"|i(?:['’]d| would|['’]ll)? (?:really )?(?:like|love|want|need) to know|i (?:just )?(?:want|need)ed to know|i wonder|i(?:['’]m| am| was) (?:wondering|curious)|let me know)(?: about)?[:,]? (?=(?:if|whether|where|when|why|who|whom|what|which|how|in which|at which|for whom)\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(rf"(?P<ask>if|whether|(?:(?:in|at|for|since|until) )?(?:where|when|why|whom?|what|which|how)\b(?: (?!{_S}\b)[\w'’-]+){{0,4}}) (?P<who>{_S}) (?P<verb>[a-z]+)\b(?P<rest>.*)", re.IGNORECASE)
_NOUN_CLAUSE = re.compile(r"(?P<ask>what|who|where|when|how (?:long|many|much|big|old)) (?P<noun>(?:his|her|their|the) .+) (?P<verb>is|was|are|were)", re.IGNORECASE)
_THERE_CLAUSE = re.compile(r"(?:if|whether) (?:there (?P<verb>is|are|was|were) )?(?P<rest>(?:any|a|an|some)\b.+)", re.IGNORECASE)
_DONE = "been|held|had|led|got|done|won|taught|built"
_SHORT = re.compile(rf"\b(?P<who>he|she|they)['’](?:s|re|ve)\b(?=(?P<has> (?:ever |already |also )?(?:{_DONE}|worked|managed|studied|lived|used|written)\b)?)", re.IGNORECASE)  # "which tools she's good with"
_LONG = {(False, False): "is", (False, True): "has", (True, False): "are", (True, True): "have"}  # by whether it is "they", and whether something was done
_AUXILIARY = frozenset("is was are were has have had can could will would should does do did".split())
_PARTICIPLE = re.compile(rf" (?:not |ever |already )?(?:{_DONE}|\w+ed|\w+en)\b")  # "has she led", but "does she have"
# Verbs that are asked with "do", by their past and present forms.
_BASE = {
    form: base
    for base, forms in {
        "work": "worked works", "stay": "stayed stays", "study": "studied studies", "live": "lived lives", "leave": "left leaves", "join": "joined joins",
        "lead": "led leads", "manage": "managed manages", "do": "did does", "have": "had has", "speak": "spoke speaks", "know": "knew knows",
        "use": "used uses", "start": "started starts", "begin": "began begins", "finish": "finished finishes", "graduate": "graduated graduates", "hold": "held holds",
        "spend": "spent spends", "quit": "quits", "get": "got gets", "earn": "earned earns", "move": "moved moves", "win": "won wins", "achieve": "achieved achieves",
        "go": "went goes", "teach": "taught teaches", "write": "wrote writes", "build": "built builds", "play": "played plays", "learn": "learned learnt learns",
    }.items()
    for form in forms.split()
}  # fmt: skip
_AROUND = re.compile(
    rf",? (?:(?:(?:in|over|during|throughout|across|from|of) (?:all (?:of )?)?(?:(?:his|her|their|the|this|the candidate['’]s) )?(?:(?:whole|entire|full|professional) )*{_CAREER}(?: so far)?)"
    r"|(?:in|on|from|according to|based on|as per|per) (?:(?:his|her|their|the|this|the candidate['’]s) )?(?:resume|résumé|cv|profile)|so far|please|thanks|thank you|for me|then|though|exactly|in general)$",
    re.IGNORECASE,
)
_WHOSE = re.compile(rf"(?:and )?{_S}(?:[,:] | ?[-–—] )(?=\S)", re.IGNORECASE)

_GREETING_KO = re.compile(r"(?:(?:안녕하세요|안녕|혹시|저기|네|아|음|좋아요?|감사합니다|고마워요?|그럼|그러면|그리고|그런데|근데)[,.!]* |(?:추가로|마지막으로|일단|우선|참고로), ?)+")
_WHOM_KO = r"(?:지원자|후보자|(?:이|그|해당) ?(?:사람|분|지원자|후보자)|본인)(?:님|씨|분)?"
_WHOSE_KO = re.compile(rf"{_WHOM_KO}(?:께서는|께서|은|는|이|가|의|도|에 ?대해(?:서)?)?(?:,| ) ?(?=\S)")
_CAREER_KO = re.compile(r"(?:(?:전체|지금까지(?:의)?|그동안(?:의)?|이때까지) ?)?(?:이력서|커리어|경력(?: ?사항)?|이력|직장 ?생활|회사 ?생활)(?: ?(?:중에서는|중에서|중에는|중에|중|에서는|에서|에는|에|상으로는|상으로|상|보면|기준으로)) (?=\S)")
_EMBEDS_KO = re.compile(
    r"(?:는지|신지|은지|인지|을지|던지|었지|한지)(?:를|도|만|가)? ?(?:(?:좀|다|혹시|간단히|자세히) ?)*(?:(?:이력서에 ?)?(?:적혀|나와|쓰여|기재(?:되어|돼)|언급(?:되어|돼)|나타나) ?있\S{0,7}|(?:알려|말해|말씀해|가르쳐|설명해|확인해)(?:[가-힣]{0,6})(?: ?(?:줘|주세요|주시|주실|줄)\S{0,5})?(?: ?수 ?있\S{0,6})?|궁금\S{0,8}|알고 ?싶\S{0,6}|알 ?수 ?있\S{0,6}|알아(?:요|봐 ?줘)?|아(?:세요|나요|시나요))$"
)


def wordings(question: str) -> tuple[str, ...]:
    """The question on one line, and where it differs without what is said around it; candidates' names replaced as in retrieval (`without_names`).

    What is around: a greeting, "can you tell me", "please", whose career or resume it is about, the candidate as a form of address.
    """
    asked = as_asked(question)
    bare = asked
    for _ in range(3):  # "So, Isaura, in her career, ...": one stands around the other
        before = bare
        for around in (_GREETING, _WHOSE, _GREETING_KO, _WHOSE_KO, _CAREER_KO):
            found = around.match(bare)
            bare = bare[found.end() :] if found else bare
        if found := _EMBEDS.match(bare):
            bare = _direct(bare[found.end() :])
        bare = as_asked(_EMBEDS_KO.sub("", _AROUND.sub("", bare)))
        if bare == before:
            break
    return (question,) if bare in (asked, "") else (question, bare)


def _direct(clause: str) -> str:
    """ "how long she worked there" as a question of its own, "how long did she work there"; other clauses as they are."""
    clause = _SHORT.sub(lambda short: f"{short['who']} {_LONG[short['who'].casefold() == 'they', short['has'] is not None]}", clause, count=1)
    if there := _THERE_CLAUSE.fullmatch(clause):
        return f"{there['verb']} there {there['rest']}" if there["verb"] else there["rest"]
    if noun := _NOUN_CLAUSE.fullmatch(clause):
        return f"{noun['ask']} {noun['verb']} {noun['noun']}"
    found = _CLAUSE.fullmatch(clause)
    if found is None:
        return clause
    ask, who, verb, rest = (found[each] for each in ("ask", "who", "verb", "rest"))
    begin = "" if ask.casefold() in ("if", "whether") else f"{ask} "
    plural = who.casefold() == "they"
    if verb in _AUXILIARY and (verb not in ("has", "have", "had", "does", "do", "did") or _PARTICIPLE.match(rest)):
        return f"{begin}{verb} {who}{rest}"
    if verb in _BASE.values():
        return f"{begin}do {who} {verb}{rest}"
    if verb in _BASE:
        past = not verb.endswith("s")
        return f"{begin}{'did' if past else 'do' if plural else 'does'} {who} {_BASE[verb]}{rest}"
    return clause
