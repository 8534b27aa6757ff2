"""Reads thousands of broken mails and reports crashes, slow ones and the memory used.

Run as `python -m tests.mail_fuzz ../shared/mail [--number 20000] [--seed 1]`; a crash ends it.
"""

import argparse
import random
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bot.mail.errors import UnreadableMail
from bot.mail.reading import read_mail
from tests.bot.mail.mutate import mutate
from tests.mail_report import OWN_ADDRESSES, OWN_LOOP_ID, mail_files

LONGEST_SECONDS = 2.0
MOST_MEMORY_MB = 1_000


def fuzz(mails: Sequence[bytes], *, number: int, seed: int) -> tuple[float, int]:
    """Return the longest reading time, of the processor, and its seed; faults go on."""
    slowest, slowest_seed = 0.0, seed
    for at in range(seed, seed + number):
        chance = random.Random(at)  # noqa: S311 - repeatable, not secret
        raw = mutate(chance.choice(mails), mails, chance)
        begin = time.thread_time()
        try:
            mail = read_mail(raw, own_addresses=OWN_ADDRESSES, own_loop_id=OWN_LOOP_ID)
            f"{mail.text}{mail.folded_text}{mail.subject}{mail.sender_name}".encode()
        except UnreadableMail:
            continue
        except BaseException:
            sys.stderr.write(f"mutation {at}\n")
            raise
        seconds = time.thread_time() - begin
        if seconds > slowest:
            slowest, slowest_seed = seconds, at
    return slowest, slowest_seed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    mails = [path.read_bytes() for path in mail_files(arguments.folder)]
    slowest, at = fuzz(mails, number=arguments.number, seed=arguments.seed)
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(
        f"{arguments.number} mutated mails, no crash; slowest {slowest:.2f} s (mutation {at}), "
        f"{memory_mb} MB\n"
    )
    return int(slowest > LONGEST_SECONDS or memory_mb > MOST_MEMORY_MB)


if __name__ == "__main__":
    sys.exit(main())
