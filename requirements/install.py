"""Install locked sets into the environment this runs in: `python requirements/install.py app|dev|audit`.

uv does it in seconds. It does not read pip's configuration, so where a machine keeps its package index there, uv is told about
it; should uv not get through all the same, pip does the work. Every file is checked against its hash either way.
"""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OPTIONS_OF_PIP = {  # pip's name: uv's name, and what uv puts between several values
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "cert": ("SSL_CERT_FILE", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
    "default-timeout": ("UV_HTTP_TIMEOUT", " "),
}


def main(names: list[str]) -> int:
    """Install the sets; 0 when all is in place."""
    if not names:
        print(__doc__, file=sys.stderr)
        return 2
    files = [HERE / f"{name}.txt" for name in ("bootstrap", *names)]
    return max(_install(files, dependencies=True), _install([HERE / "rules.txt"], dependencies=False))


def _install(files: list[Path], *, dependencies: bool) -> int:
    options = ["--require-hashes", *([] if dependencies else ["--no-deps"])]
    options += [part for file in files for part in ("-r", str(file))]
    uv = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, "--quiet", *options]
    if subprocess.call(uv, env=_environment()) == 0:
        return 0
    print("uv did not manage; installing with pip, which takes longer.", flush=True)
    return subprocess.call([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options])


def _environment() -> dict[str, str]:
    """Our environment and what pip is configured to; whoever configured uv itself is left alone."""
    environment = dict(os.environ)
    if any(name in environment for name, _ in OPTIONS_OF_PIP.values() if name.startswith("UV_")):
        return environment
    found: dict[str, list[str]] = {}
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        name, separator = OPTIONS_OF_PIP.get(key.rpartition(".")[2], ("", ""))
        if name:
            found.setdefault(name, []).extend(separator.join(value.strip("'\"").replace("\\n", " ").split()).split(separator))
    for name, values in found.items():
        separator = "," if name == "UV_FIND_LINKS" else " "
        single = name in {"UV_DEFAULT_INDEX", "SSL_CERT_FILE", "UV_HTTP_TIMEOUT"}
        environment.setdefault(name, values[0] if single else separator.join(dict.fromkeys(values)))
    if "UV_INDEX" in found:  # pip takes the best file of all indexes; the hashes make that safe
        environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return environment


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
