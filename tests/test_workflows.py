"""The workflows of this repository and of the guide: who may do what, and what waits for what."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import yaml
from conftest import ROOT

GITHUB = ROOT / ".github"
if not GITHUB.is_dir():
    pytest.skip("a source distribution has no workflows", allow_module_level=True)

WORKFLOWS: dict[str, Any] = {
    path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(GITHUB.glob("workflows/*.yml"))
}
GUIDE = (ROOT / "example_site" / "docs" / "guide" / "deploying.md").read_text(encoding="utf-8")
GUIDED: Any = yaml.safe_load(re.findall(r"^```yaml\n(name: pages\n.*?)^```$", GUIDE, re.M | re.S)[0])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ON = True  # what YAML 1.1 reads in `on:`


def needs(job: dict[str, Any]) -> list[str]:
    found = job.get("needs", [])
    return [found] if isinstance(found, str) else found


def step(job: dict[str, Any], action: str) -> dict[str, Any]:
    """The only step with this action."""
    (found,) = (step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@"))
    return found


def test_each_kind_of_event_has_one_workflow() -> None:
    assert {name: workflow[ON] for name, workflow in WORKFLOWS.items()} == {
        "ci.yml": {"pull_request": None, "workflow_call": None},
        "nightly.yml": {"schedule": [{"cron": "17 3 * * *"}], "workflow_dispatch": None},
        "pages.yml": {"push": {"branches": ["main"]}, "workflow_dispatch": None},
        "release.yml": {"push": {"tags": ["v*"]}},
    }


def test_only_what_publishes_may_write() -> None:
    assert all(workflow["permissions"] == {"contents": "read"} for workflow in WORKFLOWS.values())
    assert {
        (name, job): settings["permissions"]
        for name, workflow in WORKFLOWS.items()
        for job, settings in workflow["jobs"].items()
        if "permissions" in settings
    } == {
        ("pages.yml", "deploy"): {"pages": "write", "id-token": "write"},
        ("release.yml", "publish"): {"id-token": "write"},
    }


@pytest.mark.parametrize("workflow", [*WORKFLOWS.values(), GUIDED], ids=[*WORKFLOWS, "guide"])
def test_what_is_needed_is_there(workflow: dict[str, Any]) -> None:
    for job in workflow["jobs"].values():
        assert set(needs(job)) <= set(workflow["jobs"])
        if local := job.get("uses"):
            assert ROOT.joinpath(local).is_file()
            assert "workflow_call" in WORKFLOWS[ROOT.joinpath(local).name][ON]


def test_ci_has_every_python_that_the_project_names() -> None:
    job = WORKFLOWS["ci.yml"]["jobs"]["test"]
    named = [words for words in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", words)]
    assert step(job, "actions/setup-python")["with"]["python-version"].split() == [
        words.rpartition(" ")[2] for words in named
    ]
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]


def test_every_night_tests_of_chance_try_many_cases() -> None:
    commands = [step["run"] for step in WORKFLOWS["nightly.yml"]["jobs"]["test"]["steps"] if "run" in step]
    assert commands == ["pip install 'nox[uv]'", "nox -s large"]
    noxfile = (ROOT / "noxfile.py").read_text(encoding="utf-8")
    assert re.search(r"^def large\(.*?HYPOTHESIS_PROFILE\": \"large\"", noxfile, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("workflow", "config", "site"),
    [
        (WORKFLOWS["pages.yml"], " -f example_site/mkdocs.yml", "example_site/site"),
        (GUIDED, "", "site"),
    ],
    ids=["pages.yml", "guide"],
)
def test_pages_deploys_what_was_built(workflow: dict[str, Any], config: str, site: str) -> None:
    build, deploy = workflow["jobs"]["build"], workflow["jobs"]["deploy"]
    assert {"run": f"mkdocs build --strict{config}"} in build["steps"]
    assert step(build, "actions/upload-pages-artifact")["with"] == {"path": site}
    assert "build" in needs(deploy)
    assert step(deploy, "actions/deploy-pages")["id"] in deploy["environment"]["url"]
    assert deploy["environment"]["name"] == "github-pages"
    assert workflow["concurrency"] == {"group": "pages"}
    assert {**workflow["permissions"], **deploy.get("permissions", {})}.items() >= {
        "pages": "write",
        "id-token": "write",
    }.items()


def test_the_example_site_is_checked_between_build_and_upload() -> None:
    steps = WORKFLOWS["pages.yml"]["jobs"]["build"]["steps"]
    named = [step.get("run") or step["uses"].partition("@")[0] for step in steps]
    assert named[-3:] == [
        "mkdocs build --strict -f example_site/mkdocs.yml",
        "paperdigest check example_site/site",
        "actions/upload-pages-artifact",
    ]
    assert '.venv/bin/paperdigest check "$site"\n' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_nothing_is_published_untested() -> None:
    for name, job in (("pages.yml", "deploy"), ("release.yml", "publish")):
        jobs = WORKFLOWS[name]["jobs"]
        assert set(needs(jobs[job])) == {"test", "build"}
        assert jobs["test"] == {"uses": "./.github/workflows/ci.yml"}


def test_a_release_publishes_what_was_built_and_checked() -> None:
    build, publish = WORKFLOWS["release.yml"]["jobs"]["build"], WORKFLOWS["release.yml"]["jobs"]["publish"]
    commands = "\n".join(step.get("run", "") for step in build["steps"])
    assert [word in commands for word in ("python -m build", "twine check --strict", "GITHUB_REF_NAME")] == [True] * 3
    assert step(build, "actions/upload-artifact")["with"] == step(publish, "actions/download-artifact")["with"]
    assert "with" not in step(publish, "pypa/gh-action-pypi-publish")
    assert publish["environment"] == {"name": "pypi", "url": f"https://pypi.org/project/{PROJECT['name']}/"}


def test_the_catalog_entry_is_this_project() -> None:
    (entry,) = yaml.safe_load((GITHUB / "mkdocs-catalog.yaml").read_text(encoding="utf-8"))
    assert entry == {
        "name": PROJECT["name"],
        "mkdocs_plugin": next(iter(PROJECT["entry-points"]["mkdocs.plugins"])),
        "github_id": PROJECT["urls"]["Source"].removeprefix("https://github.com/"),
        "pypi_id": PROJECT["name"],
        "labels": ["plugin"],
        "category": "nav-pages",
    }
