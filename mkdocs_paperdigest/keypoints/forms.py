"""The words of a keypoint's name, apart from punctuation, and what stays equal when they are spelt in another way."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from .spelling import american, singular

LONGEST = 300
"""Of a longer name no forms are made: it is a sentence."""

STOP_WORDS = frozenset("a an and as at by for from in of on or over the to via with".split())
"""Words that an acronym may pass over."""

_APOSTROPHES = re.compile(r"['’‘`´\"“”]")
_WORD = re.compile(r"[^\W_]+(?:\.\d[^\W_]*)*(?:[+#]+|\*(?!\*))?")
_TO = re.compile(r"([a-z]{3,})2([a-z]{3,})")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")

_SIMPLIFIED = str.maketrans(
    "學習機強監無語視覺圖檢測識別訓練網絡經數據處擴對話態變換轉譯聲實驗優華險預關係導動運軌跡計劃規復雜樣試標註級層參壓縮邊緣雲臺聯隱護擊魯穩魚點維場輻資訊類迴歸決樹隨長馬爾過濾鏈結構設與間時題環節約達義續記憶補償醫療診斷腫細藥開發現遺傳風評價電腦車輛駕駛輸適應協調總檔歷觀啟問驅單雙編碼釋區塊難質則線條減顏領認證權圍綜體錯誤積極廣遠遙熱異",
    "学习机强监无语视觉图检测识别训练网络经数据处扩对话态变换转译声实验优华险预关系导动运轨迹计划规复杂样试标注级层参压缩边缘云台联隐护击鲁稳鱼点维场辐资讯类回归决树随长马尔过滤链结构设与间时题环节约达义续记忆补偿医疗诊断肿细药开发现遗传风评价电脑车辆驾驶输适应协调总档历观启问驱单双编码释区块难质则线条减颜领认证权围综体错误积极广远遥热异",
)
"""Traditional characters that terms of research have, and their simplified forms."""


@lru_cache(maxsize=65536)
def split(name: str) -> tuple[str, ...]:
    """Split a name into words as they are spelt: `"GPT-3.5 (chat)"` has `GPT`, `3.5`, `chat`; `C++`, `C#` and `A*` keep their signs, `&` is `and`."""
    text = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", name).replace("&", " and ")).translate(_SIMPLIFIED)
    found = (word[:-1] if word.endswith("*") and len(word) > 5 else word for word in _words(text))
    return tuple(found)


def _words(text: str) -> list[str]:
    if text.isascii() or not any(unicodedata.combining(c) for c in text):
        return _WORD.findall(text)
    marked = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" or c in ".+#*" else " " for c in text)
    return [word for word in (part.strip(".") for part in marked.split()) if word]


def plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same words in lower case, without `the`; `text2image` is `text to image`."""
    folded: list[str] = []
    for word in words:
        lower = word.casefold()
        if found := _TO.fullmatch(lower):
            folded += (found[1], "to", found[2])
        elif lower != "the" or len(words) == 1:
            folded.append(lower)
    return tuple(folded)


def singulars(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words as they are spelt → their singulars, in lower case. `CNNs` is one more of `CNN`, `SARS` is no more of `SAR`."""
    return tuple(_singular(word) for word in words)


def _singular(word: str) -> str:
    if len(word) > 2 and word.endswith("s") and word[:-1].isupper():
        return word[:-1].casefold()
    if word.isupper() and len(word) < 7:
        return word.casefold()
    return singular(word.casefold())


def americans(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(american(word) for word in words)


def join(words: tuple[str, ...]) -> str:
    """Words as one: `multi modal` is `multimodal`; two numbers stay two."""
    text = ""
    for word in words:
        text += f" {word}" if text[-1:].isdigit() and word[:1].isdigit() else word
    return text


def has_cjk(name: str) -> bool:
    return not name.isascii() and bool(_CJK.search(name))


def meaning(name: str) -> str:
    """What expansions of one acronym have in common: their words in American singulars, joined, less stop words."""
    words = americans(singulars(tuple(word for word in split(name) if word.casefold() not in STOP_WORDS)))
    return join(words)
