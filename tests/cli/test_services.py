"""The embedded services start, stop, survive a crash, and keep out of each other's way."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psycopg
import pytest
import redis

from cli.services import places
from cli.services.errors import BinaryMissingError, UnsafeFolderError, WrongDataVersionError
from cli.services.postgres import Postgres
from cli.services.redis import Redis


def ask(postgres: Postgres, query: str) -> object:
    with psycopg.connect(postgres.dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_postgres_keeps_its_data_between_two_starts(tmp_path: Path) -> None:
    first = Postgres(tmp_path / "postgres", durable=False)
    first.start()
    with psycopg.connect(first.dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    first.stop()

    second = Postgres(tmp_path / "postgres", durable=False)
    second.start()
    found = ask(second, "SELECT answer FROM kept")
    second.stop()

    assert found == 42
    assert not first.ready()


def test_postgres_is_18_with_utf8_and_bytewise_order(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path / "postgres", durable=False)
    postgres.start()

    encoding = ask(postgres, "SHOW server_encoding")
    version = ask(postgres, "SHOW server_version_num")
    upper = ask(postgres, "SELECT upper('é')")
    postgres.stop()

    assert (encoding, str(version)[:2], upper) == ("UTF8", "18", "É")


def test_the_application_login_reads_nothing_by_itself(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path / "postgres", durable=False)
    postgres.start()
    with psycopg.connect(postgres.dsn) as owner:
        owner.execute("CREATE TABLE secret AS SELECT 1 AS one")

    with psycopg.connect(postgres.url) as login, pytest.raises(psycopg.errors.UndefinedTable):
        login.execute("SELECT one FROM secret")
    with psycopg.connect(postgres.url) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
        login.execute("SELECT one FROM public.secret")
    postgres.stop()


@pytest.mark.parametrize("stale_pid", ["999999", str(os.getpid())], ids=["gone", "taken"])
def test_a_stale_pid_file_does_not_keep_a_crashed_server_down(tmp_path: Path, stale_pid: str) -> None:
    postgres = Postgres(tmp_path / "postgres", durable=False)
    postgres.start()
    assert postgres.child is not None
    pid_file = postgres.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(postgres.child.pid, signal.SIGKILL)
    postgres.child.popen.wait(10)
    pid_file.write_text("\n".join([stale_pid, *lines[1:]]) + "\n")

    postgres.start()
    found = ask(postgres, "SELECT 1")
    postgres.stop()

    assert found == 1


def test_data_of_another_major_version_is_refused_untouched(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path / "postgres")
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").write_text("15\n")

    with pytest.raises(WrongDataVersionError, match="PostgreSQL 15"):
        postgres.start()

    assert [path.name for path in postgres.data.iterdir()] == ["PG_VERSION"]


def test_two_redis_run_side_by_side_and_share_nothing(tmp_path: Path) -> None:
    one, two = Redis(tmp_path / "one" / "redis"), Redis(tmp_path / "two" / "redis")
    one.start()
    two.start()

    redis.Redis.from_url(one.url).set("key", "value")
    found = redis.Redis.from_url(two.url).get("key")
    one.stop()
    two.stop()

    assert found is None
    assert not one.ready()


def test_a_long_home_gets_short_sockets(tmp_path: Path) -> None:
    home = tmp_path / ("x" * 120)
    server = Redis(home / "redis")

    server.start()
    answers = redis.Redis.from_url(server.url).ping()
    server.stop()

    assert answers is True
    assert len(str(server.socket)) < 108
    assert not server.sockets.exists()


def test_a_planted_socket_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(UnsafeFolderError):
        places.claim_folder(tmp_path / "link", os.getuid(), os.getgid())


def test_a_missing_wheel_names_its_cure() -> None:
    with pytest.raises(BinaryMissingError, match="make setup"):
        places.wheel_binary("none-such", "no_such_package_here", "bin", "server")
