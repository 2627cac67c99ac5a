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
    try:
        venv.create(ENVIRONMENT, with_pip=True, clear=True, symlinks=True)
    except subprocess.CalledProcessError:
        sys.exit(
            "This Python has no venv or ensurepip module. Some systems ship them apart from Python: "
            "install python3-venv (Debian, Ubuntu) and try again."
        )


def _install_packages(files: list[str]) -> None:
    listed = [part for file in files for part in ("-r", file)]
    uv = [str(ENVIRONMENT / "bin" / "uv"), "pip", "install", "--quiet", "--python", str(PYTHON)]
    if subprocess.run([*uv, "--require-hashes", *listed], cwd=PROJECT, check=False).returncode != 0:
        # pip knows the mirrors and proxies of pip.conf, which uv does not read.
        _say("uv could not install them; trying again with pip, which takes longer")
        _pip_install(files)


def _pip_install(files: list[str]) -> None:
    listed = [part for file in files for part in ("-r", file)]
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    if subprocess.run([*pip, "--require-hashes", *listed], cwd=PROJECT, check=False).returncode != 0:
        sys.exit(f"pip could not install {', '.join(files)}; its reason stands above.")


def _fingerprint(files: list[str]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update((PROJECT / file).read_bytes())
    return digest.hexdigest()


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


if __name__ == "__main__":
    install(sys.argv[1])
