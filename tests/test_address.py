import pytest

from pymolcode_plugin.address import addresses, host_of, on_this_machine, runs_elsewhere, shown


def nowhere(name):
    raise AssertionError(f"{name} was looked up")


def loopback(name):
    assert name == "localhost", f"{name} was looked up"
    return ("127.0.0.1", "::1")


HERE = [
    "http://127.0.0.1:8080/v1", "https://127.0.0.1/v1", "http://127.0.0.1", "http://127.255.255.254/", "HTTP://127.0.0.2/",
    "http://[::1]:11434/v1", "http://[::ffff:127.0.0.1]/", "http://[0:0:0:0:0:0:0:1]/", "http://user:word@127.0.0.1/v1",
    "http://localhost:1234/v1", "http://LOCALHOST/", "http://127.0.0.1/#@evil.com/", "http://127.0.0.1/?@evil.com",
]  # fmt: skip
ELSEWHERE = [
    "https://api.openai.com/v1", "http://evil.com/127.0.0.1", "http://evil.com#127.0.0.1", "http://evil.com?127.0.0.1",
    "http://localhost.evil.com/", "http://127.0.0.1.evil.com/", "http://127.0.0.1.nip.io/", "http://localhost.localdomain/",
    "http://127.0.0.1@evil.com/", "http://localhost:80@evil.com/", "http://127.0.0.1%40evil.com/",
    "http://127.0.0.1\\@evil.com/", "http://127.0.0.1%2eevil.com/", "http://127.0.0.1 .evil.com/", "http://notlocalhost/",
    "http://0.0.0.0:8080/v1", "http://[::]/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
    "http://017700000001/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.1/", "http://localhost./",
    "http://128.0.0.1/", "http://10.0.0.1/", "http://192.168.1.2:11434/v1", "http://169.254.169.254/", "http://[fe80::1]/",
    "http://[::1%25lo]/", "http://[::ffff:10.0.0.1]/", "http://[::2]/", "http://１２７.0.0.1/", "http://ⓛocalhost/",
    "http://my-computer/", "http://ip6-localhost/", "http://host.docker.internal/", "ftp://127.0.0.1/", "file:///etc/passwd",
    "ws://127.0.0.1/", "127.0.0.1:8080", "//127.0.0.1/", "localhost", "", "http://", "http:///x", " http://127.0.0.1",
    "http://127.0.0.1\t.evil.com/", "http://127.0.0.256/",
]  # fmt: skip


@pytest.mark.parametrize("url", HERE)
def test_these_are_on_this_machine(url):
    assert on_this_machine(url, loopback)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_these_are_not_and_none_of_them_is_looked_up(url):
    assert not on_this_machine(url, nowhere)


@pytest.mark.parametrize("found", [(), ("10.0.0.1",), ("127.0.0.1", "10.0.0.1"), ("0.0.0.0",)])
def test_localhost_is_believed_only_where_the_system_resolves_it_to_this_machine(found):
    assert not on_this_machine("http://localhost/", lambda _name: found)


def test_this_system_resolves_localhost_to_itself():
    assert on_this_machine("http://localhost:1/")
    assert addresses("name.invalid") == ()


def test_the_host_is_the_one_a_connection_would_go_to():
    assert host_of("https://me@API.example.com:8443/v1") == "api.example.com"


@pytest.mark.parametrize(
    ("model", "elsewhere"), [("gpt-oss:120b-cloud", True), ("glm:cloud", True), ("qwen3", False), ("cloudy:7b", False)]
)
def test_a_server_here_may_pass_a_model_on(model, elsewhere):
    assert runs_elsewhere(model) is elsewhere


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://me:canary@API.example.com:8443/v1/?key=canary#canary", "https://api.example.com:8443/v1"),
        ("http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1"),
        ("http://[::1]:9/", "http://[::1]:9"),
        ("canary", "this address"),
        ("http://[::canary", "this address"),
        ("ftp://canary/", "this address"),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret_in_it(url, text):
    assert shown(url) == text
