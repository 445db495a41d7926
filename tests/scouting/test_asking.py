"""What nobody said is guessed from the address and from the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from smokerunner.scouting.asking import likely_app, likely_environment, likely_pipeline, secret_name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://127.0.0.1:8000", "local"),
        ("http://localhost", "local"),
        ("http://[::1]:8000/x", "local"),
        ("http://10.1.2.3", "local"),
        ("http://shop.local", "local"),
        ("https://staging.shop.example", "staging"),
        ("https://shop-test.example", "staging"),
        ("https://dev2.shop.example", "staging"),
        ("https://shop.example", "production"),
        ("https://latest.example", "production"),
        ("https://devices.example", "production"),
    ],
)
def test_an_environment_by_its_address(url: str, name: str) -> None:
    assert likely_environment(url) == name


def test_an_app_by_its_host_or_by_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "Web Shop"
    folder.mkdir()
    assert likely_app("https://www.orchard.example/x", folder) == "orchard"
    assert likely_app("http://127.0.0.1:8000", folder) == "web-shop"


def test_a_pipeline_by_what_is_there(tmp_path: Path) -> None:
    assert likely_pipeline(tmp_path) == "none"
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("[remote]\n  url = git@github.com:we/shop.git\n")
    assert likely_pipeline(tmp_path) == "github"
    (tmp_path / ".gitlab-ci.yml").write_text("")
    assert likely_pipeline(tmp_path) == "gitlab"


def test_a_secret_is_called_after_its_app() -> None:
    assert secret_name("web-shop") == "WEB_SHOP_PASSWORD"
    assert secret_name("3d") == "APP_3D_PASSWORD"
    assert secret_name("shop", "HTTP_PASSWORD") == "SHOP_HTTP_PASSWORD"
