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
