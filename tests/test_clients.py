import threading

import pytest

from pymolcode_plugin import clients


@pytest.fixture
def making(monkeypatch):
    lock = threading.Lock()
    monkeypatch.setattr(clients, "_making", lock)
    return lock


def test_an_end_waits_for_the_client_that_is_being_made_and_lets_no_other_begin(making, monkeypatch):
    began, go_on, made = threading.Event(), threading.Event(), []

    def slow(**_options):
        began.set()
        go_on.wait(10)
        made.append(1)

    monkeypatch.setattr(clients.httpx2, "AsyncClient", slow)
    first = threading.Thread(target=clients.new_client, daemon=True)
    first.start()
    began.wait(10)
    ending = threading.Thread(target=clients.make_no_more, daemon=True)
    ending.start()
    assert ending.is_alive()
    go_on.set()
    ending.join(10)
    assert made == [1]
    threading.Thread(target=clients.new_client, daemon=True).start()
    assert making.locked(), "for good"
    assert made == [1]


def test_waiting_for_one_that_hangs_has_a_limit(making):
    making.acquire()
    clients.make_no_more(limit_s=0.01)
    assert making.locked()
