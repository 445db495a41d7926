"""The jobs that run the flows in a pipeline: the recipes of docs/ci.md, which a test keeps equal to these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

GITHUB_PATH = ".github/workflows/smoke.yml"
GITLAB_PATH = ".gitlab-ci.yml"
GITLAB_PART = "smoke.gitlab-ci.yml"


@dataclass(frozen=True)
class Recipe:
    """What a job must know: the environment that it looks at, and the secrets that it hands over."""

    environment: str
    secrets: Sequence[str] = ()
    has_release: bool = False
    """Whether the environment says how its release is known."""
    selection: str = ""
    """More options for `smokerunner run`, such as `--not-tag mail`."""

    @property
    def github_job(self) -> str:
        """The `jobs:` of a workflow."""
        handed = [f"          {name}: ${{{{ secrets.{name} }}}}" for name in self.secrets]
        if self.has_release:
            handed.append("          SMOKE_RELEASE: ${{ github.sha }}")
        run = 'smokerunner run --env ENV --report github --report markdown="$GITHUB_STEP_SUMMARY"'
        run = run.replace("ENV", f"{self.environment}{self._more(' --wait-release 120s')}")
        step = ["      - env:", *handed, f"        run: {run}"] if handed else [f"      - run: {run}"]
        return "\n".join(
            [
                "jobs:",
                "  smoke:",
                "    runs-on: ubuntu-latest",
                "    steps:",
                "      - uses: actions/checkout@v4",
                "      - uses: actions/setup-python@v5",
                '        with: {python-version: "3.12"}',
                "      - run: pip install smokerunner",
                "      - run: smokerunner browser --install",
                *step,
                "      - if: always()",
                "        uses: actions/upload-artifact@v4",
                '        with: {name: evidence, path: "evidence/*.zip"}',
                "",
            ]
        )

    @property
    def github(self) -> str:
        """A whole workflow: by hand, or called by the one that deploys."""
        head = [
            "# Proves after a deploy that the app works: exit 0 go, 1 roll back, else a person must look.",
            "# The workflow that deploys calls it as its last job:",
            "#   smoke:",
            "#     needs: deploy",
            f"#     uses: ./{GITHUB_PATH}",
            "#     secrets: inherit",
        ]
        if self.secrets:
            head.append(f"# Set in the repository's settings, under Secrets: {', '.join(self.secrets)}")
        return "\n".join([*head, "name: smoke", "on:", "  workflow_dispatch:", "  workflow_call:", "", self.github_job])

    @property
    def gitlab_job(self) -> str:
        """The job `smoke`."""
        run = f"smokerunner run --env {self.environment}" + self._more(' --release "$CI_COMMIT_SHA"')
        return "\n".join(
            [
                "smoke:",
                "  image: python:3.12",
                "  variables:",
                "    SMOKE_LINK_BASE: $CI_JOB_URL/artifacts/raw/evidence",
                "  script:",
                "    - pip install smokerunner",
                "    - smokerunner browser --install",
                f"    - {run} --report text --report junit=junit.xml --report markdown=smoke.md",
                "  artifacts:",
                "    when: always",
                "    paths: [evidence, smoke.md]",
                "    reports: {junit: junit.xml}",
                "",
            ]
        )

    @property
    def gitlab(self) -> str:
        """A file with the job, to be included or to begin with."""
        head = ["# Proves after a deploy that the app works: exit 0 go, 1 roll back, else a person must look."]
        if self.secrets:
            head.append(f"# Set under Settings, CI/CD, Variables, masked: {', '.join(self.secrets)}")
        return "\n".join([*head, self.gitlab_job])

    def _more(self, release: str) -> str:
        return (release if self.has_release else "") + (f" {self.selection}" if self.selection else "")
