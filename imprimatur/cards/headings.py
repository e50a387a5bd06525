"""Which heading of a model card states what: names that authors give to sections, in English and Chinese.

A heading counts when it is one of these names, or several of them joined ("Bias, Risks, and Limitations"). A heading
that merely contains a name doesn't: its section may say something else.
"""

import re

NAMES = {
    "description": "description, model description, model summary, overview, introduction, summary, about",
    "model_details": "model details, details, model information",
    "intended_use": "intended use, intended uses, uses, use, model use, use cases, direct use, downstream use, "
    "primary intended use, primary intended uses, primary use cases, primary uses, evaluated use, secondary uses, "
    "intended use cases, intended usage, usage scenarios, applications",
    "intended_users": "intended users, primary intended users, users, target audience",
    "out_of_scope_use": "out-of-scope use, out-of-scope uses, out-of-scope use cases, out of scope use, out of scope, "
    "out of scope uses, out of scope use cases, out-of-scope, misuse, malicious use, prohibited uses, prohibited use, "
    "restricted uses, unintended use, unintended uses, use restrictions",
    "limitations": "limitations, limitation, known limitations, technical limitations, caveats, known issues",
    "recommendations": "recommendations, recommendation",
    "bias": "bias, biases, fairness, known biases, social bias, bias evaluation",
    "risks": "risks, risk, known risks, potential risks, harms, potential harms, broader implications, broader impact, "
    "broader impacts, social impact, societal impact",
    "safety": "safety, safety evaluation, safety evaluations, red teaming, responsible ai, safety and security, "
    "responsible ai considerations",
    "ethics": "ethics, ethical considerations, ethical consideration, ethics statement",
    "privacy": "privacy, personal data, sensitive data, data privacy",
    "training_data": "training data, training dataset, training datasets, training data sources, pretraining data, "
    "pre-training data, fine-tuning data, finetuning data, data, dataset, datasets, data overview, data sources",
    "preprocessing": "preprocessing, pre-processing, data preprocessing, data processing, data cleaning",
    "annotation": "annotations, annotation, annotation process, data annotation",
    "training_procedure": "training, training procedure, training details, training process, training method, "
    "how the model was trained, fine-tuning procedure",
    "evaluation": "evaluation, evaluations, evaluation results, results, performance, benchmarks, benchmark results, "
    "quantitative analyses, quantitative analysis, metrics, performance metrics",
    "evaluation_data": "evaluation data, testing data, test data, evaluation dataset, evaluation datasets",
    "factors": "factors, relevant factors, evaluation factors, subgroups",
    "environment": "environmental impact, carbon footprint, co2 emissions, carbon emissions, energy consumption",
    "hardware": "compute infrastructure, hardware, compute, training hardware, training compute",
    "compression": "quantization, quantisation, compression, pruning",
    "explainability": "model examination, interpretability, explainability",
    "licence_terms": "license, licence, licensing, license agreement, terms of use, terms",
    "changes": "changelog, changes, release notes, news, updates, what's new",
    "contact": "contact, contact us, model card contact, feedback, support, "
    "where to send questions or comments about the model",
    "authors": "authors, model card authors, author, contributors, model developers, developers",
}  # fmt: skip

CHINESE_NAMES = {
    "description": "简介 模型简介 介绍 模型介绍 概述 模型概述 描述 模型描述 模型说明",
    "model_details": "模型详情 模型信息 模型细节 基本信息",
    "intended_use": "预期用途 预期用法 用途 适用范围 使用场景 应用场景 适用场景 使用范围 直接用途 下游用途 主要用途",
    "intended_users": "预期用户 目标用户 使用者 预期使用者",
    "out_of_scope_use": "超出范围的用途 范围外用途 不适用场景 不适用范围 禁止用途 禁用场景 滥用 误用 使用限制 限制用途",
    "limitations": "局限 局限性 模型局限 模型局限性 限制 不足 不足之处 已知问题 缺陷",
    "recommendations": "建议 使用建议",
    "bias": "偏见 偏差 公平性 公平 社会偏见",
    "risks": "风险 已知风险 潜在风险 社会影响",
    "safety": "安全 安全性 安全评估 安全测试 红队测试 安全对齐",
    "ethics": "伦理 伦理考量 伦理考虑 伦理问题 伦理声明 道德考量",
    "privacy": "隐私 个人信息 数据隐私 隐私保护 敏感信息",
    "training_data": "训练数据 训练数据集 数据 数据集 数据来源 预训练数据 微调数据 训练语料 语料",
    "preprocessing": "数据处理 数据预处理 预处理 数据清洗 数据过滤",
    "annotation": "标注 数据标注 标注过程",
    "training_procedure": "训练 训练过程 训练方法 训练流程 训练细节 模型训练",
    "evaluation": "评测 评测表现 评测结果 评估 评估结果 性能 模型性能 实验结果 基准测试 指标 评价指标",
    "evaluation_data": "测试数据 评测数据 评估数据 评测数据集",
    "factors": "影响因素 因素",
    "environment": "环境影响 碳排放 能耗 能源消耗 碳足迹",
    "hardware": "算力 训练算力 硬件 训练硬件 计算资源 基础设施",
    "compression": "量化 模型量化 压缩 剪枝 模型压缩",
    "explainability": "可解释性 模型解释 解释性 可解释",
    "licence_terms": "许可 许可证 许可协议 使用协议 开源协议 协议 授权 使用条款",
    "changes": "更新 更新日志 变更 变更记录 新闻 版本历史 发布说明 更新记录",
    "contact": "联系 联系我们 联系方式 反馈",
    "authors": "作者 开发者 贡献者",
}

LABELS = {
    "authors": "developed by, model developers, developers, 开发者, 研发单位",
    "license": "license, licence, 许可证, 许可协议, 开源协议",
    "language": "language(s) (nlp), language(s), languages, language, 语言, 支持语言",
    "base_model": "finetuned from model, fine-tuned from model, finetuned from, base model, 基础模型, 基座模型",
    "model_type": "model type, architecture, model architecture, 模型类型, 模型架构",
    "carbon_emitted": "carbon emitted, 碳排放量",
    "hardware_type": "hardware type, 硬件类型",
    "hours_used": "hours used, 使用时长",
}

_FIELD_OF = {name: field for field, names in NAMES.items() for name in names.split(", ")} | {
    name: field for field, names in CHINESE_NAMES.items() for name in names.split()
}
_LABEL_OF = {name: field for field, names in LABELS.items() for name in names.split(", ")}
_NUMBERING = re.compile(
    r"(?:\d+(?:\.\d+)*\.?|[ivx]+\.|[一二三四五六七八九十]+、|第[一二三四五六七八九十]+[章节])\s*"
)
_DECORATION = re.compile(r"[*_`~]|\[optional\]|<[^<>]*>|\{#[^{}]*\}|\[([^\[\]]*)\]\([^()]*\)")
_JOINS = re.compile(r"(?:, ?and |, ?or |,|&|/| and | or |、|，|与|和|及其|及)")
_OF_THE_MODEL = ("the model's ", "the model’s ", "this model's ", "model ", "the ", "模型的")
LONGEST_TITLE = 200


def fields_of(title: str) -> tuple[str, ...]:
    """Return what the section under this heading states, in the order of the heading; nothing when it isn't known."""
    plain = _plain(title)
    if field := _field(plain):
        return (field,)
    found = [_field(part.strip()) for part in _JOINS.split(plain) if part.strip()]
    return tuple(dict.fromkeys(found)) if all(found) else ()


def field_of_label(label: str) -> str:
    """Return what a line such as "**Developed by:** …" states, nothing when its label isn't known."""
    return _LABEL_OF.get(_plain(label), "")


def _plain(title: str) -> str:
    """Return the words of a heading in lower case, without numbering, emphasis, pictures and closing marks."""
    if len(title) > LONGEST_TITLE:
        return ""
    text = _DECORATION.sub(lambda match: match[1] or "", title).strip().lower()
    at = next((at for at, sign in enumerate(text) if sign.isalnum()), len(text))
    text = text[at:]
    if numbering := _NUMBERING.match(text):
        text = text[numbering.end() :]
    return text.strip(" \t:：.。!！?？")


def _field(words: str) -> str:
    if field := _FIELD_OF.get(words):
        return field
    start = next((start for start in _OF_THE_MODEL if words.startswith(start)), "")
    return _FIELD_OF.get(words.removeprefix(start), "") if start else ""
