"""Settings: strict, explained, and a plain mapping away from a file."""

from __future__ import annotations

import json
import tomllib
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from matcher.cli import main
from matcher.errors import SettingsError
from matcher.settings import PRESETS, Settings


def numbers():
    for section in fields(Settings):
        for f in fields(getattr(Settings(), section.name)):
            yield section.name, f


def test_the_printed_defaults_are_the_defaults():
    assert Settings.from_mapping(tomllib.loads(Settings().to_toml())) == Settings()


def test_a_mapping_gives_the_same_settings_with_the_same_fingerprint():
    changed = Settings.from_mapping({"weights": {"skills": 1}, "gates": {"place": False}})
    for settings in (Settings(), changed):
        again = Settings.from_mapping(settings.to_mapping())
        assert again == settings
        assert again.fingerprint == settings.fingerprint
    assert changed.fingerprint != Settings().fingerprint


@pytest.mark.parametrize("section, f", list(numbers()), ids=lambda x: x if isinstance(x, str) else x.name)
def test_every_setting_is_explained_and_its_default_is_in_range(section, f):
    assert f.metadata["doc"]
    if "low" in f.metadata:
        assert type(f.default) is float
        assert f.metadata["low"] <= f.default <= f.metadata["high"]
    elif "options" in f.metadata:
        assert f.default in f.metadata["options"]
    else:
        assert type(f.default) in (bool, tuple)


def test_what_is_not_named_keeps_its_default():
    settings = Settings.from_mapping({"weights": {"skills": 0.5}})
    assert settings.weights.skills == 0.5
    assert settings.weights.role == Settings().weights.role
    assert settings.unknown == Settings().unknown


@pytest.mark.parametrize(
    "raw, told",
    [
        ({"wieghts": {}}, '[wieghts] is no section. Did you mean "weights"?'),
        ({"weights": {"skils": 1}}, "[weights] has no setting 'skils'. Did you mean \"skills\"?"),
        ({"weights": 3}, "[weights] must be a table. Got 3."),
        ({"weights": {"skills": -1}}, "[weights] skills must be a number from 0 to 1000. Got -1."),
        ({"weights": {"skills": "1"}}, "Got '1'."),
        ({"weights": {"skills": True}}, "[weights] skills must be a number from 0 to 1000. Got True."),
        ({"weights": {"skills": float("nan")}}, "Got nan."),
        ({"evidence": {"list_budget": 0}}, "[evidence] list_budget must be a number from 1 to 10000. Got 0."),
        ({"gates": {"place": 1}}, "[gates] place must be true or false. Got 1."),
        ({"weights": {f.name: 0 for f in fields(Settings().weights)}}, "at least one weight above 0"),
    ],
)
def test_a_wrong_setting_is_told(raw, told):
    with pytest.raises(SettingsError) as e:
        Settings.from_mapping(raw)
    assert told in str(e.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(SettingsError) as e:
        Settings.from_mapping({"weights": {"skils": 1, "role": -1}, "gate": {}, "gates": {"dates": "no"}})
    for told in ("'skils'", "role must be", "[gate] is no section", "dates must be true or false"):
        assert told in str(e.value)
    assert "\n" not in str(e.value)


@pytest.mark.parametrize(
    "content, told",
    [(None, "Cannot read the settings file"), (b"[weights", "is not TOML"), (b"\xff\xfe", "is not TOML"),
     (b"weights = 1", "[weights] must be a table")],
)  # fmt: skip
def test_a_wrong_file_is_told(tmp_path, content, told):
    path = tmp_path / "s.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as e:
        Settings.load(path)
    assert told in str(e.value)


def test_a_file_is_read(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text("[weights]\nskills = 1\n[gates]\nplace = false\n", encoding="utf-8")
    settings = Settings.load(path)
    assert (settings.weights.skills, settings.gates.place) == (1.0, False)


def test_settings_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Settings().weights.skills = 1


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_differs_from_the_defaults_and_can_be_written_and_read(name, tmp_path):
    preset = Settings.preset(name)
    assert preset != Settings()
    path = tmp_path / "settings.toml"
    path.write_text(preset.to_toml(), encoding="utf-8")
    assert Settings.load(path) == preset


def test_a_preset_that_is_not_there_is_named():
    with pytest.raises(SettingsError, match=r"it_juniour.*it_junior"):
        Settings.preset("it_juniour")


def test_a_file_is_laid_over_a_preset(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text("[weights]\nskills = 0.5\n", encoding="utf-8")
    both = Settings.load(path, Settings.preset("college_trade"))
    assert both.weights.skills == 0.5
    assert both.weights.licences == Settings.preset("college_trade").weights.licences


def test_the_command_takes_a_preset(tmp_path, capsys):
    assert main(["settings", "--preset", "college_trade"]) == 0
    assert "licences = 0.15" in capsys.readouterr().out
    out = tmp_path / "ranking.csv"
    samples = Path(__file__).parents[1] / "data" / "samples"
    tables = [str(samples / f"{name}.csv") for name in ("candidates", "vacancies")]
    assert main(["rank", *tables, "-o", str(out), "--preset", "college_trade", "--quiet", "--jobs", "1"]) == 0
    meta = json.loads((tmp_path / "ranking.csv.meta.json").read_text(encoding="utf-8"))
    assert Settings.preset("college_trade").fingerprint in json.dumps(meta)
