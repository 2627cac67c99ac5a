"""The two servers of a one-machine helpline: private, strict, and back with their data after a crash."""

import psycopg
import pytest
import redis

from tests.servers import ServersFolder, TestPostgres, TestValkey


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


@pytest.mark.faults
def test_postgres_killed_outright_comes_back_with_its_rows(own_servers_folder: ServersFolder):
    server = TestPostgres(own_servers_folder)
    url = plain(server.create_database())
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept (number integer)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 500)")
    server.kill()
    server.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (500,)
    server.stop()


@pytest.mark.faults
def test_valkey_killed_outright_comes_back_with_its_keys(own_servers_folder: ServersFolder):
    server = TestValkey(own_servers_folder)
    with redis.Redis.from_url(server.url) as client:
        for number in range(500):
            client.set(f"key {number}", number)
    server.kill()
    server.start()
    with redis.Redis.from_url(server.url) as client:
        assert client.dbsize() == 500
    server.stop()


def test_the_services_role_is_no_superuser(postgres: TestPostgres):
    with psycopg.connect(plain(postgres.create_database())) as connection:
        assert connection.execute("SELECT current_setting('is_superuser')").fetchone() == ("off",)


def test_postgres_refuses_a_wrong_password(postgres_url: str):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(plain(postgres_url).replace("only-for-tests", "wrong"))


def test_postgres_listens_on_no_network_address(postgres_url: str):
    with psycopg.connect(plain(postgres_url)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_valkey_refuses_a_client_without_the_password(redis_url: str):
    with (
        redis.Redis.from_url(redis_url.replace(":only-for-tests@", "")) as client,
        pytest.raises(redis.AuthenticationError),
    ):
        client.ping()


def test_full_memory_makes_valkey_refuse_new_work_rather_than_forget_old(redis_url: str):
    with redis.Redis.from_url(redis_url, decode_responses=True) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("appendonly") == {"appendonly": "yes"}


def test_a_database_can_be_copied_from_another(postgres: TestPostgres):
    original = postgres.create_database()
    with psycopg.connect(plain(original)) as connection:
        connection.execute("CREATE TABLE migrated (number integer)")
    copy = postgres.create_database(copy_of=psycopg.conninfo.conninfo_to_dict(plain(original))["dbname"])
    with psycopg.connect(plain(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM migrated").fetchone() == (0,)
