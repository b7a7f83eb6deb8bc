"""Classifiers of every kind as the judge: tiny models with the classes, tokenizer and configs of the real ones."""

import json

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification, BertForTokenClassification

from judge import models
from judge.classifiers import HubJudge
from judge.scoring import judge_turn
from judge.verdicts import Matrix
from rag.errors import ModelError
from rag.models import embedded_weights
from settings import Settings

CHUNKS = ["Engineer at Hanbit Labs since 2019.", "Speaks Dutch."]
CLAIMS = ["She works as an engineer.", "She likes long walks and plays chess."]  # nothing that the guard looks for


class Others:
    """Stands for the embedded judge: numbers that no classifier here gives."""

    id = "others"
    supported_threshold, contradicted_threshold, relevant_threshold = 0.4, 0.6, 0.3
    not_found_threshold = 0.2
    missed_threshold = 0.35

    def matrix(self, question, reply, claims, chunks):
        p = np.full((len(claims), len(chunks) + 1), 0.77)
        return Matrix(p, 0 * p, np.full(len(chunks), 0.123), 0.456, [[""] * (len(chunks) + 1) for _ in claims])


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(embedded_weights("encoder"))


@pytest.fixture(scope="module")
def tokenizer_files(tokenizer, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizer")
    tokenizer.save_pretrained(folder)
    return list(folder.iterdir())


@pytest.fixture
def saved(tokenizer, tokenizer_files, tmp_path):
    """Saves a tiny model: (labels, kind, bias of the last layer) -> folder."""

    def save(labels, tokens=False, bias=None, name="tiny"):
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
            initializer_range=0.3, id2label=dict(enumerate(labels)), label2id={l: i for i, l in enumerate(labels)},
        )  # fmt: skip
        model = (BertForTokenClassification if tokens else BertForSequenceClassification)(config)
        if bias is not None:
            with torch.no_grad():
                model.classifier.weight.zero_()
                model.classifier.bias.copy_(torch.tensor(bias))
        folder = tmp_path / name
        model.save_pretrained(folder)
        for file in tokenizer_files:
            (folder / file.name).hardlink_to(file)
        return folder

    return save


def asked(judge, claims=CLAIMS, chunks=CHUNKS):
    return judge.matrix("Where does she work?", "At Hanbit Labs.", claims, chunks)


@pytest.mark.parametrize(
    "labels", [("entailment", "neutral", "contradiction"), ("CONTRADICTION", "NEUTRAL", "ENTAILMENT"), ("neutral", "contradiction", "entailment")]
)  # fmt: skip
def test_nli_labels_are_read_in_the_order_of_the_config(saved, labels):
    bias = [{"e": 2.0, "n": 0.0, "c": -1.0}[label[0].lower()] for label in labels]
    judge = HubJudge(saved(labels, bias=bias), "org/xnli", Others())
    made = asked(judge)
    p = np.exp([2.0, 0.0, -1.0]) / np.exp([2.0, 0.0, -1.0]).sum()
    np.testing.assert_allclose(made.p_supported, p[0], atol=1e-5)
    np.testing.assert_allclose(made.p_contradicted[:, :-1], p[2], atol=1e-5)
    assert judge.id == "nli/org/xnli" and made.p_relevant.tolist() == [0.123] * 2 and made.p_answers == 0.456


def test_two_labels_know_no_contradiction(saved):
    judge = HubJudge(saved(("not_entailment", "entailment"), bias=[0.0, 1.0]), "org/two", Others())
    made = asked(judge)
    assert made.p_supported[0, 0] == pytest.approx(1 / (1 + np.exp(-1.0)), abs=1e-5) and not made.p_contradicted.any()


def test_a_cell_depends_on_its_own_pair_and_not_on_the_batch(saved):
    judge = HubJudge(saved(("entailment", "neutral", "contradiction")), "org/xnli", Others())
    together, alone = asked(judge), asked(judge, CLAIMS[1:], CHUNKS)
    np.testing.assert_allclose(together.p_supported[1], alone.p_supported[0], atol=1e-5)
    assert np.ptp(together.p_supported[:, :-1]) > 1e-3


def test_a_single_score_is_grounding(saved):
    judge = HubJudge(saved(("LABEL_0",), bias=[1.5]), "org/hhem", Others())
    made = asked(judge)
    assert judge.id == "grounding/org/hhem"
    np.testing.assert_allclose(made.p_supported, 1 / (1 + np.exp(-1.5)), atol=1e-5)
    assert made.p_relevant.tolist() == [0.123] * 2
    assert (judge.relevant_threshold, judge.missed_threshold) == (0.3, 0.35)


def test_a_reranker_says_what_is_relevant_and_leaves_the_claims_to_the_embedded_judge(saved):
    judge = HubJudge(saved(("LABEL_0",), bias=[-0.7]), "BAAI/bge-reranker-v2-m3", Others())
    made = asked(judge)
    np.testing.assert_allclose(made.p_relevant, 1 / (1 + np.exp(0.7)), atol=1e-5)
    assert (made.p_supported == 0.77).all() and made.p_answers == 0.456
    assert judge.id == "reranker/BAAI/bge-reranker-v2-m3 with others"
    assert (judge.supported_threshold, judge.not_found_threshold, judge.relevant_threshold) == (0.4, 0.2, 0.5)
    assert judge.missed_threshold == 0.5


@pytest.mark.parametrize(
    ("labels", "name", "bias"),
    [
        (("supported", "hallucinated"), "org/detector", [1.0, -1.0]),
        (("hallucinated", "supported"), "org/detector", [-1.0, 1.0]),
        (("LABEL_0", "LABEL_1"), "KRLabsOrg/lettucedect-base-modernbert-en-v1", [1.0, -1.0]),
    ],
)
def test_hallucinated_tokens_make_a_claim_unsupported(saved, labels, name, bias):
    judge = HubJudge(saved(labels, tokens=True, bias=bias), name, Others())
    np.testing.assert_allclose(asked(judge).p_supported, 1 / (1 + np.exp(-2.0)), atol=1e-5)
    assert judge.id == f"tokens/{name}"


def test_only_the_claims_own_tokens_count_and_the_worst_of_them(saved):
    judge = HubJudge(saved(("supported", "hallucinated"), tokens=True), "org/detector", Others())
    [logits] = judge._logits([("a passage that is much longer than the claim beside it", "Busan.")])
    assert len(logits) == len(judge.tokenizer("Busan.", add_special_tokens=False)["input_ids"])
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    assert judge._read(logits)[0] == pytest.approx(1 - p[:, 1].max(), abs=1e-6)


@pytest.mark.parametrize(
    ("labels", "tokens", "part"),
    [
        (("LABEL_0", "LABEL_1", "LABEL_2"), False, "needs entailment and contradiction"),
        (("positive", "negative"), False, "needs entailment and contradiction"),
        (("entailment", "neutral", "other"), False, "needs entailment and contradiction"),
        (("B-PER", "I-PER", "O"), True, "needs two labels, one of them hallucinated"),
        (("LABEL_0", "LABEL_1"), True, "needs two labels, one of them hallucinated"),
    ],
)
def test_labels_that_say_nothing_are_refused_in_one_sentence(saved, labels, tokens, part):
    with pytest.raises(ModelError) as caught:
        HubJudge(saved(labels, tokens=tokens), "org/odd", Others())
    assert part in caught.value.en and labels[0].lower() in caught.value.en and caught.value.ko


def test_a_model_with_code_of_its_own_is_refused(saved):
    folder = saved(("LABEL_0",))
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "HHEMv2Config", "auto_map": {"AutoConfig": "code.C", "AutoModelForSequenceClassification": "code.M"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "code.py").write_text("raise SystemExit('this ran')\n")
    with pytest.raises(ModelError) as caught:
        HubJudge(folder, "vectara/hhem", Others())
    assert "code of its own" in caught.value.en


def test_weights_that_are_none_are_refused(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match="could not be loaded"):
        HubJudge(tmp_path, "org/none", Others())


def test_a_missing_number_is_not_found_whatever_the_classifier_says(saved):
    judge = HubJudge(saved(("LABEL_0",), bias=[9.0]), "org/hhem", Others())
    made = judge_turn(judge, "When?", "She has been at Hanbit Labs since 2018.", CHUNKS)
    assert made.verdicts[0].label == "not_found" and "2018" in made.verdicts[0].reason


def test_without_passages_or_claims_nothing_is_read(saved):
    judge = HubJudge(saved(("LABEL_0",)), "org/hhem", Others())
    assert asked(judge, [], CHUNKS).p_supported.shape == (0, 3) and asked(judge, CLAIMS, []).p_supported.shape == (2, 1)
    reranker = HubJudge(saved(("LABEL_0",), name="reranker"), "org/rerank", Others())
    assert asked(reranker, CLAIMS, []).p_relevant.shape == (0,)


@pytest.mark.parametrize("tokens", [False, True])
def test_a_folder_is_enough_of_a_name(saved, monkeypatch, tokens):
    monkeypatch.setattr(models, "_embedded", lambda settings: Others())
    labels = ("supported", "hallucinated") if tokens else ("entailment", "neutral", "contradiction")
    folder = saved(labels, tokens=tokens)
    judge = models.judge_for(str(folder), Settings(_env_file=None))
    assert judge.id == f"{'tokens' if tokens else 'nli'}/{folder}"
    assert judge_turn(judge, "Where?", "She works at Hanbit Labs.", CHUNKS).scores["faithfulness"].state == "scored"


def test_what_the_guard_lowers_in_a_passage_does_not_stand_for_all_of_them(saved, monkeypatch):
    judge = HubJudge(saved(("entailment", "neutral", "contradiction")), "org/xnli", Others())
    alike, unlike = np.array([5.0, 0.0, 0.0]), np.array([0.0, 5.0, 0.0])
    monkeypatch.setattr(judge, "_logits", lambda pairs: [alike, unlike, unlike])  # the first passage, the second, both

    made = asked(judge, ["She led a team of 9 engineers at Hanbit Labs."], ["Led a team of 5 engineers at Hanbit Labs.", "Won 9 awards at Daon."])

    assert "5" in made.reasons[0][0] and made.p_supported.max() <= judge.not_found_threshold
