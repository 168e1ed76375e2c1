"""Makes the repository of this folder with python-tuf (7.0.0) and securesystemslib (1.4.0).

    python make.py

The keys are thrown away, so each run makes another repository with the same structure:

    root      2 of 3; v1 has an RSA key, v2 replaces it and the timestamp key, v3 replaces the snapshot key
    targets   lists top.txt, and delegates in this order:
              level-1 (deep/*) -> level-2 -> level-3 -> level-4: four deep, only the last lists deep/file.txt
              closed (closed/*, terminating), which lists nothing of it; late (closed/*), which does
              bin-low, bin-high: halves of all hashes of paths, one of them an RSA role
    1.timestamp.json is the first publication (targets v1), timestamp.json the second (targets v2)

Fields that TUF does not know are everywhere, also outside of what is signed.
"""

import copy
import shutil
from datetime import datetime, timezone
from hashlib import sha256
from pathlib import Path

from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

HERE = Path(__file__).parent
EXPIRES = datetime(2099, 1, 1, tzinfo=timezone.utc)
UNKNOWN = {"x-note": {"words": ["not", "of", "TUF"], "number": 7}}


def write(name: str, metadata: Metadata, signers: list) -> bytes:
    metadata.signatures.clear()
    for signer in signers:
        metadata.sign(signer, append=True)
    content = metadata.to_bytes(JSONSerializer())
    (HERE / "metadata" / name).write_bytes(content)
    return content


def described(version: int, content: bytes) -> MetaFile:
    return MetaFile(version, len(content), {"sha256": sha256(content).hexdigest()})


def put(targets: Targets, path: str, content: bytes) -> None:
    info = TargetFile.from_data(path, content, ["sha256", "sha512"])
    info.unrecognized_fields["custom"] = {"size": "small"}
    targets.targets[path] = info
    folder, _, name = path.rpartition("/")
    file = HERE / "targets" / folder / f"{info.hashes['sha256']}.{name}"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def delegate(delegator: Targets, name: str, signer: CryptoSigner, **how: object) -> None:
    if delegator.delegations is None:
        delegator.delegations = Delegations({}, roles={}, unrecognized_fields=dict(UNKNOWN))
    terminating = bool(how.pop("terminating", False))
    role = DelegatedRole(name, [], 1, terminating, unrecognized_fields=dict(UNKNOWN), **how)
    delegator.delegations.roles[name] = role
    delegator.add_key(signer.public_key, name)


def main() -> None:
    for folder in ("metadata", "targets"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
        (HERE / folder).mkdir()

    admins = [CryptoSigner.generate_ed25519(), CryptoSigner.generate_ecdsa(), CryptoSigner.generate_rsa()]
    next_admin = CryptoSigner.generate_ecdsa()
    targets_signer, snapshot_1, timestamp_1 = (CryptoSigner.generate_ecdsa() for _ in range(3))
    snapshot_2, timestamp_2 = (CryptoSigner.generate_ed25519() for _ in range(2))
    targets_signer.public_key.unrecognized_fields.update(UNKNOWN)
    canonical = encode_canonical(targets_signer.public_key.to_dict())
    targets_signer.public_key.keyid = sha256(canonical.encode()).hexdigest()

    root = Root(expires=EXPIRES, consistent_snapshot=True, unrecognized_fields=dict(UNKNOWN))
    for admin in admins:
        root.add_key(admin.public_key, "root")
    root.roles["root"].threshold = 2
    root.add_key(targets_signer.public_key, "targets")
    root.add_key(snapshot_1.public_key, "snapshot")
    root.add_key(timestamp_1.public_key, "timestamp")
    write("1.root.json", Metadata(root, unrecognized_fields=dict(UNKNOWN)), [admins[0], admins[2]])

    root = copy.deepcopy(root)
    root.version = 2
    root.revoke_key(admins[2].public_key.keyid, "root")
    root.add_key(next_admin.public_key, "root")
    root.revoke_key(timestamp_1.public_key.keyid, "timestamp")
    root.add_key(timestamp_2.public_key, "timestamp")
    write("2.root.json", Metadata(root), [admins[0], admins[1]])

    root = copy.deepcopy(root)
    root.version = 3
    root.revoke_key(snapshot_1.public_key.keyid, "snapshot")
    root.add_key(snapshot_2.public_key, "snapshot")
    write("3.root.json", Metadata(root), [admins[1], next_admin])

    names = ["level-1", "level-2", "level-3", "level-4", "closed", "late", "bin-low", "bin-high"]
    signers = {name: CryptoSigner.generate_ed25519() for name in names}
    signers["level-2"] = CryptoSigner.generate_ecdsa()
    signers["bin-high"] = CryptoSigner.generate_rsa()
    roles = {name: Targets(expires=EXPIRES, unrecognized_fields=dict(UNKNOWN)) for name in names}

    targets = Targets(expires=EXPIRES)
    delegate(targets, "level-1", signers["level-1"], paths=["deep/*"])
    delegate(targets, "closed", signers["closed"], paths=["closed/*"], terminating=True)
    delegate(targets, "late", signers["late"], paths=["closed/*", "open/?.txt"])
    delegate(targets, "bin-low", signers["bin-low"], path_hash_prefixes=list("01234567"))
    delegate(targets, "bin-high", signers["bin-high"], path_hash_prefixes=list("89abcdef"))
    for parent, child in zip(names[:3], names[1:4]):
        delegate(roles[parent], child, signers[child], paths=["deep/*"])
    put(roles["level-4"], "deep/file.txt", b"four deep")
    put(roles["late"], "closed/file.txt", b"never found")
    put(roles["late"], "open/1.txt", b"found")
    for path in ("bins/a", "bins/d"):
        is_low = sha256(path.encode()).hexdigest()[0] < "8"
        put(roles["bin-low" if is_low else "bin-high"], path, path.encode())

    snapshot = Snapshot(expires=EXPIRES)
    timestamp = Timestamp(expires=EXPIRES)
    for name, role in roles.items():
        snapshot.meta[f"{name}.json"] = described(1, write(f"1.{name}.json", Metadata(role), [signers[name]]))

    put(targets, "top.txt", b"first")
    content = write("1.targets.json", Metadata(targets), [targets_signer])
    snapshot.meta["targets.json"] = described(1, content)
    timestamp.snapshot_meta = described(1, write("1.snapshot.json", Metadata(snapshot), [snapshot_1]))
    write("1.timestamp.json", Metadata(timestamp), [timestamp_1])

    targets.version = snapshot.version = timestamp.version = 2
    put(targets, "top.txt", b"second")
    # Versions alone may describe a file, too (TUF 1.0, section 4.4).
    write("2.targets.json", Metadata(targets), [targets_signer])
    snapshot.meta["targets.json"] = MetaFile(2)
    write("2.snapshot.json", Metadata(snapshot), [snapshot_2])
    timestamp.snapshot_meta = MetaFile(2)
    write("timestamp.json", Metadata(timestamp), [timestamp_2])


main()
