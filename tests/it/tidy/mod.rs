//! The rules of the house as tests.
mod files;
mod keys;
mod rooms;
mod source;
