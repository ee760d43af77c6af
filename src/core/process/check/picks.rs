//! What decisions about picks become on the forge: nothing that undoes itself, nothing that is empty.

use super::List;

/// Labels that one decision both adds and removes, labels and comments without a text, questions that ask nothing.
pub(super) fn decisions(list: &mut List<'_>) {
    let p = list.process;
    for (name, news) in p.picks.publish.each() {
        let path = format!("picks.publish.{name}");
        for (at, label) in news.remove_labels.iter().enumerate() {
            if news.add_labels.contains(label) {
                let message = format!("{path} both adds and removes the label {label:?}");
                list.error(&format!("{path}.remove_labels[{at}]"), message, "keep it in one of the two");
            }
        }
        for (key, labels) in [("add_labels", &news.add_labels), ("remove_labels", &news.remove_labels)] {
            for (at, label) in labels.iter().enumerate().filter(|(_, label)| label.trim().is_empty()) {
                let message = format!("{path}.{key} holds the empty label {label:?}");
                list.error(&format!("{path}.{key}[{at}]"), message, "name a label, or take it out");
            }
        }
        if news.comment.as_ref().is_some_and(|comment| comment.trim().is_empty()) {
            let hint = "write what is to be said, or leave the key out";
            list.error(&format!("{path}.comment"), format!("{path}.comment says nothing"), hint);
        }
    }
    for (at, question) in p.picks.questions.iter().enumerate().filter(|(_, it)| it.trim().is_empty()) {
        let message = format!("picks.questions holds the empty question {question:?}");
        list.error(&format!("picks.questions[{at}]"), message, "ask something, or take it out");
    }
}
