"""Earlier states of a site, read off its git history without touching the work tree, and the lock that keeps them all alive."""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ..collection import (
    FILES,
    LOCK_FILE,
    MARKDOWN,
    SKIPPED,
    Choice,
    SiteOptions,
    Source,
    bases,
    decode,
    decode_page,
    inherited,
    inherited_meta,
    relative,
    site_options,
)
from ..keypoints import EMPTY_VOCABULARY, Vocabulary, read_keypoints, with_acronyms
from ..lock import (
    NOTHING,
    Change,
    Lists,
    Lock,
    PaperState,
    Report,
    Snapshot,
    assembled,
    changes,
    lock_of,
    natural_states,
    read_lock,
    united,
)
from ..reader import LabelVocabulary, read_page
from ..records import Digest

_LOCKS = 10
_FILE_MODES = (b"100644", b"100755", b"100664")


class HistoryError(Exception):
    """The git history cannot be read; the message is one sentence. `is_none` says that there is simply none."""

    def __init__(self, message: str, *, is_none: bool = False) -> None:
        super().__init__(message)
        self.is_none = is_none


@dataclass(frozen=True, slots=True)
class History:
    """The commits of a site that count, oldest first; `folder` has its settings, "" for the top; `is_shallow`: older ones are missing."""

    top: Path
    folder: str
    commits: tuple[str, ...]
    is_shallow: bool = False


def locked(lock: Lock, earlier: Iterable[Snapshot], now: Snapshot) -> tuple[Lock, Report]:
    """The lock that keeps the addresses of `earlier` states, oldest first, each by its own lock; and changes that `lock` does not have."""
    report: list[Change] = []
    before: Snapshot | None = None
    found = was = NOTHING
    for after in chain(earlier, (now,)):
        own = lock if after is now else after.lock
        if before is None:
            found, _ = changes(own, after, after)
        else:
            found, said = changes(found, before, after)
            naturals = {paper.natural for paper in after.papers}
            found = united(found, own, was, naturals, after.labels)
            report += said
        before, was = after, own
    known = {*lock.owners, *lock.gone, *(old for olds in lock.keypoints.values() for old in olds)}
    news = (item for item in report if (item.old in known) == (item.kind == "back"))
    return found, tuple(dict.fromkeys(news))


def without_undone(lock: Lock, earlier: Sequence[Snapshot], now: Snapshot) -> Lock:
    """A lock without what it was given since its last commit for papers and keypoints that never were: the change was undone."""
    states = (*earlier, now)
    was = earlier[-1].lock if earlier else lock
    naturals = {paper.natural for state in states for paper in state.papers}
    labels = {slug for state in states for slug in state.labels}

    def kept(lists: Mapping[str, tuple[str, ...]], old: Mapping[str, tuple[str, ...]], known: set[str]) -> Lists:
        return {key: olds for key, olds in lists.items() if key in known or old.get(key) == olds}

    return lock_of(kept(lock.keypoints, was.keypoints, labels), kept(lock.papers, was.papers, naturals), lock.gone)


def snapshot_of_sources(
    sources: Mapping[str, Source],
    labels: LabelVocabulary,
    vocabulary: Vocabulary,
    lock: Lock,
    read_with: Lock | None = None,
) -> Snapshot:
    """What a site holds; sources whose addresses the lock that they were read with (by default `lock`) changes are read without it."""
    named = (lock if read_with is None else read_with).pages
    pages = []
    for path in sorted(sources):
        source = sources[path]
        if not source.digest.sections:
            continue
        plain = (path.rpartition(".")[0] or path) not in named
        digest = source.digest if plain else read_page(source.body, path, meta=source.meta, labels=labels)[0]
        pages.append(natural_states(digest))
    return assembled(pages, vocabulary, lock)


def history_of(folder: Path, since: str | None = None) -> History:
    """The commits of the site whose settings stand in `folder`, from `since`, a revision, to HEAD, along first parents.

    By default they begin before the last ten commits that changed the lock file: each may have come from a branch that did not
    see what others changed. If there are fewer, they begin with the first one whose settings name the plugin, since there was no site
    before. Raises HistoryError.
    """
    top = _text(folder, "rev-parse", "--show-toplevel")
    prefix = _text(folder, "rev-parse", "--show-prefix").rstrip("/")
    try:
        head = _text(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    except HistoryError:
        raise HistoryError("there is no commit yet", is_none=True) from None
    git = partial(_text, Path(top))
    lock, *settings = (posixpath.join(prefix, name) for name in (LOCK_FILE, *FILES))
    above = (os.path.relpath(os.path.realpath(base), top) for name in FILES for base in bases(folder / name))
    settings += [Path(base).as_posix() for base in above if not base.startswith("..")]
    if since is not None:
        start = _revision(git, since)
    elif (
        len(locks := git("rev-list", f"-{_LOCKS}", "--first-parent", "--no-merges", head, "--", lock).split()) == _LOCKS
    ):
        start = "".join(git("rev-list", "-1", "--parents", locks[-1]).split()[1:2])
    else:
        start = ""
    named = ("log", "-m", "--first-parent", "--reverse", "--format=%H", "-Spaperdigest", head, "--", *settings)
    start = start or git(*named).partition("\n")[0] or head
    later = git("rev-list", "--first-parent", "--reverse", f"{start}..{head}")
    is_shallow = git("rev-parse", "--is-shallow-repository") == "true"
    return History(Path(top), prefix, (start, *later.split()), is_shallow)


def _revision(git: Callable[..., str], name: str) -> str:
    fault = HistoryError(f"`{name}` names no commit here")
    if name.startswith("-") or "\0" in name:
        raise fault
    try:
        return git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except HistoryError:
        raise fault from None


def snapshots_of_git(history: History, docs: Path | None = None) -> Iterator[Snapshot]:
    """The states of a site at its commits, oldest first, without those that change nothing. Raises HistoryError while it goes."""
    try:
        with _reading(history.top) as read:
            yield from _States(history, read, docs).each()
    except OSError as error:
        raise HistoryError(str(error)) from None


_Page = tuple[tuple[PaperState, ...], tuple[str, Digest] | None]
"""A page read without a lock: its papers, and its text and digest where acronyms are merged."""


class _States:
    def __init__(self, history: History, read: Callable[[str], bytes], docs: Path | None) -> None:
        self.history, self.read = history, read
        self.docs = None if docs is None else PurePosixPath(relative(docs, history.top)).as_posix()
        self.base = cache(lambda blob: inherited(read(blob)))

    def each(self) -> Iterator[Snapshot]:
        options = SiteOptions()
        known: dict[str, str] | None = None
        last: object = None
        pages: dict[tuple[str, str], _Page] = {}
        for commit in self.history.commits:
            settings = self._settings(commit)
            if settings != known:
                known, options, pages = settings, self._options(settings), {}
            lock_file, keypoints_file = (self._beside(name) for name in (LOCK_FILE, options.keypoints or LOCK_FILE))
            others = self._files(commit, lock_file, keypoints_file)
            docs = self._beside(options.docs) if self.docs is None else self.docs
            files = self._files(commit, f"{docs}/", below=True)
            tree = {path.removeprefix(f"{docs}/"): blob for path, blob in files.items()}
            found = {path: blob for path, blob in tree.items() if _is_page(path)}
            names = {name for name, _ in options.meta_files}
            metas = {path: blob for path, blob in tree.items() if posixpath.basename(path) in names}
            seen = (settings, others, found, metas)
            if seen == last:
                continue
            last = seen
            given = inherited_meta({path: self.read(blob) for path, blob in metas.items()}, options.meta_files)
            if given != options.rules.inherited:
                options, pages = replace(options, rules=replace(options.rules, inherited=given)), {}
            before, pages = pages, {}
            site = f"{posixpath.relpath(self._beside(options.site), docs)}/"
            chosen = Choice(options.include, options.exclude)
            for path in options.pages(path for path in found if not path.startswith(site)):
                if path in chosen:
                    key = path, found[path]
                    pages[key] = before.get(key) or self._page(*key, options)
            vocabulary = EMPTY_VOCABULARY
            if options.keypoints and keypoints_file in others:
                vocabulary = read_keypoints(self._text(others[keypoints_file]), "")[0]
            if options.acronyms == "merge":
                texts = [read for _, read in pages.values() if read]
                vocabulary = with_acronyms(vocabulary, texts, options.label_vocabulary)[0]
            lock = read_lock(self._text(others.get(lock_file)), LOCK_FILE)[0]
            yield assembled((states for states, _ in pages.values()), vocabulary, lock)

    def _page(self, path: str, blob: str, options: SiteOptions) -> _Page:
        page = decode_page(path, self.read(blob), options.rules)
        digest = page.read(options.label_vocabulary)[0]
        return natural_states(digest), (page.text, digest) if options.acronyms == "merge" else None

    def _settings(self, commit: str) -> dict[str, str]:
        found: dict[str, str] = {}
        new = self._files(commit, *(self._beside(name) for name in FILES))
        while new:
            found |= new
            named = {posixpath.join(posixpath.dirname(p), base) for p, blob in new.items() if (base := self.base(blob))}
            wanted = {posixpath.normpath(path) for path in named} - found.keys()
            new = self._files(commit, *sorted(wanted))
        return found

    def _options(self, settings: Mapping[str, str]) -> SiteOptions:
        with TemporaryDirectory() as place:
            for path, blob in settings.items():
                file = Path(place, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(self.read(blob))
            folder = Path(place, self.history.folder)
            options = site_options(folder)
            docs, site = (Path(os.path.relpath(path, folder)) for path in (options.docs, options.site))
        # A file of passwords is not there, and a site with one is not to lose its former addresses.
        rules = replace(options.rules, level=bool(options.rules.level))
        return replace(options, folder=Path(), path=None, rules=rules, docs=docs, site=site)

    def _beside(self, path: str | Path) -> str:
        return posixpath.normpath(posixpath.join(self.history.folder, PurePosixPath(path).as_posix()))

    def _text(self, blob: str | None) -> str:
        return decode(self.read(blob))[0] if blob else ""

    def _files(self, commit: str, *paths: str, below: bool = False) -> dict[str, str]:
        """The ids of files by their paths from the top: those at `paths`, or all `below` these."""
        inside = [path for path in paths if not path.startswith(("../", "/"))]
        if not inside:
            return {}
        found = {}
        option = ["-r"] if below else []
        for line in _git(self.history.top, "ls-tree", *option, "-z", "--full-tree", commit, "--", *inside).split(b"\0"):
            facts, _, path = line.partition(b"\t")
            mode, _, rest = facts.partition(b" ")
            if mode in _FILE_MODES:  # no link, and no other repository
                found[os.fsdecode(path)] = rest.partition(b" ")[2].decode("ascii")
        return found


def _is_page(path: str) -> bool:
    *folders, name = path.split("/")
    return name.endswith(MARKDOWN) and not any(part.startswith(".") or part in SKIPPED for part in (*folders, name[:1]))


# -- git


def _environment() -> dict[str, str]:
    """What git is told: English, no questions, and nothing of the repository that a hook of git runs in."""
    own = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_LITERAL_PATHSPECS"}
    kept = {name: value for name, value in os.environ.items() if name not in own}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def _command(folder: Path, *arguments: str) -> list[str]:
    program = shutil.which("git")
    if program is None:
        raise HistoryError("the program git is not there", is_none=True)
    settings = ("log.showSignature=false", "log.follow=false", "color.ui=false")
    options = [option for setting in settings for option in ("-c", setting)]
    return [program, "-C", os.fspath(folder), "--literal-pathspecs", *options, *arguments]


def _git(folder: Path, *arguments: str) -> bytes:
    """What git prints. Raises HistoryError."""
    command = _command(folder, *arguments)
    try:
        done = subprocess.run(command, capture_output=True, env=_environment(), check=False)  # noqa: S603
    except (OSError, ValueError) as error:
        raise HistoryError(str(error)) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        reason = f"git says: {said.removeprefix('fatal: ') or f'error {done.returncode}'}"
        raise HistoryError(reason, is_none="not a git repository" in said)
    return done.stdout


def _text(folder: Path, *arguments: str) -> str:
    return os.fsdecode(_git(folder, *arguments)).removesuffix("\n")


@contextmanager
def _reading(top: Path) -> Iterator[Callable[[str], bytes]]:
    """Give a function that reads files of a repository by their ids, all with one process."""
    pipe = subprocess.PIPE
    command = _command(top, "cat-file", "--batch")
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=_environment()) as process:  # noqa: S603
        asked, answers = process.stdin, process.stdout
        assert asked is not None
        assert answers is not None

        def read(blob: str) -> bytes:
            asked.write(blob.encode("ascii") + b"\n")
            asked.flush()
            _, _, rest = answers.readline().partition(b" ")
            kind, _, size = rest.partition(b" ")
            if kind != b"blob":
                raise HistoryError(f"the file {blob} of an earlier commit is not in this clone: fetch all of it")
            data = answers.read(int(size))
            answers.read(1)
            return data

        try:
            yield read
        finally:
            with suppress(OSError):
                asked.close()
