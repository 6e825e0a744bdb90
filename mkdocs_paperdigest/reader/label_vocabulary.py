"""What a label means: the spellings of every field, in English, Chinese and Japanese; a site can add its own."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

KEYPOINTS = "keypoints"
"""The field whose value is a list of keypoints."""


def _split(table: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(spellings.split("|")) for name, spellings in table.items()}


FIELD_LABELS = _split(
    {
        # canonical name: its canonical spelling, then the other spellings that mean it
        KEYPOINTS: (
            "Keypoints|Keypoint|Key Points|Keywords|Keyword|Key Words|Keyphrases|Index Terms|Key|Tags|Tag|关键词|"
            "关键字|關鍵詞|關鍵字|标签|標籤|キーワード|タグ"
        ),
        "objective": "Objective|Objectives|目标|目標|研究目标|目的",
        "method": "Method|Methods|Methodology|方法|手法|提案手法",
        "metric": "Metric|Metrics|指标|評価指標|评价指标",
        "results": "Results|Result|结果|結果|实验结果|実験結果",
        "summary": "Summary|Summay|总结|總結|概述|概要|要約|まとめ",
        "limitation": "Limitation|Limitations|局限|局限性|限界",
        "discussion": "Discussion|Discussions|讨论|討論|議論|考察",
        "motivation": "Motivation|Motivations|动机|動機|研究动机",
        "takeaways": "Key Takeaways|Key Takeaway|Takeaways",
        "pipeline": "Main PipeLine|Pipeline",
        "abstract": "Abstract|Paper Abstract|摘要|摘要翻译|中文摘要|英文摘要|要旨|抄録|アブストラクト",
        "conclusion": "Conclusion|Conclusions|结论|結論",
        "tldr": "TL;DR|TLDR",
    }
)
"""The fields of a paper that are known, and every spelling that means one."""

FACT_LABELS = _split(
    {
        "title": "Title|Paper Title|标题|標題|论文标题|タイトル|題名",
        "authors": "Authors|Author|Author(s)|作者|著者",
        "date": (
            "Date|Published|Publish Date|Published Date|Publication Date|Submitted|Submitted On|Submitted Date|"
            "Submission Date|Release Date|Posted|Announced|日期|时间|時間|发布日期|发布时间|发表日期|发表时间|"
            "提交日期|提交时间|日付|投稿日|公開日|発表日|掲載日"
        ),
        "category": (
            "Category|Categories|Main Category|Primary Category|arXiv Category|arXiv Categories|Subject|Subjects|"
            "Topic|Topics|Area|Field|Domain|领域|領域|研究领域|分类|分類|主分类|类别|類別|カテゴリ|カテゴリー|分野"
        ),
        "venue": (
            "Venue|Publisher|Published In|Publication|Conference|Journal|Journal Ref|会议|會議|期刊|发表|会議|学会|"
            "掲載先|発表先"
        ),
        "arxiv": "arXiv|arXiv ID|arXiv Link|arXiv URL|arXiv 编号|arXiv 链接|arXiv 番号",
        "doi": "DOI",
        "link": (
            "Link|Links|URL|URLs|Paper|Papers|Paper Link|Paper URL|PDF|PDF Link|OpenReview|链接|連結|论文|論文|"
            "论文链接|論文リンク|论文地址|原文|原文链接|リンク"
        ),
        "code": "Code|Codes|GitHub|Source Code|Code Link|Repository|代码|程式碼|代码链接|コード",
        "project": (
            "Project|Project Page|Project Website|Homepage|Website|Page|Demo|项目|项目主页|主页|プロジェクト|"
            "プロジェクトページ"
        ),
        "resource": "Dataset|Datasets|Data|Video|Videos|Slides|Poster|数据集|数据|视频|データセット|動画",
        "institutions": "Institutions|Institution|Institute|Institutes|Affiliations|Affiliation|机构|單位|单位|所属",
        "comment": "Comment|Comments|备注|備註|コメント",
        "task": "Task|Tasks|任务|タスク",
    }
)
"""What else labels, table columns and front matter say of a paper, and every spelling that means it."""

_ASIDE = re.compile(r"(?<=\S)\s*[(（][^()（）]{1,24}[)）]\s*\Z")
_SIMILAR = 0.85
_LONGEST = 80


class LabelVocabulary:
    """The spellings that are known, and what each means."""

    def __init__(
        self, added: Mapping[str, Sequence[str]] | None = None, keypoint_fields: Sequence[str] = (KEYPOINTS,)
    ) -> None:
        """Take the spellings that a site adds, by field, and the fields that give keypoints.

        A field that is not known becomes a new one, its first spelling the canonical one. A spelling that is known already
        means what the site says.
        """
        self.fields = {name: list(spellings) for name, spellings in FIELD_LABELS.items()}
        facts = {name: list(spellings) for name, spellings in FACT_LABELS.items()}
        for wanted, spellings in (added or {}).items():
            name = wanted if wanted in self.fields or wanted in facts else _slug(wanted)
            (facts if name in facts else self.fields).setdefault(name, []).extend(spellings or [wanted])
        self._meanings = {
            _key(spelling): name
            for names in (facts, self.fields)
            for name, spellings in names.items()
            for spelling in (name, *spellings)
        }
        self._meanings |= {_key(s): self._meanings[_key(name)] for name, own in (added or {}).items() for s in own}
        self._own = frozenset(_key(spelling) for spellings in (added or {}).values() for spelling in spellings)
        self._near = [key for key, name in self._meanings.items() if name in self.fields and key.isascii()]
        self.keypoint_fields = frozenset(self._meanings.get(_key(name), _slug(name)) for name in keypoint_fields)
        self._key = (tuple(sorted((name, tuple(own)) for name, own in (added or {}).items())), self.keypoint_fields)
        self.meaning = lru_cache(maxsize=4096)(self._meaning)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LabelVocabulary) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def is_own(self, written: str) -> bool:
        """Whether a label is one that the site added."""
        return bool(self._own) and _key(written) in self._own

    def is_field(self, name: str | None) -> bool:
        """Whether a canonical name is that of a field of papers, and not of a fact such as their authors."""
        return name in self.fields

    def spelling(self, name: str) -> str:
        """The canonical spelling of a field or fact."""
        return (self.fields.get(name) or FACT_LABELS.get(name) or [name])[0]

    def _meaning(self, written: str) -> tuple[str, bool] | None:
        """Find the canonical name and whether the spelling is a known one; a field of six letters or more may be one slip off (difflib's ratio of 0.85)."""
        if len(written) > _LONGEST:
            return None
        for key in (_key(written), _key(_ASIDE.sub("", written))):
            if key in self._meanings:
                return self._meanings[key], True
        if not 6 <= len(key) <= 24:
            return None
        near = difflib.get_close_matches(key, self._near, n=1, cutoff=_SIMILAR)
        return (self._meanings[near[0]], False) if near else None


def may_be_heading(name: str, labels: LabelVocabulary) -> bool:
    """Whether a field or fact may be the heading of what it says; `Code` and `Date` head other things."""
    return labels.is_field(name) or name in ("authors", "venue", "category", "institutions")


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.casefold()).strip("_") or name


DEFAULT_LABELS = LabelVocabulary()
"""What is known without a site's options."""
