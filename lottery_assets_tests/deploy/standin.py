"""Stand-ins for command line tools: they note how they were called, and answer what a test tells them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = """#!{python}
import json, os, sys
from pathlib import Path
here, name, line = Path({folder!r}), Path(sys.argv[0]).name, " ".join(sys.argv[1:])
with open(here / "calls", "a") as calls:
    calls.write(name + " " + line + "\\n")
for start, answer, code in json.loads((here / "answers.json").read_text()):
    if (name + " " + line).startswith(start):
        stream = sys.stderr if code else sys.stdout
        stream.buffer.write(answer.encode())
        sys.exit(code)
"""


class Shell:
    """A checkout with one commit, and a path on which the stand-ins come first."""

    def __init__(self, folder: Path, files: dict[str, str | Path], tools: list[str]) -> None:
        self.checkout, self._bin = folder / "checkout", folder / "bin"
        self._bin.mkdir()
        for tool in tools:
            (self._bin / tool).write_text(PROGRAM.format(python=sys.executable, folder=str(self._bin)))
            (self._bin / tool).chmod(0o755)
        self._answers: list[tuple[str, str, int]] = []
        for name, content in files.items():
            target = self.checkout / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read_bytes() if isinstance(content, Path) else content.encode())
            target.chmod(0o755)
        self.git("init", "--quiet", "--initial-branch=develop")
        self.commit("first")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        return subprocess.check_output(["git", *identity, *arguments], cwd=self.checkout, text=True).strip()

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def answer(self, start: str, answer: Any = "", code: int = 0) -> None:
        """The newest answer whose words the call begins with is given; nothing and success otherwise."""
        text = answer if isinstance(answer, str) else json.dumps(answer)
        self._answers.insert(0, (start, text, code))

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        (self._bin / "answers.json").write_text(json.dumps(self._answers))
        (self._bin / "calls").write_text("")
        return subprocess.run(
            command,
            cwd=self.checkout,
            env=os.environ | {"PATH": f"{self._bin}{os.pathsep}{os.environ['PATH']}"} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self, start: str) -> list[str]:
        """Calls of the last run that begin so."""
        return [line for line in (self._bin / "calls").read_text().splitlines() if line.startswith(start)]
