import os
import stat
import threading

import pytest

from pymolcode_plugin.session.trust import Signer


def test_what_this_installation_signed_is_recognised_and_nothing_else(tmp_path):
    key = tmp_path / "home" / "session.key"
    signature = Signer(key).sign(b"manifest")
    assert Signer(key).wrote(b"manifest", signature)
    assert not Signer(key).wrote(b"manifesT", signature)
    assert not Signer(key).wrote(b"manifest", signature[:-1] + ("0" if signature[-1] != "0" else "1"))
    assert not Signer(key).wrote(b"manifest", "")
    assert not Signer(key).wrote(b"manifest", "ä")
    assert not Signer(tmp_path / "other.key").wrote(b"manifest", signature)


def test_recognising_makes_no_key(tmp_path):
    assert not Signer(tmp_path / "session.key").wrote(b"x", "y")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="modes")
def test_the_key_is_random_and_for_its_user_alone(tmp_path):
    keys = [tmp_path / "a.key", tmp_path / "b.key"]
    for key in keys:
        Signer(key).sign(b"x")
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert len(key.read_bytes()) == 32
    assert keys[0].read_bytes() != keys[1].read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="modes")
def test_a_key_that_others_could_read_is_no_longer_one(tmp_path):
    key = tmp_path / "session.key"
    signature = Signer(key).sign(b"x")
    key.chmod(0o644)
    assert not Signer(key).wrote(b"x", signature)


def test_two_that_make_the_key_at_once_have_the_same(tmp_path):
    signers = [Signer(tmp_path / "session.key") for _ in range(8)]
    signatures: list[str] = []
    begin = threading.Barrier(8)

    def sign(signer):
        begin.wait()
        signatures.append(signer.sign(b"x"))

    threads = [threading.Thread(target=sign, args=(signer,)) for signer in signers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(signatures) == 8
    assert len(set(signatures)) == 1
