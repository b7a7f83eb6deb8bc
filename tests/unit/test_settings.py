"""Settings from the command line, before the environment; what cannot be is said in a sentence."""

import pytest

from rag.errors import UserError
from settings import load_settings


def test_an_option_goes_before_the_environment(monkeypatch):
    monkeypatch.setenv("VOUCH_PORT", "7001")
    monkeypatch.setenv("VOUCH_TOP_K", "6")

    settings = load_settings(["--port", "7002", "--no-auto-flag"])

    assert (settings.port, settings.top_k, settings.auto_flag) == (7002, 6, False)


def test_without_options_the_environment_tells(monkeypatch):
    monkeypatch.setenv("VOUCH_PORT", "7001")

    assert load_settings().port == 7001


@pytest.mark.parametrize("value", ["abc", "99999"])
def test_a_value_that_cannot_be_is_said_with_both_names_of_its_setting(monkeypatch, value):
    with pytest.raises(UserError) as on_command_line:
        load_settings(["--port", value])
    monkeypatch.setenv("VOUCH_PORT", value)
    with pytest.raises(UserError) as in_environment:
        load_settings()

    for error in (on_command_line.value, in_environment.value):
        assert value in error.en and "VOUCH_PORT" in error.en and "--port" in error.ko


def test_an_option_that_does_not_exist_ends_the_program_and_is_named(capsys):
    with pytest.raises(SystemExit):
        load_settings(["--prot", "7002"])

    assert "--prot" in capsys.readouterr().err


def test_help_describes_every_setting(capsys):
    with pytest.raises(SystemExit) as ended:
        load_settings(["--help"])

    assert ended.value.code == 0
    from settings import Settings

    undescribed = [name for name, field in Settings.model_fields.items() if not field.description]
    assert not undescribed
    said = capsys.readouterr().out
    assert all(f"--{name.replace('_', '-')}" in said for name in Settings.model_fields)


@pytest.mark.parametrize("encoding", ["utf-16", "cp949"])
def test_an_env_file_that_is_not_utf_8_is_a_sentence(tmp_path, monkeypatch, encoding):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("VOUCH_PROMPT=자기소개서", encoding=encoding)
    with pytest.raises(UserError, match=r"\.env is not UTF-8") as refused:
        load_settings()
    assert ".env" in refused.value.ko

    (tmp_path / ".env").write_text("VOUCH_PROMPT=자기소개서", encoding="utf-8-sig")
    assert load_settings().prompt == "자기소개서"


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name in ("judge_timeout_s", "parse_timeout_s") for value in ("nan", "inf", "0", "-1", "1e10")]
    + [(name, "0") for name in ("max_question_chars", "max_file_mb", "max_pages")]
    + [("retention_days", "9999999999")],
)
def test_a_number_under_which_nothing_would_work_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"VOUCH_{name.upper()}", value)
    with pytest.raises(UserError, match=name):
        load_settings()
