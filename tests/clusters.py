"""PostgreSQL of a test's own, to be stopped, restarted and taken over: never one that others use."""

import glob
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.servers import spare_port

DEBIAN = "/usr/lib/postgresql/*/bin"


def binaries() -> Path | None:
    """Return the folder of a PostgreSQL server's programs, or None where this machine has none."""
    found = shutil.which("pg_ctl")
    folders = [str(Path(found).resolve().parent)] if found else []
    return next((Path(one) for one in (*folders, *sorted(glob.glob(DEBIAN))) if (Path(one) / "initdb").exists()), None)  # noqa: PTH207


class Cluster:
    """One server on a spare port of this machine; as root it runs as the user `postgres`, as it must."""

    def __init__(self, programs: Path) -> None:
        self.programs, self.port = programs, spare_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="tidemark-cluster-"))
        if self.user:
            shutil.chown(self.folder, self.user)
        self.data = self.folder / "data"

    def make(self) -> "Cluster":
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--pgdata", str(self.data))
        return self.set("fsync = on", "wal_level = replica")

    def copy_of(self, other: "Cluster") -> "Cluster":
        """Become a standby that follows another one."""
        source = f"host=127.0.0.1 port={other.port} user=postgres application_name=standby"
        self._run(
            "pg_basebackup",
            "--write-recovery-conf",
            "--no-sync",
            "--checkpoint=fast",
            "--dbname",
            source,
            "--pgdata",
            str(self.data),
        )
        return self.set()

    def set(self, *lines: str) -> "Cluster":
        told = [f"port = {self.port}", f"unix_socket_directories = '{self.folder}'", "listen_addresses = '127.0.0.1'"]
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{line}\n" for line in (*told, *lines))
        return self

    def start(self) -> "Cluster":
        self._control("start")
        return self

    def restart(self) -> None:
        """Let it die at once, as a crash would, and start it again."""
        self._control("restart", "--mode=immediate")

    def die(self) -> None:
        self._control("stop", "--mode=immediate")

    def promote(self) -> None:
        self._control("promote")

    def reload(self) -> None:
        self._control("reload")

    def run(self, statement: str) -> str:
        """Return what a statement gives, as text."""
        return self._run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-Atc", statement)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def throw_away(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.die()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", *words, "--wait", "--pgdata", str(self.data), "--log", str(self.folder / "log"))

    def _run(self, program: str, *words: str) -> str:
        command = [str(self.programs / program), *words]
        output = self.folder / f"{program}.out"
        with output.open("w") as said:
            subprocess.run(command, check=True, timeout=60, stdout=said, stderr=said, user=self.user, cwd=self.folder)  # noqa: S603
        return output.read_text().strip()
