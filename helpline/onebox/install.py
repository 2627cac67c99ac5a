"""Makes .venv and puts the pinned packages in it, once: `python3 -m helpline.onebox.install run|test|serve`.

Runs before anything is installed, so it uses only the standard library.
"""

import hashlib
import subprocess
import sys
import time
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ENVIRONMENT = PROJECT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
BOOTSTRAP = "requirements/bootstrap.txt"
SERVE = ["requirements.txt"]
RUN = [*SERVE, "requirements/development.txt"]
TEST = [*RUN, "requirements/test.txt"]
REQUIREMENTS = {"serve": SERVE, "run": RUN, "test": TEST}


def install(purpose: str) -> None:
    """Install what `purpose` needs; does nothing when the requirement files are those of the last time."""
    files = REQUIREMENTS[purpose]
    stamp = ENVIRONMENT / f"installed-{purpose}"
    wanted = _fingerprint([BOOTSTRAP, *files])
    if PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not PYTHON.exists():
        _say(f"Making a Python {sys.version_info.major}.{sys.version_info.minor} environment in .venv")
        _make_environment()
    if not (ENVIRONMENT / "bin" / "uv").exists():
        _say("Installing uv, the installer")
        _pip_install([BOOTSTRAP])
    _say(f"Installing pinned packages from {', '.join(files)}")
    _install_packages(files)
    stamp.write_text(wanted, encoding="utf-8")


def _make_environment() -> None:
    # Without pip: putting it in takes longer than everything else, and it is needed for uv alone.
    venv.create(ENVIRONMENT, with_pip=False, clear=True, symlinks=True)


def _install_packages(files: list[str]) -> None:
    uv = [str(ENVIRONMENT / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]
    if not _succeeds([*uv, "--require-hashes", *_listed(files)]):
        # pip knows the mirrors and proxies of pip.conf, which uv does not read.
        _say("uv could not install them; trying again with pip, which takes longer")
        _pip_install(files)


def _pip_install(files: list[str]) -> None:
    pip = [*_find_pip(), "install", "-qq", "--no-compile", "--disable-pip-version-check"]
    if not _succeeds([*pip, "--require-hashes", *_listed(files)]):
        sys.exit(f"pip could not install {', '.join(files)}; its reason stands above.")


def _find_pip() -> list[str]:
    """The pip of the Python that runs this, or else a new one in .venv."""
    here = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if subprocess.run([*here, "--version"], capture_output=True, check=False).returncode == 0:
        return here
    if not _succeeds([str(PYTHON), "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL):
        sys.exit(
            "This Python has neither pip nor ensurepip. Some systems ship them apart from Python: "
            "install python3-venv (Debian, Ubuntu) or python3-pip and try again."
        )
    return [str(PYTHON), "-m", "pip"]


def _listed(files: list[str]) -> list[str]:
    return [part for file in files for part in ("-r", file)]


def _succeeds(command: list[str], **options: int) -> bool:
    return subprocess.run(command, cwd=PROJECT, check=False, **options).returncode == 0


def _fingerprint(files: list[str]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update((PROJECT / file).read_bytes())
    return digest.hexdigest()


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


if __name__ == "__main__":
    install(sys.argv[1])
