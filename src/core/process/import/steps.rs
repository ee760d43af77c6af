//! What looks like a step: headings of procedures, and sentences that tell somebody to do something.

use super::piece::has;

/// What headings of procedures say.
const PROCEDURES: [&str; 57] = [
    "steps",
    "step",
    "checklist",
    "process",
    "procedure",
    "cutting",
    "cut",
    "release",
    "releasing",
    "prepare",
    "preparing",
    "preparation",
    "publish",
    "publishing",
    "tag",
    "tagging",
    "branch",
    "branching",
    "post-release",
    "pre-release",
    "before",
    "after",
    "how",
    "instructions",
    "instruction",
    "tasks",
    "todo",
    "announce",
    "announcing",
    "announcement",
    "deploy",
    "deployment",
    "rollback",
    "hotfix",
    "workflow",
    "guide",
    "create",
    "creating",
    "making",
    "make",
    "finalize",
    "finalizing",
    "verify",
    "testing",
    "backport",
    "backporting",
    "cherry-pick",
    "cherry-picking",
    "步骤",
    "流程",
    "清单",
    "发布",
    "发版",
    "准备",
    "检查",
    "回滚",
    "部署",
];
/// Headings that are of steps, whatever else they say.
const STEPS: [&str; 12] = [
    "steps",
    "step",
    "checklist",
    "procedure",
    "how",
    "instructions",
    "tasks",
    "todo",
    "步骤",
    "清单",
    "操作",
    "如何",
];
/// Headings that describe, even where they name what is done.
const STATES: [&str; 27] = [
    "convention",
    "conventions",
    "naming",
    "criteria",
    "schedule",
    "lifecycle",
    "team",
    "roles",
    "role",
    "policy",
    "versioning",
    "support",
    "schema",
    "overview",
    "notes",
    "strategy",
    "calendar",
    "faq",
    "requirements",
    "responsibilities",
    "members",
    "contact",
    "scope",
    "artifacts",
    "definitions",
    "cadence",
    "timeline",
];
/// Verbs that are nouns as well: steps begin with them only before one of [`AFTER`].
const NOUNS: &str = "release branch test build file log label tag pick block record set sign start back fix cut export mark post \
    change request update monitor deploy commit draft do if once";
const AFTER: [&str; 16] = [
    "the", "a", "an", "all", "any", "and", "new", "it", "each", "every", "to", "out", "up", "on", "this",
    "your",
];
/// Verbs that steps begin with.
const VERBS: &str = "add announce approve apply archive ask assign back backport begin block branch bring build bump \
    change check checkout cherry-pick choose clean click clone close collect commit complete communicate \
    confirm contact copy coordinate create cut decide delete deploy determine do download draft edit \
    enable ensure execute export fetch file fill find finalize fix follow freeze generate get git go \
    identify if inform install label land let log make mark merge monitor move navigate notify once open \
    ping pick post prepare promote publish pull push rebase record release remove replace request \
    resolve revert review run schedule select send set sign start submit switch tag test trigger tweet \
    update upload validate verify wait write";
const CHINESE_VERBS: [&str; 26] = [
    "创建", "更新", "发布", "运行", "检查", "确认", "合并", "推送", "通知", "打", "编写", "测试", "构建",
    "验证", "准备", "修改", "执行", "提交", "关闭", "上传", "拉取", "切", "部署", "备份", "公告", "生成",
];

/// Whether a heading is that of a procedure.
pub(super) fn procedure(title: &str) -> bool {
    has(title, &STEPS) || (has(title, &PROCEDURES) && !has(title, &STATES))
}

/// Whether a text begins with the verb of a step.
pub(super) fn imperative(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let mut words =
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).map(str::to_ascii_lowercase);
    let (first, second) =
        (words.next().unwrap_or_default(), words.find(|word| !word.is_empty()).unwrap_or_default());
    if NOUNS.split(' ').any(|noun| noun == first) {
        // "Tag the commit" is a step, "tag names" are none.
        return AFTER.contains(&second.as_str());
    }
    VERBS.split(' ').any(|verb| verb == first) || CHINESE_VERBS.iter().any(|verb| text.starts_with(verb))
}

/// Whether a heading has a number in front: `1. Build`, `Step 2: Tag`, `第一步`.
pub(super) fn numbered(title: &str) -> bool {
    let title = title.trim();
    let rest = title.strip_prefix("Step ").or_else(|| title.strip_prefix("step ")).unwrap_or(title);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = rest.get(digits..).unwrap_or_default();
    let counted = (1..=2).contains(&digits) && after.starts_with(['.', ')', ':', '、', '：', ' ', '-']);
    let version = after.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    (counted && !version) || (title.starts_with('第') && title.contains('步'))
}
