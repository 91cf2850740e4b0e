"""What people have decided, by pair of records. Kept for ever: also while a record is away, for it may come back."""

from collections.abc import Iterable

from crm.dedupe.records import Judgement, Verdict


class Judgements:
    """The latest verdict of every judged pair."""

    def __init__(self) -> None:
        self.by_uid: dict[str, dict[str, Verdict]] = {}

    def put(self, judgements: Iterable[Judgement]) -> set[str]:
        """A later judgement of a pair replaces the earlier; returns the uids concerned."""
        touched: set[str] = set()
        for judgement in judgements:
            left, right = judgement.pair
            # A record is itself, whatever anybody says.
            if left != right:
                self.by_uid.setdefault(left, {})[right] = judgement.verdict
                self.by_uid.setdefault(right, {})[left] = judgement.verdict
                touched |= {left, right}
        return touched

    def withdraw(self, pairs: Iterable[tuple[str, str]]) -> set[str]:
        """Forget what was decided of these pairs; returns the uids concerned."""
        touched: set[str] = set()
        for left, right in pairs:
            if right in self.by_uid.get(left, ()):
                for one, other in ((left, right), (right, left)):
                    del self.by_uid[one][other]
                    if not self.by_uid[one]:
                        del self.by_uid[one]
                touched |= {left, right}
        return touched

    def of(self, uid: str) -> dict[str, Verdict]:
        return self.by_uid.get(uid, {})

    def judged(self, members: set[str]) -> list[str]:
        """Those of the members that any judgement names."""
        return [uid for uid in members if uid in self.by_uid] if self.by_uid else []

    def same_as(self, members: set[str]) -> set[str]:
        """The records that people have called the same as one of these."""
        return {other for uid in self.judged(members) for other, v in self.by_uid[uid].items() if v == "same"}

    def between(self, left: Iterable[str], right: Iterable[str]) -> bool:
        """Whether any pair across the two has been judged."""
        theirs = set(right)
        return any(not theirs.isdisjoint(self.of(uid)) for uid in left)

    def list_all(self) -> list[Judgement]:
        """Each pair once, in text order."""
        return [
            Judgement(left, right, verdict)
            for left, others in sorted(self.by_uid.items())
            for right, verdict in sorted(others.items())
            if left < right
        ]
