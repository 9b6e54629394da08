"""A centre's signature, as another program would make it by the text of docs/receipts.md."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.base import ConfigError
from uploader.prove.signature import canonical, is_signed, key_id, public_key, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
RECEIPT = {
    "v": 1,
    "upload_id": "u",
    "take_id": "t",
    "size": 3,
    "sha256": "ab" * 32,
    "stored_at": "娄山",
}


def test_what_is_signed_are_the_sorted_members_without_spaces() -> None:
    assert canonical({"size": 3, "a": "娄", "sig": "x"}) == '{"a":"娄","size":3}'.encode()


def test_another_program_can_check_it() -> None:
    signed = sign(RECEIPT, KEY)
    public = KEY.public_key()
    assert signed["key_id"] == hashlib.sha256(public.public_bytes_raw()).hexdigest()[:16] == key_id(public)
    text = '{"key_id":"%s","sha256":"%s","size":3,"stored_at":"娄山","take_id":"t","upload_id":"u","v":1}'
    public.verify(base64.b64decode(signed["sig"]), (text % (signed["key_id"], "ab" * 32)).encode())
    assert is_signed(signed, public)


@pytest.mark.parametrize("name", [*RECEIPT, "key_id"])
def test_no_member_can_be_changed(name: str) -> None:
    signed = sign(RECEIPT, KEY)
    assert not is_signed({**signed, name: "other"}, KEY.public_key())
    assert not is_signed({key: value for key, value in signed.items() if key != name}, KEY.public_key())


@pytest.mark.parametrize("sig", ["", "x", "AAAA", 7, None, "é", " "])
def test_no_signature_is_none(sig: object) -> None:
    assert not is_signed({**sign(RECEIPT, KEY), "sig": sig}, KEY.public_key())


def test_a_signature_with_anything_in_it_that_is_none_of_base64_is_none() -> None:
    signed = sign(RECEIPT, KEY)
    assert not is_signed({**signed, "sig": f"{signed['sig'][:8]} !{signed['sig'][8:]}"}, KEY.public_key())


def test_a_key_is_read_or_refused_in_one_sentence() -> None:
    raw = KEY.public_key().public_bytes_raw()
    assert key_id(public_key(base64.b64encode(raw).decode())) == key_id(KEY.public_key())
    for text in ("", "AAAA", base64.b64encode(raw).decode()[:-4], "!" + base64.b64encode(raw).decode()):
        with pytest.raises(ConfigError, match="receipt_key"):
            public_key(text)
