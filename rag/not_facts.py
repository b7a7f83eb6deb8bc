"""Lines that tell nothing of what somebody is or did, however much they look like an answer: what they want to become, what they promise, who
vouches for them, the signature below a form.

Asked "Has he been a district manager?", a reranker takes "Objective: district manager position" for the answer.
"""

from __future__ import annotations

import re

from rag import contacts

_GOALS = re.compile(r"^(?:career |professional |job )?(?:objectives?|goals?|aims?)$|지원 ?동기|입사 ?후 ?(?:포부|계획)|^(?:장래 ?|향후 ?)?(?:포부|계획|비전|목표)$|지원 ?부문", re.IGNORECASE)
_ASKS_GOAL = re.compile(
    r"\b(?:want\w*|look\w* for|seek\w*|goals?|objectives?|aim\w*|plan\w*|aspir\w*|ambitio\w*|future|next|interested|apply\w*|applied|applying|position|target|motivat\w*|why|hop(?:e|es|ing)|would|willing|prefer\w*|desired?|expect\w*|five years|in \w+ years)\b"
    r"|희망|목표|포부|계획|비전|지원|원하|원해|하고 ?싶|되고 ?싶|앞으로|장래|향후|입사 ?(?:후|하면)|동기|왜|각오|바라|이유",
    re.IGNORECASE,
)
# Beside a wish: what somebody is, has or did.
_FACT = re.compile(
    r"\b(?:years?|experienced?|certif\w*|background|skilled|bilingual|licen[cs]ed|registered|graduate|degree|fluent|with (?:\d|strong|proven|over|more|extensive))\b|경험|자격|경력|[했였었]|취득|수료|담당|운영한|구축|전공",
    re.IGNORECASE,
)
_PROMISE = re.compile(r"(?:겠습니다|싶습니다|고자 ?합니다|될 ?것입니다|하겠음)[.!]?\W*$")
_ASKS_OTHER = re.compile(
    r"\b(?:refer\w*|recommend\w*|vouch\w*|who\w*|boss\w*|managers?|supervisors?|report\w*|head ?(?:teacher|master|mistress)|colleagues?|contact\w*|names?|mentors?|professors?|advis[eo]rs?|(?:Mr|Mrs|Ms|Dr|Prof))\b|추천|상사|누구|누가|보증|평판|레퍼런스|동료|교수|지도|연락|성함|이름",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:i|my|me)\b|제가|저의|저를", re.IGNORECASE)
_SIGNED = re.compile(r"\(인\)|\(서명\)|사실과 ?(?:다름|틀림|상이)|^\W*(?:19|20)\d\d ?[년.] ?\d{1,2} ?[월.] ?\d{1,2} ?일?\W{0,3}(?:지원자|작성자|성명|위 ?본인|신청인)|\bi (?:hereby )?(?:certify|declare|confirm) that (?:all |the |this )*(?:above|information|statements?|particulars|details|facts)\b", re.IGNORECASE)


def is_goal(section: str) -> bool:
    """Whether a section of this title says what somebody wants to become."""
    return _GOALS.search(section.strip()) is not None


def tells_no_fact(question: str, section: str, line: str) -> bool:
    """Whether a line of a section with this title cannot answer a question, since it is no fact about the candidate, and the question asks for no goal and
    for nobody else."""
    if _SIGNED.search(line):
        return True
    if (is_goal(section) or _PROMISE.search(line)) and not _ASKS_GOAL.search(question):
        return _FACT.search(line) is None
    return contacts.REFEREES.search(section) is not None and _ASKS_OTHER.search(question) is None and _OWN.search(line) is None
