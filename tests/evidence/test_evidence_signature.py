"""A signature proves who sealed a bundle, to us and to minisign; whoever makes the sums anew is found out."""

from __future__ import annotations

import builtins
import hashlib
import shutil
import stat
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_run import CONSOLE, RUN_ID, SUMMARY, filled, small_run

from smokerunner.evidence.folder import SIGNATURE
from smokerunner.evidence.seal import Sealed, seal
from smokerunner.evidence.signature import PrivateKey, PublicKey, write_keys
from smokerunner.evidence.verify import examine, verify
from smokerunner.model.errors import BadInput
from tests.conftest import Smoke

MINISIGN = shutil.which("minisign")
needs_minisign = pytest.mark.skipif(MINISIGN is None, reason="needs Debian's minisign")


@pytest.fixture
def key(tmp_path: Path) -> PrivateKey:
    write_keys(tmp_path / "ours")
    return PrivateKey.read(tmp_path / "ours.key")


@pytest.fixture
def sealed(tmp_path: Path, key: PrivateKey) -> Sealed:
    return seal(filled(tmp_path / "evidence"), small_run(), SUMMARY, key)


def unsigned(tmp_path: Path) -> Path:
    return seal(filled(tmp_path / "unsigned"), small_run(), SUMMARY).path


def with_new_sums(folder: Path) -> None:
    """What somebody does who knows how the folder is proven."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("SHA256SUMS")
    ]
    (folder / "SHA256SUMS").write_text("".join(lines))


def packed(folder: Path, place: Path) -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, f"{RUN_ID}/{path.relative_to(folder).as_posix()}")
    return place


def test_a_signed_bundle_is_proven_as_folder_and_zip(sealed: Sealed, tmp_path: Path, smoke: Smoke) -> None:
    assert sealed.archive is not None
    assert verify(sealed.path) == verify(sealed.archive) == []
    name = PublicKey.read(tmp_path / "ours.pub").name
    ran = smoke("verify", sealed.path, sealed.archive, "--key", tmp_path / "ours.pub")
    assert ran.exit_code == 0, ran.err
    assert ran.out == "".join(
        f"{path}: whole and unchanged, signed by key {name}\n" for path in (sealed.path, sealed.archive)
    )
    ran = smoke("verify", sealed.path)
    assert ran.exit_code == 0
    carries = "carries a signature that was not checked; --key PUBLIC checks it"
    assert ran.out == f"{sealed.path}: whole and unchanged; {carries}\n"


def test_sha256sum_still_proves_a_signed_folder(sealed: Sealed) -> None:
    subprocess.run(["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"], cwd=sealed.path, check=True)


@pytest.mark.parametrize("shape", ["folder", "zip"])
def test_sums_made_anew_are_rejected(sealed: Sealed, tmp_path: Path, smoke: Smoke, shape: str) -> None:
    (sealed.path / CONSOLE).write_text('{"level": "log", "text": "nothing to see"}\n')
    with_new_sums(sealed.path)
    path = sealed.path if shape == "folder" else packed(sealed.path, tmp_path / "again.zip")
    assert verify(path) == [], "the sums alone cannot tell"
    ran = smoke("verify", path, "--key", tmp_path / "ours.pub")
    assert ran.exit_code == 3
    assert "is not for these sums: they were made anew" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.unlink(), f"is not signed: there is no {SIGNATURE} in it"),
        (lambda path: path.write_text("nonsense\n"), f"{SIGNATURE}: is not a signature"),
        (lambda path: path.write_text(path.read_text().replace(RUN_ID, "another-run")), "is not for these sums"),
    ],
    ids=["removed", "nonsense", "comment"],
)
def test_a_spoilt_signature_is_rejected(
    sealed: Sealed, tmp_path: Path, smoke: Smoke, spoil: Callable[[Path], Any], said: str
) -> None:
    spoil(sealed.path / SIGNATURE)
    ran = smoke("verify", sealed.path, "--key", tmp_path / "ours.pub")
    assert ran.exit_code == 3
    assert said in ran.err


def test_another_key_and_no_signature_are_rejected(sealed: Sealed, tmp_path: Path, smoke: Smoke) -> None:
    _, public, other = write_keys(tmp_path / "other")
    ran = smoke("verify", sealed.path, "--key", public)
    assert ran.exit_code == 3
    assert f"not by {other.name}" in ran.err
    # A forger may write any key id; the signature still is not the owner's.
    forged = PrivateKey(PrivateKey.read(tmp_path / "ours.key").key_id, PrivateKey.make().seed)
    (sealed.path / SIGNATURE).write_text(forged.sign((sealed.path / "SHA256SUMS").read_bytes(), "x"))
    assert smoke("verify", sealed.path, "--key", tmp_path / "ours.pub").exit_code == 3
    ran = smoke("verify", unsigned(tmp_path), "--key", tmp_path / "ours.pub")
    assert ran.exit_code == 3
    assert "is not signed" in ran.err


@needs_minisign
def test_minisign_checks_our_signature_and_we_use_its_keys(sealed: Sealed, tmp_path: Path, smoke: Smoke) -> None:
    def minisign(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(MINISIGN), *map(str, arguments)], cwd=sealed.path, capture_output=True, text=True, check=False
        )

    checked = minisign("-V", "-p", tmp_path / "ours.pub", "-m", "SHA256SUMS")
    assert checked.returncode == 0, checked.stderr
    assert f"run:{RUN_ID}" in checked.stdout
    assert minisign("-G", "-W", "-p", tmp_path / "theirs.pub", "-s", tmp_path / "theirs.key").returncode == 0
    (tmp_path / "theirs.key").chmod(0o600)
    theirs = seal(filled(tmp_path / "theirs"), small_run(), SUMMARY, PrivateKey.read(tmp_path / "theirs.key"))
    assert examine(theirs.path, PublicKey.read(tmp_path / "theirs.pub")).lines == []
    assert minisign("-S", "-s", tmp_path / "ours.key", "-m", "SHA256SUMS").returncode == 0
    assert smoke("verify", sealed.path, "--key", tmp_path / "ours.pub").exit_code == 0
    (sealed.path / "SHA256SUMS").write_text("other\n")
    assert minisign("-V", "-p", tmp_path / "ours.pub", "-m", "SHA256SUMS").returncode != 0


def test_keygen_writes_a_key_for_its_owner_alone_and_overwrites_nothing(tmp_path: Path, smoke: Smoke) -> None:
    ran = smoke("keygen", "--out", "keys/release")
    assert ran.exit_code == 0, ran.err
    private, public = tmp_path / "keys/release.key", tmp_path / "keys/release.pub"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert PrivateKey.read(private).public() == PublicKey.read(public)
    assert "smokerunner run --sign keys/release.key" in ran.out
    assert private.read_text().splitlines()[1] not in ran.out
    before = private.read_bytes(), public.read_bytes()
    for missing in (None, private):
        if missing is not None:
            missing.unlink()
        again = smoke("keygen", "--out", "keys/release")
        assert again.exit_code == 2
        assert "is there already" in again.err
    assert before[1] == public.read_bytes()
    assert not private.exists()


def test_a_private_key_is_never_shown(key: PrivateKey) -> None:
    assert key.seed.hex() not in repr(key)
    assert repr(key.seed) not in repr(key)


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o600, "a private key cannot be read there"),
        (b"\xff\xfe", 0o600, "not a private key"),
        (b"hello\n", 0o600, "not a private key for signatures"),
        (b"untrusted comment: minisign secret key\nAAAA\n", 0o600, "not a private key for signatures"),
        ("ours.pub", 0o600, "this is the public key"),
        ("ours.key", 0o640, "others can read this private key"),
        ("locked", 0o600, "is protected by a password"),
        ("mixed", 0o600, "not a whole private key"),
    ],
)
def test_a_bad_key_is_refused_before_anything_runs(
    tmp_path: Path, smoke: Smoke, key: PrivateKey, content: bytes | str | None, mode: int, said: str
) -> None:
    import base64

    place = tmp_path / "given.key"
    whole = (tmp_path / "ours.key").read_bytes()
    head, body = whole.split(b"\n")[:2]
    raw = bytearray(base64.b64decode(body))
    if content == "locked":
        raw[2:4] = b"Sc"
        content = head + b"\n" + base64.b64encode(raw) + b"\n"
    elif content == "mixed":
        raw[70] ^= 1
        content = head + b"\n" + base64.b64encode(raw) + b"\n"
    elif isinstance(content, str):
        content = (tmp_path / content).read_bytes()
    if content is not None:
        place.write_bytes(content)
        place.chmod(mode)
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "shop.yaml").write_text(
        "app: shop\nbase_url: http://127.0.0.1:9\nflows: {one: {steps: [{goto: /}]}}\n"
    )
    ran = smoke("run", "--sign", place)
    assert ran.exit_code == 2
    assert said in ran.err
    assert len(ran.err.splitlines()) == 1
    assert not (tmp_path / "evidence").exists()


def test_a_public_key_that_is_none_is_bad_input(sealed: Sealed, tmp_path: Path, smoke: Smoke) -> None:
    for name in ("ours.key", "missing.pub"):
        ran = smoke("verify", sealed.path, "--key", tmp_path / name)
        assert ran.exit_code == 2
        assert str(tmp_path / name) in ran.err


def test_without_the_package_it_says_what_to_install(
    sealed: Sealed, tmp_path: Path, smoke: Smoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    ran = smoke("verify", sealed.path, "--key", tmp_path / "ours.pub")
    assert ran.exit_code == 2
    assert ran.err == "signatures need one more package: pip install 'smokerunner[signing]'\n"
    assert smoke("keygen").exit_code == 2
    assert not list(tmp_path.glob("smokerunner.*"))
    assert smoke("verify", sealed.path).exit_code == 0, "the sums need nothing"


def test_a_bundle_that_cannot_be_sealed_leaves_no_signature(tmp_path: Path, key: PrivateKey) -> None:
    folder = filled(tmp_path / "evidence")
    folder.sealed.mkdir()
    with pytest.raises(Exception, match="File exists"):
        seal(folder, small_run(), SUMMARY, key)
    assert not (folder.root / SIGNATURE).exists()


def test_a_key_file_is_read_back_as_it_was_written(tmp_path: Path, key: PrivateKey) -> None:
    assert key.text() == (tmp_path / "ours.key").read_text()
    with pytest.raises(BadInput):
        PublicKey.read(tmp_path / "ours.key")
