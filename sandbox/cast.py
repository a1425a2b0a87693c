"""The cast, known to every test and to the sandbox: named people of one small retail company, and an outsider."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CastMember:
    """`platforms`: where the person has an account; the DingTalk id is `dt-…`, the WeCom id `Wx…` (its case matters
    to nobody). `home` is the preferred channel.
    """

    number: str
    name: str
    department: str
    position: str
    grade: str
    manager: str
    region: str
    store: str
    dingtalk_id: str
    wecom_id: str
    home: str
    store_type: str = ""
    joined: str = "2023-03-01"


CAST = (
    CastMember("E0001", "陈总", "总部", "总经理", "M5", "", "", "", "dt-chen", "WxChen", "钉钉"),
    CastMember(
        "E0002", "林晓", "总部/人力资源部", "HR经理", "M3", "E0001", "", "", "dt-lin", "WxLin", "企业微信"
    ),
    CastMember(
        "E0003", "周敏", "总部/华东区", "区域经理", "M4", "E0001", "华东", "", "dt-zhou", "WxZhou", "钉钉"
    ),
    CastMember(
        "E0101",
        "王店",
        "总部/华东区/西湖店",
        "店长",
        "M2",
        "E0003",
        "华东",
        "西湖店",
        "dt-wang",
        "WxWang",
        "钉钉",
        "社区店",
    ),
    CastMember(
        "E0102",
        "李四",
        "总部/华东区/西湖店",
        "生鲜主管",
        "P3",
        "E0101",
        "华东",
        "西湖店",
        "dt-li",
        "WxLi",
        "钉钉",
        "社区店",
    ),
    CastMember(
        "E0103",
        "张三",
        "总部/华东区/西湖店",
        "收银员",
        "P1",
        "E0101",
        "华东",
        "西湖店",
        "dt-zhang",
        "WxZhang",
        "企业微信",
        "社区店",
    ),
    CastMember(
        "E0201",
        "赵店",
        "总部/华东区/滨江店",
        "店长",
        "M2",
        "E0003",
        "华东",
        "滨江店",
        "dt-zhao",
        "WxZhao",
        "企业微信",
        "商圈店",
    ),
    CastMember(
        "E0202",
        "吴越",
        "总部/华东区/滨江店",
        "销售顾问",
        "P2",
        "E0201",
        "华东",
        "滨江店",
        "",
        "WxWu",
        "企业微信",
        "商圈店",
    ),
    CastMember(
        "E0203",
        "张三",
        "总部/华东区/滨江店",
        "理货员",
        "P1",
        "E0201",
        "华东",
        "滨江店",
        "dt-zhang2",
        "",
        "钉钉",
        "商圈店",
    ),
)
"""Two people are called 张三, in two stores. 李四 and the managers are on both platforms."""

OUTSIDER_DINGTALK = "dt-stranger"
OUTSIDER_WECOM = "WxStranger"
"""Accounts that no staff file knows: they must see nothing."""

GROUP_DINGTALK = ("cidXiHuDian==", "西湖店工作群")
GROUP_WECOM = ("wrBinJiangDian", "滨江店工作群")
