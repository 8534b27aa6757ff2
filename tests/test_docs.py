"""What documents and deployment files name exists."""

import importlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter

from bot.channels.slack.settings import SlackSettings, load_slack_settings
from bot.channels.teams.settings import TeamsSettings, load_teams_settings
from bot.config import Settings, load_settings, names_of

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGES = ("bot", "handlers", "nlp", "storage")


def dotted_names() -> list[str]:
    found = re.findall(r"`((?:bot|handlers|nlp|storage)(?:\.\w+)+)`", README)
    return sorted({name for name in found if not name.endswith((".toml", ".py", ".md"))})


@pytest.mark.parametrize("name", dotted_names())
def test_every_dotted_name_in_the_readme_can_be_imported(name: str):
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing: object = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            thing = getattr(thing, attribute)
        return
    pytest.fail(f"{name} is nowhere")


def paths_in(text: str) -> set[str]:
    return set(re.findall(r"`((?:docs|deploy|tests|handlers|nlp|bot|storage)/[\w./-]+)`", text))


DOCUMENTS = ["README.md", *(p.relative_to(ROOT).as_posix() for p in ROOT.glob("docs/**/*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_exists(document: str):
    text = (ROOT / document).read_text(encoding="utf-8")
    missing = [path for path in paths_in(text) if not (ROOT / path).exists()]
    assert missing == []


def test_every_command_in_the_readme_exists():
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z-]+)", README):
        assert re.search(rf"^{target}:", make, re.MULTILINE), target
    listed = subprocess.run(
        [ROOT / ".venv/bin/python", "-m", "bot", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for command in re.findall(r"`lotsen ([a-z-]+)", README):
        assert command in listed, command


def test_the_example_settings_name_every_setting_and_no_other():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    doors = (Settings, SlackSettings, TeamsSettings)
    assert named == {name for door in doors for name in names_of(door)}


def test_the_example_settings_are_right_as_they_stand(monkeypatch: pytest.MonkeyPatch):
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            if value:
                monkeypatch.setenv(name, value)
    assert load_settings(_env_file=None).municipality_name == "Lotsköpings kommun"
    assert not load_slack_settings().enabled
    assert not load_teams_settings().enabled


def test_every_path_that_the_image_copies_exists():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    for source in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        for path in source.split():
            assert (ROOT / path).exists(), path


def test_every_command_that_image_and_compose_run_exists():
    compose = TypeAdapter(dict[str, dict[str, dict[str, object]]]).validate_python(
        {"services": yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]}
    )
    commands = [s["command"] for s in compose["services"].values() if "command" in s]
    assert commands
    listed = subprocess.run(
        [ROOT / ".venv/bin/python", "-m", "bot", "serve", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for command in commands:
        assert isinstance(command, list)
        assert command[0] in {"serve", "migrate"}
        for word in command[1:]:
            assert str(word) in listed
    entry = (ROOT / "deploy/entrypoint.sh").read_text()
    assert 'exec python -m bot "$@"' in entry


def test_every_file_that_compose_mounts_is_named_in_the_operating_page():
    assert "database_password.txt" in (ROOT / "docs/operation.md").read_text()


def test_no_file_names_a_package_registry_or_a_machines_folder():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    hosts = re.compile(r"\b(" + "|".join(("pypi", "pythonhosted", "npmjs")) + r")\.(org|com)\b")
    found = []
    for name in filter(None, tracked):
        text = (ROOT / name).read_bytes().decode("utf-8", "ignore")
        if hosts.search(text) or f"{ROOT.parent}/" in text:
            found.append(name)
    assert found == []


def test_the_version_in_the_changelog_is_the_projects():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_packages_have_one_sentence_each_and_no_code():
    for package in PACKAGES:
        text = (ROOT / package / "__init__.py").read_text(encoding="utf-8")
        assert text.startswith('"""')
        assert text.count("\n") <= 2
