"""What speaks for the candidate: strengths the resume names, results with figures, awards; each as it stands there.

"Why should we hire her?", "What is his biggest achievement?" are asked in every interview, and no single line answers them. Whether that is
enough is for the reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.entries import BULLET, DETAILS, WORK, is_entry, parts, periods
from rag.language import as_asked
from rag.listings import AWARD_TITLES, is_course, is_of_kind
from rag.overview import ESSAY, SUMMARY
from rag.reranking import sentences
from rag.sections import bare_title, is_dated, is_known_title
from rag.types import Chunk

MOST = 6  # lines in all
OF_ONE_JOB, AWARDS = 2, 2  # of each job at most, and of the awards
SAID = 3  # sentences of a summary
FEWEST = 2  # with fewer the question is answered as any other
SHORTEST, LONGEST = 24, 320  # characters of a line that says what was achieved

_S = r"(?:he|she|they|you|him|her|them|the candidate|the applicant|this (?:person|candidate|applicant))"
_HIS = r"(?:(?:his|her|their|your|the|the candidate['’]s|this (?:candidate|person)['’]s) )?"
_LEAD = r"(?:(?:so|and|ok|okay|also|please|then|well),? )*(?:(?:can|could|would) you (?:please )?)?(?:(?:tell|show|give|list)(?: me| us)?(?: about)? )?"
_GREAT = r"(?:key |main |major |biggest |greatest |top |best |strongest |most (?:important|impressive|notable|significant) |proudest |core |notable |important |professional |career |\d |two |three |five )*"
_DEEDS = r"(?:strengths?|strong (?:points?|suits?|sides?)|achievements?|accomplishments?|highlights?|selling points?|successes)"
_ASKS = re.compile(
    rf"{_LEAD}(?:(?:what|which)(?:['’]s| is| are| were| was)? )?{_HIS}{_GREAT}{_DEEDS}(?: (?:does|do|did|has|have) {_S}(?: have| got| bring| show)?)?(?: (?:so far|at work|in (?:his|her|their) career|of (?:his|her|their) career|professionally))?"
    rf"|{_LEAD}(?:(?:give me )?(?:(?:a|one|some|\w+) )?(?:good )?reasons? (?:why |to |for )|why )(?:should |would |do )?(?:we|i|one|someone|anyone)? ?(?:should |would |want to )?(?:hire|interview|choose|pick|consider|employ|take|recruit|invite)(?: on)? {_S}(?: (?:for|as) (?:an? |the |this |our )?[a-z][a-z -]{{1,30}})?"
    rf"|{_LEAD}what (?:makes|sets) {_S} (?:apart|stand out|special|unique|different|an? (?:good|strong|great) candidate)(?: from (?:others|other candidates|the rest))?"
    rf"|{_LEAD}what (?:is|are) {_S} (?:best at|good at|proud of|proudest of|most proud of|known for|strong (?:at|in))"
    rf"|{_LEAD}what (?:has|have|did) {_S} (?:achieved?|accomplish(?:ed)?)(?: so far| professionally| in (?:his|her|their) career)?"
    rf"|{_LEAD}what (?:can|does|would) {_S} bring(?: to (?:the|our|a) (?:table|team|company))?",
    re.IGNORECASE,
)
_WHOM_KO = r"(?:(?:(?:이|그) ?(?:사람|분)|지원자|후보자|본인|the candidate)(?:님|씨)?(?:을|를|이|가|은|는|의|만의)? ?)?"
_TELL_KO = r"(?: ?(?:좀|다|모두|전부|간단히|하나만|몇 ?개만|\d개만|세 ?가지만?|\d가지만?))*(?: ?(?:알려|말해|나열|정리|보여|소개|적어|꼽아|얘기해|설명해)(?:해)?(?: ?(?:줘|주세요|줄래|주실래요|봐))?(?:요)?)?"
_ASKS_KO = re.compile(
    rf"{_WHOM_KO}(?:가장 ?|제일 ?|대표 ?|주요 ?|핵심 ?|업무 ?)*(?:큰 ?|대표적인 ?|뛰어난 ?|인상적인 ?|중요한 ?|눈에 ?띄는 ?|자랑할 ?만한 ?|내세울 ?만한 ?)*(?:강점|장점|성과|업적|성취|핵심 ?역량|경쟁력|어필 ?포인트|내세울 ?(?:점|거|것)|(?<=만한 )점|잘하는 ?(?:거|것|게|점)|특장점|차별점)"
    rf"(?:들)?(?:은요|는요|은|는|이|가|을|를|도)?(?: ?(?:뭐|뭘|무엇|뭔|어떤 ?(?:거|것|게)|무슨|어떻게)(?:가|이|를|을)?)?(?: ?(?:있|돼|되|인|이|예|야|에|가요|가|지|라고|냈|거뒀)\S{{0,6}})?{_TELL_KO}"
    rf"|{_WHOM_KO}왜 ?(?:(?:이|그) ?(?:사람|분)(?:을|를)? ?)?(?:우리가 ?)?(?:뽑아야|채용해야|고용해야|면접 ?봐야|뽑으면 ?좋)\S{{0,3}} ?(?:하|해|할|돼|되|될)?\S{{0,4}}"
    rf"|{_WHOM_KO}(?:뽑아야|채용해야|고용해야) ?(?:하는|할|되는) ?이유(?:가|는|은|를)?(?: ?(?:뭐|무엇|있|하나|말)\S{{0,4}})?{_TELL_KO}"
    rf"|{_WHOM_KO}(?:뭐|뭘|무엇)(?:를|을)? ?(?:제일 ?|가장 ?)?잘 ?(?:하|해)\S{{0,6}}"
)

_STRENGTHS = re.compile(r"strength|achievement|accomplishment|highlight|selling point|강점|장점|핵심 ?역량|핵심 ?성과|주요 ?성과|대표 ?성과|업적", re.IGNORECASE)
_CALLED = re.compile(r"\W*(?:(?:저의|제|나의|본인의) ?)?(?:가장 ?큰 ?)?(?:강점|장점)(?:은|으로는) |\W*(?:강점|장점)\s?[:：]")  # "장점은 꼼꼼함입니다."
_DONE = re.compile(
    r"\b(?:increas|reduc|cut\b|cutting|sav(?:ed|ing)|improv|grew|grow(?:n|ing)|boost|doubl|tripl|halv|decreas|lower|rais(?:ed|ing)|generat|exceed|surpass|accelerat|shorten|won\b|award|achiev|deliver|launch|brought|lift|slash|from\b.{1,40}\bto\b|over target|above target|record|\bup (?:by )?\d|\bdown (?:by )?\d|\b(?:rose|risen|fell|dropped|climbed)\b)"
    r"|증가|감소|절감|단축|향상|개선|달성|성장|상승|회수|늘[리렸려림]|줄[이였여임]|높[이였여임]|낮[추췄춰춤]|확대|유치|수상|선정|1위|최초|올[리렸려림]|끌어올|초과|수주|판매|확보|런칭|출시|\d\S{0,8} ?(?:→|->) ?\d",
    re.IGNORECASE,
)
# A figure that measures: no year, no number of a version or of an item alone.
_FIGURE = re.compile(
    r"(?<![\d.,])\d[\d.,]{0,14}\s?(?:%|percent|per ?cent|퍼센트|프로\b|배\b|배로|만|억|천|원|달러|명|건|개|점|위|대(?![가-힣])|시간|분|초|일|주|개월|ms(?![a-z])|밀리초|톤|회(?!사)|종|곳|x\b|k\b|m\b|bn\b|million|thousand|billion|hours?|minutes?|seconds?|days?|weeks?|months?|times|people|users|customers|clients|students|patients|tickets|orders|points?)"
    r"|[$€£₩¥]\s?\d|\b\d{1,3}(?:,\d{3})+\b|\bby (?:half|a (?:third|quarter|fifth))\b|\bin half\b|절반",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_STRONG = re.compile(r"\d\s?(?:%|퍼센트|배)|[$€£₩¥]|percent|per ?cent|million|억|\bfrom\b.{1,40}\bto\b|→|에서 .{1,30}(?:으로|로)\b", re.IGNORECASE)


def asks_highlights(question: str) -> bool:
    """Whether it is asked what speaks for the candidate, and nothing besides; candidates' names replaced as in retrieval (`without_names`)."""
    asked = as_asked(question)
    return bool(_ASKS.fullmatch(asked) or _ASKS_KO.fullmatch(asked))


def highlights(chunks: Sequence[Chunk]) -> list[tuple[int, int, int]]:
    """(position, start, end) in `chunk.text` of the lines that speak for the candidate: a section of strengths or achievements, the results with
    figures of each job, the latest job first, and the awards; the summary where there is next to none of that. Nothing where there are fewer than `FEWEST`, or the passages are of several people.

    Args:
        chunks: all passages of one person, or those that have such lines.
    """
    if len({chunk.subject for chunk in chunks}) != 1:
        return []
    order = sorted(range(len(chunks)), key=lambda i: (chunks[i].document_id, chunks[i].start))
    if called := [(i, a, b) for i in order for a, b in sentences(chunks[i].text) if _CALLED.match(chunks[i].text[a:b])]:
        return called[:AWARDS]
    found: list[tuple[int, int, int]] = []
    seen: set[str] = set()

    def take(i: int, spans: Sequence[tuple[int, int]], most: int) -> None:
        for a, b in spans:
            key = re.sub(r"[\W_]+", "", chunks[i].text[a:b]).casefold()  # the resume may be there as PDF and as Word file
            if most and len(found) < MOST and key not in seen:
                seen.add(key)
                found.append((i, a, b))
                most -= 1

    for i in order:
        if _STRENGTHS.search(chunks[i].section) and not is_entry(chunks[i]):
            take(i, _told(chunks[i].text), MOST - AWARDS)
    awards = [i for i in order if AWARD_TITLES.search(chunks[i].section)]
    of_it = lambda i, line: is_of_kind(AWARD_TITLES, chunks[i].section, line) and not is_course(line)
    won = [(i, span) for i in awards for span in _told(chunks[i].text, shortest=8) if of_it(i, chunks[i].text[slice(*span)])]
    won = ([(i, span) for i, span in won if _YEAR.search(chunks[i].text, *span)] or won)[:AWARDS]  # without what explains them
    room = MOST - len(won)
    jobs = [(i, a, a + len(part.text)) for i in order if i not in awards for a, part in parts(chunks[i])]
    dated = periods(chunks, every=True)
    ends = {(i, a): max((job.end for job in dated if job.position == i and a <= job.line[0] < b), default=None) for i, a, b in jobs}
    told = [job for job in jobs if ends[job[:2]] or is_entry(chunks[job[0]]) or DETAILS.search(chunks[job[0]].section)]
    for i, a, b in sorted(told, key=lambda job: ends[job[:2]] or (0, 0), reverse=True):
        if len(found) < room:
            take(i, _results(chunks[i].text, a, b), min(OF_ONE_JOB, room - len(found)))
    for i, span in won:
        take(i, [span], 1)
    enough = FEWEST
    if len(found) < FEWEST:  # no figures: what the person says in short, or did
        said = [i for i in order if SUMMARY.search(chunks[i].section) and not ESSAY.search(chunks[i].section)]
        enough = 1 if said else FEWEST
        for i in said or [i for i in order if WORK.search(chunks[i].section)]:
            take(i, [span for span in _told(chunks[i].text) if not is_dated(chunks[i].text[slice(*span)])], SAID)
    return found if len(found) >= enough else []


def _told(text: str, shortest: int = SHORTEST) -> list[tuple[int, int]]:
    """The sentences or lines that say something."""
    least = lambda line: shortest // 2 if re.search("[가-힣]", line) else shortest  # a syllable is as good as two letters
    said = [(a, b) for a, b in sentences(text) if least(text[a:b]) <= b - a <= LONGEST and not is_known_title(bare_title(text[a:b]))]
    return [(a, b) for a, b in said if re.search(r"[^\W\d_]{2}", text[a:b])]


def is_result(line: str) -> bool:
    """Whether a line says what was achieved, with a figure that measures it."""
    return _DONE.search(line) is not None and _FIGURE.search(line) is not None


def _results(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The lines of an entry with a result that has a figure, those with the plainest figures first."""
    told = [(a, b) for a, b in _told(text) if start <= a < end and is_result(text[a:b]) and (BULLET.match(text, a) or not is_dated(text[a:b]))]
    return sorted(told, key=lambda span: not _STRONG.search(text, *span))
