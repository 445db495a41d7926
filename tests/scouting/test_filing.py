"""What init leaves in a project that has files already: lines are added, comments stay, nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from smokerunner.language.environment import load_config
from smokerunner.model.errors import BadInput
from smokerunner.scouting.filing import Project, Sheaf, must_be_named, require_room, sheaves
from smokerunner.scouting.recipes import Recipe

FLOWS = """app: shop
base_url: http://127.0.0.1:8000

flows:
  home:
    steps:
      - goto: /
      - expect: {status: 200}
"""
CONFIG = """# Our environments. Ask Kim before you change anything.

environment: staging   # where the pipeline looks

apps:
  other:
    environments:
      staging:
        base_url: https://other.example   # behind the VPN
        mailbox: {maildev: {url: http://127.0.0.1:1080}}
# The end.
"""


@pytest.fixture
def project(home: Path) -> Project:
    return Project("shop", Path("flows/shop.yaml"), "local", "http://127.0.0.1:8000")


def file_all(project: Project, ci: str = "none", secrets: tuple[str, ...] = ("SHOP_PASSWORD",)) -> dict[str, Sheaf]:
    require_room(project)
    found = sheaves(project, FLOWS, secrets, Recipe(project.environment, secrets), ci)
    for sheaf in found:
        sheaf.write()
    return {str(sheaf.path): sheaf for sheaf in found}


def lost_lines(before: str, after: str) -> list[str]:
    kept = after.splitlines()
    return [line for line in before.splitlines() if line not in kept]


def test_an_environment_file_keeps_its_comments_and_gets_the_app(project: Project, home: Path) -> None:
    Path("smokerunner.yaml").write_text(CONFIG)
    says = file_all(project)["smokerunner.yaml"].says
    assert says == "shop added, in the environment local"
    after = Path("smokerunner.yaml").read_text()
    assert not lost_lines(CONFIG, after)
    assert "  shop:\n    environments:\n      local:\n        base_url: http://127.0.0.1:8000\n" in after
    assert set(load_config(Path("smokerunner.yaml")).config.apps) == {"other", "shop"}
    assert must_be_named(project)


def test_an_app_that_is_there_gets_the_environment(project: Project, home: Path) -> None:
    text = CONFIG.replace("other:", "shop:")
    Path("smokerunner.yaml").write_text(text)
    assert file_all(project)["smokerunner.yaml"].says == "environment local added"
    assert not lost_lines(text, Path("smokerunner.yaml").read_text())
    environments = load_config(Path("smokerunner.yaml")).config.apps["shop"].environments
    assert list(environments) == ["staging", "local"]


def test_an_environment_that_is_there_stays_what_it_is(project: Project, home: Path) -> None:
    text = CONFIG.replace("other:", "shop:").replace("      staging:", "      local:").replace(": staging ", ": local ")
    Path("smokerunner.yaml").write_text(text)
    says = file_all(project)["smokerunner.yaml"].says
    assert says == "says that shop is at https://other.example in local, which stays; --force changes it"
    assert Path("smokerunner.yaml").read_text() == text
    forced = Project("shop", Path("flows/shop.yaml"), "local", "http://127.0.0.1:8000", force=True)
    file_all(forced)
    after = Path("smokerunner.yaml").read_text()
    assert "base_url: http://127.0.0.1:8000   # behind the VPN" in after
    assert lost_lines(text, after) == ["        base_url: https://other.example   # behind the VPN"]


def test_a_second_time_nothing_changes(project: Project, home: Path) -> None:
    file_all(project, "github")
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    Path("flows/shop.yaml").unlink()
    found = file_all(project, "github")
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    assert [path for path, sheaf in found.items() if sheaf.text is not None] == ["flows/shop.yaml"]


def test_a_new_environment_file_is_right_and_says_what_else_there_is(project: Project, home: Path) -> None:
    file_all(project)
    loaded = load_config(Path("smokerunner.yaml"))
    assert loaded.config.environment == "local"
    text = Path("smokerunner.yaml").read_text()
    # What stands in the comments is right, too, once the # is taken away.
    lines = [line.replace("# ", "", 1) if line.lstrip().startswith("# ") else line for line in text.splitlines()[1:]]
    Path("smokerunner.yaml").write_text("\n".join(lines) + "\n")
    opened = load_config(Path("smokerunner.yaml")).config.apps["shop"].environments
    assert opened["local"].mailbox is not None
    assert opened["production"].production


def test_lines_are_added_and_those_that_are_there_are_known_in_any_spelling(project: Project, home: Path) -> None:
    Path(".gitignore").write_text("node_modules\n/evidence\n.env")
    Path(".env.example").write_text("DATABASE_URL=x\nSHOP_PASSWORD=change-me\n")
    found = file_all(project, secrets=("SHOP_PASSWORD", "SHOP_HTTP_PASSWORD"))
    assert Path(".gitignore").read_text() == "node_modules\n/evidence\n.env\n.smokerunner/\n"
    assert found[".gitignore"].says == ".smokerunner/ added"
    assert Path(".env.example").read_text() == "DATABASE_URL=x\nSHOP_PASSWORD=change-me\nSHOP_HTTP_PASSWORD=\n"


def test_a_job_that_is_there_stays(project: Project, home: Path) -> None:
    job = Path(".github/workflows/smoke.yml")
    job.parent.mkdir(parents=True)
    job.write_text("name: ours\n")
    says = file_all(project, "github")[str(job)].says
    assert (says, job.read_text()) == ("is there already and stays as it is; --force writes it anew", "name: ours\n")


def test_gitlab_has_one_file_of_its_own_or_one_to_include(project: Project, home: Path) -> None:
    assert ".gitlab-ci.yml" in file_all(project, "gitlab")
    job = YAML(typ="safe").load(Path(".gitlab-ci.yml"))["smoke"]
    assert [line for line in job["script"] if line.startswith("smokerunner run --env local ")]
    Path("flows/shop.yaml").unlink()
    Path(".gitlab-ci.yml").write_text("build: {script: [make]}\n")
    found = file_all(project, "gitlab")["smoke.gitlab-ci.yml"]
    assert "include: [{local: smoke.gitlab-ci.yml}]" in found.says
    assert Path(".gitlab-ci.yml").read_text() == "build: {script: [make]}\n"


def test_a_wrong_environment_file_is_said_first(project: Project, home: Path) -> None:
    Path("smokerunner.yaml").write_text("apps: {shop: {environment: {}}}\n")
    with pytest.raises(BadInput, match=r"smokerunner\.yaml:1:"):
        file_all(project)
    assert not Path("flows").exists()


def test_the_recipes_are_those_of_the_documentation() -> None:
    documented = (Path(__file__).parents[2] / "docs" / "ci.md").read_text()
    recipe = Recipe("staging", ("SHOP_PASSWORD",), has_release=True)
    assert f"```yaml\n{recipe.github_job}```" in documented
    assert f"```yaml\n{recipe.gitlab_job}```" in documented
    assert recipe.github.endswith(recipe.github_job)
    assert YAML(typ="safe").load(recipe.github)["jobs"]["smoke"]["runs-on"] == "ubuntu-latest"
