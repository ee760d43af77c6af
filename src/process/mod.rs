//! A release process as data.
