"""Lines as resumes have them, with statements people make of them: true in other words, false, or not told.

Written by hand because rules cannot paraphrase: "from 6 hours to 45 minutes" is "under an hour".
"""

from __future__ import annotations

# line of a resume -> (true, contradicted, not told)
Line = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
EN: tuple[Line, ...] = (
    (
        "Cut the nightly batch from 6 hours to 45 minutes by rewriting it in Spark",
        ("She made the nightly job finish in less than an hour.", "The batch became roughly eight times faster after a Spark rewrite."),
        ("The nightly batch slowed down after the rewrite.", "The batch went from 45 minutes to 6 hours.", "She rewrote the batch in Hadoop."),
        ("The rewrite saved the company two million dollars.",),
    ),
    (
        "Owned the on-call rotation for 14 services; pages per week fell from 30 to 4",
        ("He was responsible for on-call duty.", "Weekly alerts dropped to four.", "Fourteen services were covered by the rotation he ran."),
        ("He was never on call.", "Pages per week rose to 30.", "The rotation covered four services."),
        ("He enjoys being on call.",),
    ),
    (
        "Hired and trained 6 baristas; store ranked 2nd of 41 in regional sales",
        ("She recruited six baristas.", "Her store came second in the region.", "She has experience with hiring."),
        ("Her store had the highest sales in the region.", "She hired 41 baristas.", "The store ranked last."),
        ("She also managed the store's social media.",),
    ),
    (
        "Night-shift charge nurse, 28-bed cardiac unit",
        ("She was in charge of a cardiac ward at night.", "The unit she led had 28 beds."),
        ("She worked day shifts.", "She was a nurse in a paediatric unit.", "The ward had 82 beds."),
        ("She holds a licence for intensive care.",),
    ),
    (
        "Wrote the company's first style guide (60 pages), now used by 4 teams",
        ("He authored a style guide.", "Four teams follow the guide he wrote.", "Before him the company had no style guide."),
        ("He edited an existing style guide.", "The guide is 16 pages long.", "Nobody uses the guide any more."),
        ("The guide won a design prize.",),
    ),
    (
        "Sold €1.8M of industrial pumps in 2022, 120% of quota",
        ("She beat her sales target in 2022.", "In 2022 she sold pumps worth 1.8 million euros."),
        ("She missed her quota in 2022.", "She sold pumps worth 1.2 million euros.", "She beat her target in 2021."),
        ("She sold most of them in Spain.",),
    ),
    (
        "Ph.D. candidate in marine biology (expected 2026), thesis on kelp forests",
        ("He has not finished his doctorate yet.", "His research is about kelp.", "He expects to graduate in 2026."),
        ("He completed his Ph.D. in 2020.", "His thesis is about coral reefs."),
        ("He published three papers on kelp.",),
    ),
    (
        "Part-time bookkeeper for two family restaurants while studying",
        ("She kept the books of two restaurants during her studies.", "It was not a full-time job."),
        ("She worked full time as a bookkeeper.", "She kept the books of one restaurant.", "She owned two restaurants."),
        ("She earned 15 dollars an hour.",),
    ),
    (
        "Languages: Portuguese (native), English (C1), a little Dutch",
        ("Portuguese is her mother tongue.", "Her English is at C1.", "She speaks three languages to some degree.", "Her Dutch is limited."),
        ("She is a native speaker of English.", "She speaks fluent Dutch.", "She speaks no Dutch."),
        ("She speaks Spanish.", "She learnt English in London."),
    ),
    (
        "Reduced paper use in the clinic to zero by moving consent forms to tablets",
        ("The clinic no longer uses paper for consent.", "He digitised the consent forms."),
        ("The clinic still uses paper for consent.", "He moved the forms from tablets back to paper."),
        ("Patients liked the tablets.",),
    ),
    (
        "Co-founded a tutoring startup with two classmates; 300 paying pupils in the first year",
        ("She started a company together with others.", "The startup had 300 customers within a year.", "There were three founders."),
        ("She founded the startup alone.", "The startup had 30 pupils in its first year.", "The first year brought no paying pupils."),
        ("The startup was sold in 2021.",),
    ),
    (
        "Freelance illustrator since 2017. Clients: Penguin, The Guardian, IKEA",
        ("He works for himself.", "IKEA is one of his clients.", "He has drawn for a newspaper.", "He has freelanced since 2017."),
        ("He is employed by Penguin.", "He worked only for IKEA.", "He stopped freelancing in 2017."),
        ("He drew for Nike.",),
    ),
    (
        "Mentor at Code Club (volunteer), Saturdays, 2018 – today",
        ("She still mentors children at Code Club.", "The mentoring is unpaid.", "She volunteers at weekends."),
        ("She is paid by Code Club.", "She stopped mentoring in 2018.", "She mentors on weekdays."),
        ("Her pupils won a contest.",),
    ),
    (
        "Moved 220 TB of imaging data to the cloud with no downtime",
        ("He migrated hundreds of terabytes without an interruption.", "The data he moved were images."),
        ("The migration caused two days of downtime.", "He moved 22 TB of data.", "The data went from the cloud to local servers."),
        ("He moved the data to Azure.",),
    ),
    (
        "Employee of the Month, three times in 2019",
        ("She was honoured several times in 2019.", "She was Employee of the Month more than once."),
        ("She was Employee of the Month once in 2019.", "She never received an award.", "She was Employee of the Year."),
        ("She got a bonus for it.",),
    ),
    (
        "Site manager, 64-flat housing block, delivered 5 weeks early and 3% under budget",
        ("The building was finished ahead of schedule.", "The project cost less than planned.", "He managed a housing project."),
        ("The building was five weeks late.", "The project went over budget.", "He was the architect of the block."),
        ("The block is in Leeds.",),
    ),
    (
        "Teaching assistant, Algorithms (autumn 2020, 140 students)",
        ("She helped teach a course on algorithms.", "The course had 140 students.", "In autumn 2020 she assisted in teaching."),
        ("She was the professor of the course.", "She taught databases.", "The course took place in spring."),
        ("Students rated her 4.8 out of 5.",),
    ),
    (
        "No management experience yet; led the intern onboarding in summer 2023",
        ("He has not been a manager.", "He was in charge of onboarding interns."),
        ("He has years of management experience.", "He was an intern in 2023."),
        ("He wants to become a manager.",),
    ),
    (
        "Kestrel Air, cabin crew → purser (2014–2019), long-haul",
        ("She was promoted to purser.", "She flew long-haul routes.", "She began as cabin crew."),
        ("She was a pilot at Kestrel Air.", "She only flew domestic routes.", "She was demoted from purser to cabin crew."),
        ("She flew to Tokyo every week.",),
    ),
    (
        "Raised unit-test coverage from 35 to 81 percent without slowing the build",
        ("Test coverage more than doubled.", "The build did not get slower.", "Coverage ended up above 80 percent."),
        ("Coverage reached 91 percent.", "The build became slower.", "Test coverage fell to 35 percent."),
        ("He wrote 900 new tests.",),
    ),
    (
        "Left Orrin & Sons in 2021 when the firm closed its Cardiff office",
        ("She left because the office was shut.", "The Cardiff office closed in 2021."),
        ("She was fired for poor performance.", "She still works at Orrin & Sons.", "The Cardiff office opened in 2021."),
        ("She received a severance payment.",),
    ),
    (
        "Patent US 10,998,112 (second of three inventors): folding bicycle hinge",
        ("He co-invented a hinge for bicycles.", "He holds a patent together with two others."),
        ("He is the sole inventor of the hinge.", "He is the first-named inventor.", "The patent is about a brake."),
        ("The hinge is sold by Brompton.",),
    ),
    (
        "Translated 4 novels from Korean into English, one longlisted for a prize",
        ("She translates Korean literature.", "One of her translations was longlisted.", "She has translated four novels."),
        ("She translates from English into Korean.", "One of her translations won the prize.", "All four novels were longlisted."),
        ("She translated Han Kang.",),
    ),
    (
        "Driving licence: B and C1, no accidents in 12 years",
        ("He may drive small trucks.", "He has driven without an accident for twelve years."),
        ("He has no driving licence.", "He had two accidents.", "He has held the licence for two years only."),
        ("He owns a car.",),
    ),
)  # fmt: skip
KO: tuple[Line, ...] = (
    (
        "야간 배치를 Spark로 다시 작성해 6시간에서 45분으로 단축",
        ("야간 작업이 한 시간도 걸리지 않게 만들었습니다.", "배치 속도를 약 8배 빠르게 했습니다.", "배치 처리 시간을 크게 줄였습니다."),
        ("배치 처리 시간이 오히려 늘어났습니다.", "45분 걸리던 배치가 6시간이 되었습니다.", "배치를 하둡으로 다시 작성했습니다."),
        ("이 작업으로 비용 2억 원을 아꼈습니다.",),
    ),
    (
        "신입 개발자 6명 채용 및 온보딩, 1년 내 퇴사자 없음",
        ("개발자 여섯 명을 뽑았습니다.", "채용한 사람 중 1년 안에 그만둔 사람이 없습니다.", "채용 경험이 있습니다."),
        ("채용한 개발자 절반이 1년 안에 퇴사했습니다.", "신입 디자이너를 채용했습니다.", "신입 개발자 16명을 채용했습니다."),
        ("면접관 교육을 이수했습니다.",),
    ),
    (
        "28병상 심장내과 병동 야간 책임간호사",
        ("밤 근무의 책임자였습니다.", "심장내과에서 일한 간호사입니다.", "맡은 병동은 28병상 규모입니다."),
        ("주간에만 근무했습니다.", "소아과 병동에서 일했습니다.", "82병상 병동을 맡았습니다."),
        ("중환자실 근무를 희망합니다.",),
    ),
    (
        "사내 첫 디자인 가이드 작성(60쪽), 현재 4개 팀이 사용 중",
        ("이전에는 회사에 디자인 가이드가 없었습니다.", "네 팀이 그가 쓴 가이드를 쓰고 있습니다.", "디자인 가이드를 직접 썼습니다."),
        ("기존 가이드를 수정하기만 했습니다.", "가이드는 16쪽입니다.", "가이드는 더 이상 쓰이지 않습니다."),
        ("가이드로 디자인 상을 받았습니다.",),
    ),
    (
        "2022년 목표 대비 120% 달성(매출 18억 원)",
        ("2022년에 목표를 초과 달성했습니다.", "2022년 매출은 18억 원이었습니다."),
        ("2022년 목표를 달성하지 못했습니다.", "매출 12억 원을 기록했습니다.", "2021년에 목표의 120%를 달성했습니다."),
        ("그해 최우수 영업사원으로 뽑혔습니다.",),
    ),
    (
        "해양생물학 박사과정 재학 중(2026년 졸업 예정), 논문 주제: 해조 숲",
        ("아직 박사 학위를 받지 않았습니다.", "2026년에 졸업할 예정입니다.", "해조류를 연구하고 있습니다."),
        ("2020년에 박사 학위를 받았습니다.", "논문 주제는 산호초입니다.", "석사과정에 재학 중입니다."),
        ("해외 학회에서 발표했습니다.",),
    ),
    (
        "학업과 병행하여 식당 두 곳의 장부 정리(시간제)",
        ("공부하면서 식당 장부를 관리했습니다.", "정규직이 아니라 시간제로 일했습니다."),
        ("정규직으로 장부를 관리했습니다.", "식당 두 곳을 직접 운영했습니다.", "식당 한 곳의 장부만 맡았습니다."),
        ("시급은 만 원이었습니다.",),
    ),
    (
        "언어: 한국어(모국어), 영어(비즈니스), 일본어 조금",
        ("업무에 쓸 수 있는 영어 실력을 갖추었습니다.", "일본어는 조금 할 줄 압니다.", "모국어는 한국어입니다."),
        ("일본어가 유창합니다.", "영어를 전혀 못합니다.", "영어가 모국어입니다."),
        ("중국어를 배웠습니다.", "일본에서 살았습니다."),
    ),
    (
        "동기 두 명과 과외 매칭 스타트업 공동 창업, 첫해 유료 학생 300명",
        ("혼자가 아니라 함께 창업했습니다.", "첫해에 유료 이용자 300명을 모았습니다.", "창업 경험이 있습니다."),
        ("혼자서 스타트업을 창업했습니다.", "첫해 유료 학생은 30명이었습니다.", "첫해에는 유료 학생이 없었습니다."),
        ("스타트업은 이후 인수되었습니다.",),
    ),
    (
        "2017년부터 프리랜서 일러스트레이터. 주요 고객: 창비, 한겨레, 이케아",
        ("어느 회사에도 소속되지 않고 일합니다.", "이케아와 일한 적이 있습니다.", "신문사를 고객으로 두었습니다."),
        ("창비의 정규직 직원입니다.", "2017년에 프리랜서를 그만두었습니다.", "이케아하고만 일했습니다."),
        ("네이버와 일했습니다.",),
    ),
    (
        "주말 코딩 교실 자원봉사(2018 – 현재)",
        ("지금도 아이들에게 코딩을 가르칩니다.", "보수를 받지 않는 활동입니다.", "2018년부터 봉사를 이어 오고 있습니다."),
        ("2018년에 봉사를 그만두었습니다.", "코딩 교실에서 급여를 받습니다.", "평일에 봉사합니다."),
        ("학생들이 대회에서 입상했습니다.",),
    ),
    (
        "의료 영상 220TB를 무중단으로 클라우드 이전",
        ("서비스를 멈추지 않고 데이터를 옮겼습니다.", "수백 테라바이트의 영상을 클라우드로 옮겼습니다."),
        ("이전 중 이틀 동안 서비스가 멈췄습니다.", "22TB를 이전했습니다.", "클라우드에서 사내 서버로 데이터를 옮겼습니다."),
        ("애저로 이전했습니다.",),
    ),
    (
        "2019년 이달의 사원 3회 선정",
        ("2019년에 여러 번 이달의 사원으로 뽑혔습니다.", "사내 수상 경력이 있습니다."),
        ("2019년에 이달의 사원으로 한 번 뽑혔습니다.", "올해의 사원으로 선정되었습니다.", "상을 받은 적이 없습니다."),
        ("상금으로 100만 원을 받았습니다.",),
    ),
    (
        "64세대 공동주택 현장소장, 공기 5주 단축, 예산 3% 절감",
        ("예정보다 일찍 공사를 마쳤습니다.", "계획보다 적은 비용이 들었습니다.", "현장 책임자였습니다."),
        ("공사가 5주 늦어졌습니다.", "예산을 초과했습니다.", "설계를 맡은 건축가였습니다."),
        ("현장은 평택에 있었습니다.",),
    ),
    (
        "알고리즘 과목 조교(2020년 2학기, 수강생 140명)",
        ("알고리즘 수업을 도왔습니다.", "수강생은 140명이었습니다.", "조교 경험이 있습니다."),
        ("알고리즘 과목의 교수였습니다.", "데이터베이스 과목 조교였습니다.", "2020년 1학기에 조교를 했습니다."),
        ("강의 평가에서 4.8점을 받았습니다.",),
    ),
    (
        "관리자 경험 없음, 2023년 여름 인턴 온보딩 총괄",
        ("아직 관리자로 일한 적은 없습니다.", "인턴 온보딩을 책임졌습니다."),
        ("관리자로 여러 해 일했습니다.", "2023년에 인턴으로 일했습니다."),
        ("관리자가 되고 싶어 합니다.",),
    ),
    (
        "하늘길항공 객실승무원 → 사무장 승진(2014–2019), 장거리 노선",
        ("사무장으로 승진했습니다.", "장거리 비행을 담당했습니다.", "승무원으로 시작했습니다."),
        ("조종사로 일했습니다.", "국내선만 탔습니다.", "사무장에서 승무원으로 강등되었습니다."),
        ("매주 도쿄에 갔습니다.",),
    ),
    (
        "단위 테스트 커버리지 35% → 81%, 빌드 시간은 그대로",
        ("테스트 커버리지를 두 배 넘게 올렸습니다.", "빌드가 느려지지 않았습니다.", "커버리지가 80%를 넘었습니다."),
        ("커버리지가 91%가 되었습니다.", "빌드가 느려졌습니다.", "커버리지가 35%로 떨어졌습니다."),
        ("테스트 900개를 새로 작성했습니다.",),
    ),
    (
        "2021년 부산 지사 폐쇄로 오린상사 퇴사",
        ("지사가 문을 닫아 회사를 그만두었습니다.", "오린상사를 떠난 것은 2021년입니다."),
        ("실적이 나빠 해고되었습니다.", "지금도 오린상사에 다닙니다.", "2021년에 부산 지사가 문을 열었습니다."),
        ("퇴직금을 받았습니다.",),
    ),
    (
        "특허 제10-2233445호(발명자 3인 중 제2발명자): 접이식 자전거 힌지",
        ("공동으로 특허를 냈습니다.", "자전거 힌지를 함께 발명했습니다."),
        ("단독 발명자입니다.", "제1발명자입니다.", "브레이크에 관한 특허입니다."),
        ("특허를 기업에 팔았습니다.",),
    ),
    (
        "한국 소설 4편을 영어로 번역, 1편은 문학상 후보 선정",
        ("번역한 소설 한 편이 상 후보에 올랐습니다.", "한국 문학을 영어로 옮깁니다.", "소설 네 편을 번역했습니다."),
        ("영어 소설을 한국어로 번역합니다.", "번역서가 문학상을 받았습니다.", "네 편 모두 후보에 올랐습니다."),
        ("한강의 소설을 번역했습니다.",),
    ),
    (
        "운전면허 1종 대형, 무사고 12년",
        ("대형차를 운전할 수 있습니다.", "12년 동안 사고가 없었습니다."),
        ("운전면허가 없습니다.", "사고를 두 번 냈습니다.", "면허를 딴 지 2년밖에 안 됐습니다."),
        ("자가용이 있습니다.",),
    ),
    (
        "고객센터 평균 대기 시간 90초 미만 유지, 상담 만족도 4.7/5",
        ("고객은 평균 1분 30초도 기다리지 않았습니다.", "상담 만족도는 5점 만점에 4.7점이었습니다."),
        ("평균 대기 시간이 9분을 넘었습니다.", "상담 만족도는 3.7점이었습니다.", "대기 시간이 길어졌습니다."),
        ("상담원 50명을 관리했습니다.",),
    ),
    (
        "육군 병장 만기 전역(2013.01 – 2014.10), 통신병",
        ("군 복무를 마쳤습니다.", "통신병으로 복무했습니다.", "2014년 10월에 전역했습니다."),
        ("병역을 면제받았습니다.", "공군에서 복무했습니다.", "운전병으로 복무했습니다."),
        ("강원도에서 복무했습니다.",),
    ),
)  # fmt: skip
