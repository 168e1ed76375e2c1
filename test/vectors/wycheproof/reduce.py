"""Reduces test vectors of Project Wycheproof to what the tests here read. See README.md.

    python3 reduce.py <folder testvectors_v1 of a clone> <this folder>
"""

import json
import pathlib
import sys

FILES = {
    "ed25519_test": ("publicKeyJwk",),
    "ecdsa_secp256r1_sha256_p1363_test": ("publicKeyDer",),
    "ecdsa_secp256r1_sha256_test": ("publicKeyDer",),
    "json_web_signature_test": ("comment", "public"),
    "json_web_key_test": ("comment", "public"),
}
OF_A_TEST = ("tcId", "comment", "msg", "sig", "jws", "result")


def kept(source, names):
    return {name: source[name] for name in names if name in source}


def reduced(document, of_a_group):
    lines = []
    for group in document["testGroups"]:
        head = json.dumps(kept(group, of_a_group))
        tests = ",\n".join("  " + json.dumps(kept(test, OF_A_TEST)) for test in group["tests"])
        lines.append(f'{head[:-1]}{", " if head != "{}" else ""}"tests": [\n{tests}\n]}}')
    groups = ",\n".join(lines)
    return f'{{"numberOfTests": {document["numberOfTests"]}, "testGroups": [\n{groups}\n]}}\n'


source, target = map(pathlib.Path, sys.argv[1:])
for name, of_a_group in FILES.items():
    document = json.loads((source / f"{name}.json").read_text())
    text = reduced(document, of_a_group)
    assert len([test for group in json.loads(text)["testGroups"] for test in group["tests"]]) == document["numberOfTests"]
    (target / f"{name}.json").write_text(text)
