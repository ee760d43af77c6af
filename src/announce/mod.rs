//! The door to people: webhooks, mail and the clipboard.
